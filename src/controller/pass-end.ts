import type {Trouble} from '../domain/condition.ts';
import type {Outcome} from '../domain/outcome.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {BETWEEN_CLOCKS} from './failures.ts';
import type {Health} from './health.ts';
import type {Moment} from './moment.ts';
import type {PassResult} from './ports.ts';
import type {CampaignStore} from './store/store.ts';

/** What a pass leaves behind: whether another one would find work now, and when it might later. */
export interface PassEnd {
  readonly again: boolean;
  /** `Clock.ticks`; undefined when only a trigger can bring something new. */
  readonly wakeAt?: number;
  /** There is something to read: the platform, which had asked for a rest, took an action, or resumes wait for it. */
  readonly read: boolean;
}

/** The least time between two passes that nothing new has asked for. Milliseconds. */
const LEAST_PAUSE = 200;

/** True where an action got through, or was overtaken: what follows from that may be due at once. */
export const isMoving = (outcomes: readonly Outcome[]): boolean =>
  outcomes.some(({kind}) => kind === 'applied' || kind === 'superseded');

/** True where a turn came to anything. */
export const isProgress = (outcomes: readonly Outcome[]): boolean =>
  outcomes.some(({kind}) => kind !== 'skipped');

/** What came of a pass that came to its end. */
export const resultOf = (outcomes: readonly Outcome[], trouble: Trouble | undefined): PassResult => {
  const failed = outcomes.some(({kind}) => kind === 'deferred' || kind === 'refused');
  return failed || trouble ? 'failure' : 'success';
};

/**
 * The next time at which something may be done without anything new being known (`Clock.ticks`).
 *
 * @param hasProgress the pass came to anything: what failed in it may be due again by its end
 */
export const nextTime = (
  store: CampaignStore,
  health: Health,
  moment: Moment,
  hasProgress: boolean,
): number | undefined => {
  const {ticks} = moment;
  const {due} = store.indexes;
  const restsUntil = due.number('pause') > 0 ? health.pausesRestUntil(ticks) : health.actionsRestUntil();
  const isDue = ACTIONS.some(action => due.number(action) > 0);
  const isForNow = restsUntil > ticks || hasProgress;
  const own = store.nextTime(moment);
  const isOfRest = own < restsUntil && own >= restsUntil - BETWEEN_CLOCKS;
  const next = Math.min(
    isOfRest ? restsUntil : own,
    isDue && isForNow ? restsUntil : Number.POSITIVE_INFINITY,
  );
  return Number.isFinite(next) ? Math.max(next, ticks + LEAST_PAUSE) : undefined;
};
