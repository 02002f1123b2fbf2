import type {DesiredStatus} from './campaign.ts';
import {
  type Action,
  AUTOMATIC,
  type AutomaticTransition,
  isTerminal,
  STATUSES,
  type Status,
  shortestPathTo,
} from './transitions.ts';
import type {Wanted} from './wanted.ts';

/**
 * Why a campaign differs: Git changed (`pending`), its timetable opened or closed (`timetable`), or live moved away
 * afterwards (`drifted`).
 */
export const CAUSES = ['pending', 'timetable', 'drifted'] as const;
export type Cause = (typeof CAUSES)[number];

/** How a desired status relates to a live one. */
export type Relation =
  | {readonly kind: 'satisfied'}
  | {readonly kind: 'awaiting'; readonly transition: AutomaticTransition}
  | {readonly kind: 'act'; readonly steps: readonly [Action, ...Action[]]}
  | {readonly kind: 'refused'; readonly why: 'completed' | 'terminal'};

const automaticBetween = (from: Status, to: Status): AutomaticTransition | undefined =>
  (Object.keys(AUTOMATIC) as AutomaticTransition[]).find(
    name => AUTOMATIC[name].to === to && AUTOMATIC[name].from.includes(from),
  );

/**
 * What is fine as it stands: live is what Git wants; or is what the platform's clock made of it while it
 * still runs (`scheduled` became `active`); or will become it by that clock.
 */
const settled = (desired: DesiredStatus, live: Status): Relation | undefined => {
  if (live === desired) return {kind: 'satisfied'};
  if (!isTerminal(live) && automaticBetween(desired, live)) return {kind: 'satisfied'};
  const transition = automaticBetween(live, desired);
  return transition && {kind: 'awaiting', transition};
};

const search = (desired: DesiredStatus, live: Status): Relation => {
  const fine = settled(desired, live);
  if (fine) return fine;
  const [first, ...rest] = shortestPathTo(live, status => settled(desired, status) !== undefined) ?? [];
  if (first) return {kind: 'act', steps: [first, ...rest]};
  return {kind: 'refused', why: live === AUTOMATIC.end.to ? 'completed' : 'terminal'};
};

const searchAll = <T>(of: (status: Status) => T): Record<Status, T> =>
  Object.fromEntries(STATUSES.map(status => [status, of(status)])) as Record<Status, T>;

/** All 25 relations, each searched for once. */
const RELATIONS = searchAll(desired => searchAll(live => search(desired, live)));

/**
 * Relates a desired status to a live one, by a search over the transition table and the two automatic
 * transitions. A terminal live status is never left: it is either what Git wants, or refused.
 */
export const relate = (desired: DesiredStatus, live: Status): Relation => RELATIONS[desired][live];

/** True for what is as Git wants it, or will become so by itself. */
export const isInPlace = (desired: DesiredStatus, live: Status): boolean => {
  const {kind} = relate(desired, live);
  return kind === 'satisfied' || kind === 'awaiting';
};

/** What is known of a campaign's past, to tell drift from a change that Git brought. */
export interface Past {
  /** The desired status under which this process last saw the campaign settled; undefined if it never did. */
  readonly settledFor?: DesiredStatus;
  /**
   * The time (epoch milliseconds) by which Git asked for what it asks for now, where this process did not see
   * it ask: the commit time of the first revision that it read.
   */
  readonly declaredBefore?: number;
  /** When a commit that this process saw asked for something else: epoch milliseconds. */
  readonly askedAt?: number;
  /** What live shows now was made by an action of this process: it is nobody's drift. */
  readonly own?: true;
  /** What live shows may come from an action before this process was started: whether by Rollcall itself nobody can tell. */
  readonly perhapsOwn?: true;
  /** The platform showed a later change before: it was set back, or its answers lag. Nobody moved the campaign. */
  readonly setBack?: true;
  /** What live shows now the platform's clock made, of what was no drift. */
  readonly byItself?: true;
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Tells why a campaign differs. What its timetable wants since a time stands like a commit of that time. What Rollcall itself made is
 * nobody's drift, and neither is what the platform was set back to, or what its clock made of what nobody had moved. Else, seen settled
 * under the same wish: somebody moved it since. Never seen so by this process: it drifted if the platform says that it was changed after
 * the commit that was there already. A status that nothing leaves was never there to drift from.
 */
export const causeOf = (
  {desired, since = -NEVER}: Pick<Wanted, 'desired' | 'since'>,
  liveUpdatedAt: number,
  past: Past,
): Cause => {
  const {askedAt, byItself, declaredBefore, own, setBack, settledFor} = past;
  const lastAsked = askedAt ?? declaredBefore ?? (settledFor === undefined ? NEVER : -NEVER);
  const asked = since > lastAsked ? 'timetable' : 'pending';
  if (setBack || isTerminal(desired)) return 'pending';
  if (own || byItself) return asked;
  if (settledFor !== undefined) return settledFor === desired ? 'drifted' : asked;
  if (declaredBefore === undefined) return asked;
  return liveUpdatedAt > Math.max(declaredBefore, since) ? 'drifted' : asked;
};
