import type {Cause} from './assess.ts';
import type {Declaration, DesiredStatus, Status} from './campaign.ts';
import {compareText} from './diagnostic.ts';
import type {Finding} from './finding.ts';
import {ACTIONS, type Action} from './transitions.ts';

/** One action that would bring one campaign nearer to what Git wants. */
export interface PlannedAction {
  readonly action: Action;
  /** The live status that the plan was made from. */
  readonly from: Status;
  /** When that status was last changed, by the platform's clock: epoch milliseconds. */
  readonly fromUpdatedAt: number;
  /** Who changed it then, where the platform says. */
  readonly fromUpdatedBy?: string;
  readonly cause: Cause;
  readonly reason: string;
  /** What Git wants now: while its timetable is closed that is `paused`. */
  readonly desired: DesiredStatus;
  readonly declaration: Declaration;
}

/** The next action of each campaign that needs one, in the order in which they are performed. */
export type Plan = readonly PlannedAction[];

const rank = (action: Action): number => ACTIONS.indexOf(action);

/** Those that failed before go last, the one first that has waited longest: whoever is well waits for none of them. */
const byPatience = (a: Finding, b: Finding): number =>
  Number(a.state === 'failed') - Number(b.state === 'failed') || (a.retryAt ?? 0) - (b.retryAt ?? 0);

const inOrder = (a: Finding, b: Finding): number =>
  byPatience(a, b) || compareText(a.workspace, b.workspace) || compareText(a.name, b.name);

const planned = (finding: Finding, now: number): PlannedAction[] => {
  const {cause, declaration, desired, live, liveUpdatedAt, liveUpdatedBy, mode, retryAt, state, steps} =
    finding;
  const [action] = steps;
  const waits = state === 'held' || mode === 'detect' || (retryAt !== undefined && retryAt > now);
  if (waits || !action || !cause || !declaration || !desired || !live || !('known' in live)) return [];
  const reason = finding.why ?? finding.reason;
  const by = liveUpdatedBy === undefined ? {} : {fromUpdatedBy: liveUpdatedBy};
  const from = {from: live.known, fromUpdatedAt: liveUpdatedAt ?? 0, ...by};
  return [{action, ...from, cause, reason, desired, declaration}];
};

/**
 * Plans the first step of every campaign that differs, is enforced, not held and not waiting to be tried
 * again: pauses, then cancels, then resumes; within each by workspace and name, those that failed before last. A further step follows once
 * the first has been answered, since only then is the status known that it starts from.
 */
export const plan = (findings: readonly Finding[], now: number): Plan =>
  findings
    .toSorted(inOrder)
    .flatMap(finding => planned(finding, now))
    .toSorted((a, b) => rank(a.action) - rank(b.action));
