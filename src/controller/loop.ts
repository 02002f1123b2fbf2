import type {Clock} from './ports.ts';

/**
 * Runs one piece of work again and again, never twice at once. Triggers coalesce: any number of them during
 * a run lead to one more run. The run decides when it wants to be woken next; a trigger may come before.
 */
export class Loop {
  readonly #run: () => Promise<void>;
  readonly #clock: Clock;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancelTimer: () => void = () => {};

  /** @param run must not reject: whatever fails in it is its own affair */
  constructor(run: () => Promise<void>, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
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

  /** Asks for a run at `time` (epoch milliseconds); of several times the earliest holds. */
  wakeAt(time: number): void {
    if (this.#stopped || time >= this.#wakeAt) return;
    this.#cancelTimer();
    this.#wakeAt = time;
    this.#cancelTimer = this.#clock.after(Math.max(0, time - this.#clock.now()), () => this.trigger());
  }

  /** Starts no further run; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#running;
  }

  async #work(): Promise<void> {
    this.#again = false;
    this.#cancelTimer();
    this.#wakeAt = Number.POSITIVE_INFINITY;
    await this.#run();
  }
}
