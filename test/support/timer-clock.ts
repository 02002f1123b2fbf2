import FakeTimers from '@sinonjs/fake-timers';
import type {Clock} from '../../src/controller/ports.ts';

/** The longest that a timer of the runtime can wait: a longer one ends at once. Milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A clock over the timers of the process, which a test may have taken over. */
export const timerClock: Clock = {
  now: () => Date.now(),
  ticks: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, Math.min(delay, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};

/** Takes over the timers and the date of the process, from `now` (epoch milliseconds) on. Must be uninstalled. */
export const takeOverTimers = (now: number) =>
  FakeTimers.install({
    now,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
