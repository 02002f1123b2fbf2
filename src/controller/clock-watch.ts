import type {Clock} from './ports.ts';

/** How often it is looked whether somebody set the time of day. Milliseconds. */
const CLOCK_WATCH = 10_000;
/** A change of the time of day from which on it is a jump, and no correction in small steps. Milliseconds. */
const CLOCK_JUMP = 1_000;

/**
 * Notices when the time of day was set, or the machine slept: what is due by it may be due now.
 *
 * @param onJump told by how many seconds it jumped
 * @returns ends the watch
 */
export const watchClock = (clock: Clock, onJump: (seconds: number) => void): (() => void) => {
  let cancel = (): void => {};
  const watch = (): void => {
    const offset = clock.now() - clock.ticks();
    cancel = clock.after(CLOCK_WATCH, () => {
      const moved = clock.now() - clock.ticks() - offset;
      if (Math.abs(moved) >= CLOCK_JUMP) onJump(moved / 1000);
      watch();
    });
  };
  watch();
  return () => cancel();
};
