import type {Cause} from './assess.ts';
import type {CampaignKey, Declaration, DesiredStatus, SourceLocation} from './campaign.ts';
import {campaignKey} from './campaign.ts';
import {compareText, type Diagnostic} from './diagnostic.ts';
import {type CampaignState, type Finding, statusWord} from './finding.ts';
import {
  alreadyEnded,
  becomesManaged,
  becomesUnmanaged,
  consequences,
  impossible,
  instead,
  type Note,
  standstill,
} from './notes.ts';
import {ACTIONS, type Action} from './transitions.ts';

/**
 * What a revision does to one campaign: it acts; it acts later, by itself, when a hold ends; it does nothing; or
 * it asks for what can never come true.
 */
export type Effect = 'act' | 'later' | 'none' | 'error';

/** What a revision means for one campaign. Times are ISO 8601. */
export interface ProposedChange {
  readonly workspace: string;
  readonly campaignId: string;
  readonly name: string;
  readonly source: SourceLocation | null;
  readonly desired: DesiredStatus | null;
  /** The status as the platform gave it. */
  readonly live: string | null;
  readonly liveUpdatedBy: string | null;
  readonly liveUpdatedAt: string | null;
  readonly state: CampaignState;
  readonly effect: Effect;
  /** What would be sent; empty unless `effect` is `act` or `later`. */
  readonly steps: readonly Action[];
  readonly cause: Cause | null;
  /** A sentence for a person: why it differs, or why not. */
  readonly reason: string;
  /** What the declaration itself gives as its reason. */
  readonly declaredReason: string | null;
  readonly notes: readonly Note[];
}

/** What a revision does, parted into what it brings and what would happen without it all the same. */
export interface Proposal {
  readonly changes: readonly ProposedChange[];
  readonly anyway: readonly ProposedChange[];
  /** Campaigns that ran their course: their files can be retired. */
  readonly completed: number;
  /** Campaigns that the revision declares. */
  readonly declared: number;
  /** Live campaigns that are not over, and that it does not declare. */
  readonly unmanaged: number;
}

/** Counts of a proposal, for a headline and for machines. */
export interface ProposalSummary {
  /** Campaigns that would be acted on, now or later, by action. */
  readonly pause: number;
  readonly cancel: number;
  readonly resume: number;
  /** Actions that cannot be undone: the cancels. */
  readonly irreversible: number;
  /** Campaigns that would be acted on only when their hold ends. */
  readonly later: number;
  /** Campaigns that this change declares otherwise, and that need no action. */
  readonly noAction: number;
  readonly errors: number;
  /** What would happen without this change too: campaigns that would be acted on. */
  readonly anyway: number;
  /** Campaigns that differ and to which nothing is sent: held, or only to be reported. */
  readonly stuck: number;
  readonly completed: number;
  readonly declared: number;
  readonly unmanaged: number;
}

/** States in which live is not what Git wants, and no action mends it. */
const STUCK: ReadonlySet<CampaignState> = new Set(['held', 'pending', 'drifted', 'unrecognised', 'unknown']);

const iso = (time: number): string => new Date(time).toISOString();

/** When Rollcall would act by itself (epoch milliseconds): now, or when a hold ends; undefined where it would not. */
export const actsAt = ({declaration, mode, state, steps}: Finding, now: number): number | undefined => {
  if (mode !== 'enforce' || steps.length === 0) return undefined;
  if (state === 'pending' || state === 'drifted') return now;
  return state === 'held' ? declaration?.hold?.until : undefined;
};

const effectOf = (finding: Finding, now: number): Effect => {
  if (impossible(finding, now)) return 'error';
  const time = actsAt(finding, now);
  if (time === undefined) return 'none';
  return time > now ? 'later' : 'act';
};

const stepsOf = (finding: Finding | undefined, now: number): readonly Action[] => {
  if (!isDeclared(finding)) return [];
  const effect = effectOf(finding, now);
  return effect === 'act' || effect === 'later' ? finding.steps : [];
};

const isDeclared = (finding: Finding | undefined): finding is Finding => finding?.source !== undefined;

/** All that comes of a declaration, now and later. */
const outcomeOf = (finding: Finding | undefined, now: number): string =>
  isDeclared(finding)
    ? JSON.stringify([
        finding.desired,
        finding.state === 'drifted' ? 'pending' : finding.state,
        finding.mode,
        finding.declaration?.hold,
        effectOf(finding, now),
        finding.steps,
      ])
    : 'undeclared';

const withoutPlace = (declaration: Declaration | undefined): string =>
  JSON.stringify({...declaration, source: undefined});

const byKey = (findings: readonly Finding[]): Map<CampaignKey, Finding> =>
  new Map(findings.map(finding => [campaignKey(finding.workspace, finding.campaignId), finding]));

const ACTION_ORDER: readonly Action[] = ['cancel', ...ACTIONS.filter(action => action !== 'cancel')];

/** What cannot come true first, then what cannot be undone, then the other actions, then the rest. */
const rank = ({effect, steps: [step]}: ProposedChange): number => {
  if (effect === 'error') return -1;
  return step === undefined ? ACTION_ORDER.length : ACTION_ORDER.indexOf(step);
};

const forReading = (a: ProposedChange, b: ProposedChange): number =>
  rank(a) - rank(b) || compareText(a.workspace, b.workspace) || compareText(a.name, b.name);

const toChange = (
  finding: Finding,
  effect: Effect,
  steps: readonly Action[],
  notes: readonly Note[],
): ProposedChange => ({
  workspace: finding.workspace,
  campaignId: finding.campaignId,
  name: finding.name,
  source: finding.source ?? null,
  desired: finding.desired ?? null,
  live: finding.live ? statusWord(finding.live) : null,
  liveUpdatedBy: finding.liveUpdatedBy ?? null,
  liveUpdatedAt: finding.liveUpdatedAt === undefined ? null : iso(finding.liveUpdatedAt),
  state: finding.state,
  effect,
  steps,
  cause: finding.cause ?? null,
  reason: finding.why ?? finding.reason,
  declaredReason: finding.declaration?.reason ?? null,
  notes,
});

/** The campaign as it is once its file is gone: what was known of it, without what Git wanted. */
const undeclared = (before: Finding): Finding => {
  const {cause: _cause, declaration: _declaration, desired: _desired, why: _why, ...rest} = before;
  return {...rest, state: 'unmanaged', steps: [], reason: 'no file declares it; left as it is'};
};

interface Sides {
  readonly after: Finding | undefined;
  readonly before: Finding | undefined;
  readonly compared: boolean;
  readonly now: number;
}

const removed = (before: Finding, now: number): ProposedChange => {
  const live = before.live && statusWord(before.live);
  const notes = [becomesUnmanaged(live), ...instead(stepsOf(before, now))];
  return toChange(undeclared(before), 'none', [], notes);
};

/** What is said of a campaign besides what its steps mean: why none are sent, and what changed about it. */
const remarks = (after: Finding, steps: readonly Action[], {before, compared, now}: Sides): Note[] => {
  const stepsBefore = stepsOf(before, now);
  return [
    ...standstill(after),
    ...(compared && !isDeclared(before) ? [becomesManaged()] : []),
    ...(stepsBefore.join() === steps.join() ? [] : instead(stepsBefore)),
  ];
};

const declared = (after: Finding, sides: Sides): ProposedChange => {
  const {now} = sides;
  const fault = impossible(after, now) ?? (after.state === 'completed' ? alreadyEnded(after) : undefined);
  if (fault) return toChange(after, 'error', [], [fault, ...remarks(after, [], sides)]);
  const steps = stepsOf(after, now);
  const means = steps.length > 0 ? consequences(after, actsAt(after, now) ?? now) : [];
  return toChange(after, effectOf(after, now), steps, [...means, ...remarks(after, steps, sides)]);
};

type Placed = {readonly in: 'changes' | 'anyway'; readonly change: ProposedChange};

const place = (sides: Sides): Placed | undefined => {
  const {after, before, compared, now} = sides;
  if (!isDeclared(after)) {
    return isDeclared(before) && before.state !== 'invalid'
      ? {in: 'changes', change: removed(before, now)}
      : undefined;
  }
  if (after.state === 'invalid') return undefined;
  const differs = effectOf(after, now) !== 'none' || STUCK.has(after.state);
  if (!compared) return differs ? {in: 'changes', change: declared(after, sides)} : undefined;
  const brings = outcomeOf(after, now) !== outcomeOf(before, now);
  if (differs && !brings) {
    return {in: 'anyway', change: declared(after, {...sides, before: after})};
  }
  const touched = withoutPlace(after.declaration) !== withoutPlace(before?.declaration);
  return differs || (touched && (brings || after.state !== 'completed'))
    ? {in: 'changes', change: declared(after, sides)}
    : undefined;
};

/**
 * Compares what a revision would do with what its base would do, over one reading of the live campaigns. What
 * both would do alike is none of the revision's doing. Without a base everything is a change.
 *
 * @param now epoch milliseconds
 */
export const propose = (
  after: readonly Finding[],
  before: readonly Finding[] | undefined,
  now: number,
): Proposal => {
  const [head, base] = [byKey(after), byKey(before ?? [])];
  const placed = [...new Set([...head.keys(), ...base.keys()])].flatMap(
    key => place({after: head.get(key), before: base.get(key), compared: before !== undefined, now}) ?? [],
  );
  const of = (side: Placed['in']): ProposedChange[] =>
    placed.flatMap(item => (item.in === side ? [item.change] : [])).toSorted(forReading);
  const changes = of('changes');
  const isOver = ({state}: {state: CampaignState}): boolean => state === 'completed';
  return {
    changes,
    anyway: of('anyway'),
    completed: after.filter(isOver).length - changes.filter(isOver).length,
    declared: after.filter(isDeclared).length,
    unmanaged: after.filter(({state}) => state === 'unmanaged').length,
  };
};

/** Counts what a proposal holds. Invalid declarations count as errors. */
export const summariseProposal = (
  {anyway, changes, completed, declared: declarations, unmanaged}: Proposal,
  diagnostics: readonly Diagnostic[],
): ProposalSummary => {
  const having = (action: Action): number => changes.filter(({steps}) => steps.includes(action)).length;
  const ofEffect = (effect: Effect): number => changes.filter(change => change.effect === effect).length;
  return {
    pause: having('pause'),
    cancel: having('cancel'),
    resume: having('resume'),
    irreversible: having('cancel'),
    later: ofEffect('later'),
    noAction: ofEffect('none'),
    errors: ofEffect('error') + diagnostics.length,
    anyway: anyway.filter(({steps}) => steps.length > 0).length,
    stuck: [...changes, ...anyway].filter(({effect, state}) => effect === 'none' && STUCK.has(state)).length,
    completed,
    declared: declarations,
    unmanaged,
  };
};
