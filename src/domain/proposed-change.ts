import type {Cause} from './assess.ts';
import type {DesiredStatus, SourceLocation} from './campaign.ts';
import type {Finding} from './finding.ts';
import {
  alreadyEnded,
  alreadyOver,
  becomesManaged,
  becomesUnmanaged,
  consequences,
  impossible,
  inPlace,
  instead,
  invalidDeclaration,
  type Note,
  standstill,
} from './notes.ts';
import {statusWord} from './reasons.ts';
import type {CampaignState} from './states.ts';
import {rfc3339} from './time.ts';
import type {Action} from './transitions.ts';

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

/** When Rollcall would act by itself (epoch milliseconds): now, or when a hold ends; undefined where it would not. */
export const actsAt = ({declaration, mode, restraint, state}: Finding, now: number): number | undefined => {
  if (mode !== 'enforce') return undefined;
  if (restraint) return restraint.reason === 'frozen' ? restraint.until : undefined;
  if (state === 'pending' || state === 'drifted') return now;
  return state === 'held' ? declaration?.hold?.until : undefined;
};

/** What a declaration would do now, as far as is known. */
export const effectOf = (finding: Finding, now: number): Effect => {
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

/** True for what some file declares, well or badly. */
export const isDeclared = (finding: Finding | undefined): finding is Finding => finding?.source !== undefined;

/** All that comes of a declaration, now and later. */
export const outcomeOf = (finding: Finding | undefined, now: number): string =>
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
  liveUpdatedAt: finding.liveUpdatedAt === undefined ? null : rfc3339(finding.liveUpdatedAt),
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

/** One campaign as a revision would have it, and as its base would. */
export interface Sides {
  readonly after: Finding | undefined;
  readonly before: Finding | undefined;
  readonly compared: boolean;
  readonly now: number;
}

/** What comes of a campaign whose declaration the revision takes away. */
export const removedChange = (before: Finding, now: number): ProposedChange => {
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

/** What a declaration means for the people who are called; of one that is in place, that it is. */
const meaning = (after: Finding, steps: readonly Action[], now: number): Note[] => {
  if (steps.length > 0) return consequences(after, actsAt(after, now) ?? now);
  return after.state === 'satisfied' || after.state === 'awaiting' ? inPlace(after) : [];
};

/** What a plan would note of a campaign as it stands now; nothing of when it dials, where its window has not been asked for. */
export const notesOf = (finding: Finding, now: number): readonly Note[] => {
  if (!finding.declaration) return [];
  const {notes} = declaredChange(finding, {before: finding, after: finding, compared: false, now});
  return finding.window ? notes : notes.filter(({code}) => code !== 'dialling-unknown');
};

/**
 * True where a change asks of a declared campaign that it be paused, though it was over before: no error, since whoever pauses
 * everything asks it of those too. What was cancelled against Git is an alarm with and without the change.
 */
const isPausedInVain = ({desired, state}: Finding, {before}: Sides): boolean =>
  desired === 'paused' &&
  (state === 'completed' || state === 'terminal') &&
  before?.state === state &&
  before.desired !== desired;

/** What comes of a campaign that the revision declares. */
export const declaredChange = (after: Finding, sides: Sides): ProposedChange => {
  const {now} = sides;
  if (isPausedInVain(after, sides))
    return toChange(after, 'none', [], [alreadyOver(after), ...remarks(after, [], sides)]);
  const fault = impossible(after, now) ?? (after.state === 'completed' ? alreadyEnded(after) : undefined);
  if (fault) return toChange(after, 'error', [], [fault, ...remarks(after, [], sides)]);
  const steps = stepsOf(after, now);
  const means = meaning(after, steps, now);
  return toChange(after, effectOf(after, now), steps, [...means, ...remarks(after, steps, sides)]);
};

/** What comes of a campaign whose declaration the revision makes invalid, though nothing else tells of it. */
export const invalidChange = (after: Finding, {before, now}: Sides): ProposedChange =>
  toChange(after, 'error', [], [invalidDeclaration(after), ...instead(stepsOf(before, now))]);
