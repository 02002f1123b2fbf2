import type {Clock} from './ports.ts';

/** How often it is looked whether somebody set the time of day, or the process stood still. Milliseconds. */
const CLOCK_WATCH = 10_000;
/** A change of the time of day from which on it is a jump, and no correction in small steps. Milliseconds. */
const CLOCK_JUMP = 1_000;
/** So late no timer is of a process that runs: it was stopped, or its machine was. Milliseconds. */
const STOOD_STILL = 5_000;

interface ClockEvents {
  /** The time of day was set, or the machine slept: told by how many seconds it jumped. */
  readonly onJump: (seconds: number) => void;
  /** The process goes on after it stood still. */
  readonly onWake: () => void;
}

/**
 * Notices when the time of day was set, or the process stood still: what is due by it may be due now, and what was known may be long
 * past.
 *
 * @returns ends the watch
 */
export const watchClock = (clock: Clock, {onJump, onWake}: ClockEvents): (() => void) => {
  let cancel = (): void => {};
  const watch = (): void => {
    const offset = clock.now() - clock.ticks();
    const due = clock.ticks() + CLOCK_WATCH;
    cancel = clock.after(CLOCK_WATCH, () => {
      const moved = clock.now() - clock.ticks() - offset;
      const late = clock.ticks() - due;
      watch();
      if (late >= STOOD_STILL || moved >= CLOCK_WATCH) onWake();
      if (Math.abs(moved) >= CLOCK_JUMP) onJump(moved / 1000);
    });
  };
  watch();
  return () => cancel();
};
