import type {Declaration, DesiredStatus, LiveStatus, SourceLocation} from './campaign.ts';
import {claimed} from './declarations.ts';
import type {Pair} from './diff.ts';
import {judge, type Verdict} from './judge.ts';
import {type Context, wordsOf} from './reasons.ts';
import {wantedAt} from './wanted.ts';
import type {CampaignWindow} from './window.ts';

/** What is found about one campaign: everything that a plan, a report or a metric needs. */
export interface Finding extends Verdict {
  readonly workspace: string;
  readonly campaignId: string;
  /** The name in Git, or the platform's where Git has none. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What Git wants now: while its timetable is closed that is `paused`. */
  readonly desired?: DesiredStatus;
  readonly live?: LiveStatus;
  /** A sentence for a person. */
  readonly reason: string;
  /** Why an action is due, without what came of the last one. */
  readonly why?: string;
  readonly liveUpdatedBy?: string;
  readonly liveUpdatedAt?: number;
  /** Whether Rollcall made that change itself, before it was started anew, nobody can tell. */
  readonly perhapsOwn?: true;
  /** Since when it differs from Git as it does now, where a running controller knows. Epoch milliseconds. */
  readonly differsSince?: number;
  /** When it runs and may dial, where a Get has shown it. */
  readonly window?: CampaignWindow;
  readonly declaration?: Declaration;
  readonly source?: SourceLocation;
}

/** @param desiredOf what is said to be wanted by a declaration */
const identity = (
  {campaignId, claim, observation}: Pair,
  context: Context,
  desiredOf: (declaration: Declaration) => DesiredStatus,
) => {
  const live = observation?.kind === 'seen' ? observation.campaign : undefined;
  const declaration = claim?.kind === 'valid' ? claim.declaration : undefined;
  const source = claim && claimed(claim).source;
  return {
    workspace: context.workspace,
    campaignId,
    name: (claim && claimed(claim).name) ?? live?.name ?? campaignId,
    labels: declaration?.labels ?? {},
    ...(declaration && {declaration, desired: desiredOf(declaration)}),
    ...(source && {source}),
    ...(live && {live: live.status, liveUpdatedAt: live.updatedAt}),
    ...(live?.updatedBy !== undefined && {liveUpdatedBy: live.updatedBy}),
    ...(live && context.past.perhapsOwn && {perhapsOwn: true as const}),
    ...(live?.window && {window: live.window}),
  };
};

/** What is to be said of one pair, of which a verdict was reached. */
export const findingOf = (pair: Pair, verdict: Verdict, context: Context): Finding => {
  const {claim} = pair;
  const said = claim?.kind === 'valid' ? claim.declaration.reason : undefined;
  const withReason = (text: string): string =>
    said === undefined || verdict.state === 'unknown' ? text : `${text} — ${said}`;
  const {reason, why} = wordsOf(pair, verdict, context);
  return {
    ...identity(pair, context, declaration => wantedAt(declaration, context).desired),
    ...verdict,
    reason: withReason(reason),
    ...(why !== undefined && {why: withReason(why)}),
  };
};

/**
 * Assesses one pair. Undefined for a campaign that Git does not declare and that is over, or gone: there is
 * nothing to say of it.
 */
export const find = (pair: Pair, context: Context): Finding | undefined => {
  const verdict = judge(pair, context);
  return verdict && findingOf(pair, verdict, context);
};

/** Stands for a campaign of which nothing could be found out, by a fault of the program's own. Nothing is done about it. */
export const unassessable = (pair: Pair, context: Context, error: string): Finding => ({
  ...identity(pair, context, ({desired}) => desired),
  mode: context.mode,
  steps: [],
  state: 'unknown',
  reason: `it could not be assessed, by an unexpected error: ${error}`,
});
