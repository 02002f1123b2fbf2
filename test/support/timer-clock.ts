import FakeTimers from '@sinonjs/fake-timers';
import type {Clock} from '../../src/controller/ports.ts';

/** A clock over the timers of the process, which a test may have taken over. */
export const timerClock: Clock = {
  now: () => Date.now(),
  ticks: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

/** Takes over the timers and the date of the process, from `now` (epoch milliseconds) on. Must be uninstalled. */
export const takeOverTimers = (now: number) =>
  FakeTimers.install({
    now,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
