import type {Clock} from '../../src/controller/ports.ts';

/** A clock over the timers of the process, which a test may have taken over. */
export const timerClock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};
