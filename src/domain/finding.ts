import {type Cause, causeOf, type Past, type Relation, relate} from './assess.ts';
import type {
  Declaration,
  DesiredStatus,
  Hold,
  LiveCampaign,
  LiveStatus,
  Mode,
  SourceLocation,
} from './campaign.ts';
import {type Claim, claimed} from './declarations.ts';
import type {Pair} from './diff.ts';
import type {Outcome} from './outcome.ts';
import {rfc3339} from './time.ts';
import {type Action, isTerminal} from './transitions.ts';
import type {CampaignWindow} from './window.ts';

/** The state of a campaign, as reports and metrics name it. */
export const CAMPAIGN_STATES = [
  'satisfied',
  'awaiting',
  'pending',
  'drifted',
  'completed',
  'terminal',
  'held',
  'invalid',
  'missing',
  'unmanaged',
  'unrecognised',
  'failed',
  'unknown',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** What is found about one campaign: everything that a plan, a report or a metric needs. */
export interface Finding {
  readonly workspace: string;
  readonly campaignId: string;
  /** The name in Git, or the platform's where Git has none. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly desired?: DesiredStatus;
  readonly live?: LiveStatus;
  readonly state: CampaignState;
  /** A sentence for a person. */
  readonly reason: string;
  /** Why an action is due, without what came of the last one. */
  readonly why?: string;
  readonly steps: readonly Action[];
  /** Set where live differs from Git in a way that an action could mend. */
  readonly cause?: Cause;
  /** The mode in force; `detect` never acts. */
  readonly mode: Mode;
  /** Epoch milliseconds before which nothing is tried again. */
  readonly retryAt?: number;
  readonly liveUpdatedBy?: string;
  readonly liveUpdatedAt?: number;
  /** When it runs and may dial, where a Get has shown it. */
  readonly window?: CampaignWindow;
  readonly declaration?: Declaration;
  readonly source?: SourceLocation;
}

/** What one workspace knows besides the pair itself. */
export interface Context {
  readonly workspace: string;
  readonly mode: Mode;
  readonly now: number;
  readonly past: Past;
  /** The last outcome, where it keeps the campaign waiting. */
  readonly trouble?: Extract<Outcome, {retryAt: number}>;
  /** What kept the workspace as a whole from being read, where something did. */
  readonly unread?: string;
  /** The workspace has yet to be read whole since the revision came: until then nothing is resumed. */
  readonly resumesWait?: true;
}

/** A status as a word, whether it is known or not. */
export const statusWord = (status: LiveStatus): string =>
  'known' in status ? status.known : status.unrecognised;

/** Who changed a campaign and when, as far as the platform says. */
export const changedBy = (live: LiveCampaign): string =>
  `${live.updatedBy ?? 'somebody unnamed'} at ${rfc3339(live.updatedAt)}`;

type Verdict = Pick<Finding, 'state' | 'reason'> &
  Partial<Pick<Finding, 'steps' | 'cause' | 'retryAt' | 'why'>>;

/** Why a campaign is held, and until when. */
export const holdText = ({reason, until}: Hold): string =>
  until === undefined ? reason : `${reason} (until ${rfc3339(until)})`;

const heldUntil = ({hold}: Declaration, now: number): string | undefined =>
  !hold || (hold.until !== undefined && hold.until <= now) ? undefined : holdText(hold);

const whyItDiffers = (declaration: Declaration, live: LiveCampaign, cause: Cause): string =>
  cause === 'drifted'
    ? `drifted from ${declaration.desired} to ${statusWord(live.status)}, changed by ${changedBy(live)}`
    : `Git asks for ${declaration.desired}`;

const WAITS_FOR_READING =
  '; waits until every campaign of the workspace has been read since the revision came, so that pauses go first';

const act = (
  declaration: Declaration,
  live: LiveCampaign,
  steps: readonly Action[],
  context: Context,
): Verdict => {
  const cause = causeOf(declaration.desired, live.updatedAt, context.past);
  const why = whyItDiffers(declaration, live, cause);
  const held = heldUntil(declaration, context.now);
  if (held !== undefined) return {state: 'held', reason: `${why}; held: ${held}`, why, steps, cause};
  const {trouble} = context;
  const detects = (declaration.mode ?? context.mode) === 'detect';
  if (trouble && !detects) {
    const reason = `${why}; ${trouble.action} ${trouble.kind}: ${trouble.message}`;
    return {state: 'failed', reason, why, steps, cause, retryAt: trouble.retryAt};
  }
  const waits = context.resumesWait && steps[0] === 'resume' && !detects;
  const rest = detects ? '; detect only' : waits ? WAITS_FOR_READING : '';
  return {state: cause, reason: why + rest, why, steps, cause};
};

const refused = (declaration: Declaration, live: LiveCampaign, why: 'completed' | 'terminal'): Verdict =>
  why === 'completed'
    ? {
        state: 'completed',
        reason: `ran its course at ${rfc3339(live.updatedAt)}; the declaration can be retired`,
      }
    : {
        state: 'terminal',
        reason: `Git asks for ${declaration.desired}, but nothing leaves ${statusWord(live.status)}; changed by ${changedBy(live)}`,
      };

const byRelation = (
  declaration: Declaration,
  live: LiveCampaign,
  relation: Relation,
  context: Context,
): Verdict => {
  switch (relation.kind) {
    case 'satisfied':
      return {state: 'satisfied', reason: `live is ${statusWord(live.status)}, as Git wants it`};
    case 'awaiting':
      return {
        state: 'awaiting',
        reason:
          relation.transition === 'activate'
            ? 'becomes active when its window opens'
            : 'ends by itself, when its end passes or every contact has been dialled',
      };
    case 'act':
      return act(declaration, live, relation.steps, context);
    case 'refused':
      return refused(declaration, live, relation.why);
  }
};

const declared = (claim: Claim, pair: Pair, context: Context): Verdict => {
  if (claim.kind === 'invalid') return {state: 'invalid', reason: `left as it is: ${claim.problem}`};
  const {observation} = pair;
  if (!observation)
    return {state: 'unknown', reason: context.unread ?? 'its live status has not been read yet'};
  if (observation.kind === 'unreadable') return {state: 'unknown', reason: observation.problem};
  if (observation.kind === 'missing') {
    return {state: 'missing', reason: 'the platform knows no campaign of this id in this workspace'};
  }
  const {status} = observation.campaign;
  if ('unrecognised' in status) {
    return {
      state: 'unrecognised',
      reason: `the platform says ${JSON.stringify(status.unrecognised)}, which Rollcall does not know and never acts on`,
    };
  }
  return byRelation(
    claim.declaration,
    observation.campaign,
    relate(claim.declaration.desired, status.known),
    context,
  );
};

const identity = ({campaignId, claim, observation}: Pair, context: Context) => {
  const live = observation?.kind === 'seen' ? observation.campaign : undefined;
  const declaration = claim?.kind === 'valid' ? claim.declaration : undefined;
  const source = claim && claimed(claim).source;
  return {
    workspace: context.workspace,
    campaignId,
    name: (claim && claimed(claim).name) ?? live?.name ?? campaignId,
    labels: declaration?.labels ?? {},
    mode: declaration?.mode ?? context.mode,
    ...(declaration && {declaration, desired: declaration.desired}),
    ...(source && {source}),
    ...(live && {live: live.status, liveUpdatedAt: live.updatedAt}),
    ...(live?.updatedBy !== undefined && {liveUpdatedBy: live.updatedBy}),
    ...(live?.window && {window: live.window}),
  };
};

/** True where an undeclared campaign is worth a person's look: it may still call somebody. */
const stillRuns = ({observation}: Pair): boolean =>
  observation?.kind === 'seen' &&
  !('known' in observation.campaign.status && isTerminal(observation.campaign.status.known));

/**
 * Assesses one pair. Undefined for a campaign that Git does not declare and that is over, or gone: there is
 * nothing to say of it.
 */
export const find = (pair: Pair, context: Context): Finding | undefined => {
  const {claim} = pair;
  if (!claim && !stillRuns(pair)) return undefined;
  const verdict: Verdict = claim
    ? declared(claim, pair, context)
    : {state: 'unmanaged', reason: 'no file declares it; left as it is'};
  const said = claim?.kind === 'valid' ? claim.declaration.reason : undefined;
  const withReason = (text: string): string =>
    said === undefined || verdict.state === 'unknown' ? text : `${text} — ${said}`;
  const {why} = verdict;
  return {
    ...identity(pair, context),
    steps: [],
    ...verdict,
    reason: withReason(verdict.reason),
    ...(why !== undefined && {why: withReason(why)}),
  };
};

/** Stands for a campaign of which nothing could be found out, by a fault of the program's own. Nothing is done about it. */
export const unassessable = (pair: Pair, context: Context, error: string): Finding => ({
  ...identity(pair, context),
  steps: [],
  state: 'unknown',
  reason: `it could not be assessed, by an unexpected error: ${error}`,
});
