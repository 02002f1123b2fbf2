import {backoff} from './backoff.ts';
import type {Clock, Random} from './ports.ts';

export interface LoopOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Told of each run that rejects; the next one follows after a growing rest, or at a trigger. */
  readonly onError: (error: unknown) => void;
}

/**
 * Runs one piece of work again and again, never twice at once. Triggers coalesce: any number of them during
 * a run lead to one more run. The run decides when it wants to be woken next; a trigger may come before. A run that
 * rejects is told, and the loop goes on.
 */
export class Loop {
  readonly #run: () => Promise<void>;
  readonly #options: LoopOptions;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #failures = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancelTimer: () => void = () => {};

  constructor(run: () => Promise<void>, options: LoopOptions) {
    this.#run = run;
    this.#options = options;
  }

  /** Asks for a run now, or for one more when one is under way. */
  trigger(): void {
    if (this.#stopped) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#work().finally(() => {
      this.#running = undefined;
      if (this.#again) this.trigger();
    });
  }

  /** Asks for a run at `time` (`Clock.ticks`); of several times the earliest holds. */
  wakeAt(time: number): void {
    if (this.#stopped || time >= this.#wakeAt) return;
    const {clock} = this.#options;
    this.#cancelTimer();
    this.#wakeAt = time;
    this.#cancelTimer = clock.after(Math.max(0, time - clock.ticks()), () => this.trigger());
  }

  /** Starts no further run; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#again = false;
    this.#cancelTimer();
    await this.#running;
  }

  async #work(): Promise<void> {
    this.#again = false;
    this.#cancelTimer();
    this.#wakeAt = Number.POSITIVE_INFINITY;
    try {
      await this.#run();
      this.#failures = 0;
    } catch (error) {
      const {clock, onError, random} = this.#options;
      this.#failures += 1;
      onError(error);
      this.wakeAt(clock.ticks() + backoff(this.#failures, random));
    }
  }
}
