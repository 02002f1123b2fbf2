import {randomUUID} from 'node:crypto';
import type {Clock} from './controller/ports.ts';

/** The longest that a timer of the runtime can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** In a millisecond. */
const NANOSECONDS = 1e6;

/**
 * The machine's two clocks, and the one place that asks them. `now` is the time of day, and follows whoever sets it;
 * `ticks` counts milliseconds since the machine started, the same for all its processes, and is never set, so that a
 * rate, a rest or the age of a status cannot be cut short or drawn out by a correction. A machine that sleeps stands
 * still for `ticks` alone.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => Number(process.hrtime.bigint()) / NANOSECONDS,
  after: (delay, callback) => {
    const timer = setTimeout(callback, Math.min(delay, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};

/** The machine's randomness, for jitter and simulated faults: nothing that has to be hard to guess. */
export const systemRandom = (): number => Math.random();

/** A word that nobody can guess. */
export const systemToken = (): string => randomUUID();
