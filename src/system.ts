import {randomUUID} from 'node:crypto';
import type {Clock} from './controller/ports.ts';

/** The longest that a timer of the runtime can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The machine's clock: the one place that asks what time it is. It follows the time of day as it was when the
 * process started and is never set, so that a rate, a rest or the age of a status cannot be cut short, or
 * drawn out, by somebody who sets the machine's clock.
 */
export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  after: (delay, callback) => {
    const timer = setTimeout(callback, Math.min(delay, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};

/** The machine's randomness, for jitter and simulated faults: nothing that has to be hard to guess. */
export const systemRandom = (): number => Math.random();

/** A word that nobody can guess. */
export const systemToken = (): string => randomUUID();
