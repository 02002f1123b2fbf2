import type {Clock} from './ports.ts';

/** One moment by both clocks: the time of day, and `Clock.ticks`. */
export interface Moment {
  readonly now: number;
  readonly ticks: number;
}

/** This very moment. */
export const momentOf = (clock: Clock): Moment => ({now: clock.now(), ticks: clock.ticks()});
