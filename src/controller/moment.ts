import type {Clock, Random} from './ports.ts';

/** One moment by both clocks: the time of day, and `Clock.ticks`. */
export interface Moment {
  readonly now: number;
  readonly ticks: number;
}

/** This very moment. */
export const momentOf = (clock: Clock): Moment => ({now: clock.now(), ticks: clock.ticks()});

/** How much an interval varies, so that many controllers do not ask in step. */
const JITTER = 0.1;

/** When something is due that comes at an interval (milliseconds), more or less: `Clock.ticks`. */
export const jittered = ({clock, random}: {clock: Clock; random: Random}, interval: number): number =>
  clock.ticks() + interval * (1 - JITTER + 2 * JITTER * random());
