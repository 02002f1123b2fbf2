import {momentOf} from '../controller/moment.ts';
import type {Clock} from '../controller/ports.ts';
import type {LeaseApi} from './api.ts';
import {Candidate, type Timings} from './lease.ts';

export interface SeatOptions {
  readonly api: LeaseApi;
  readonly clock: Clock;
  readonly identity: string;
  readonly timings: Timings;
}

/** One lease and what is asked of the API server about it. All of that may reject. */
export class Seat {
  readonly name: string;
  readonly #options: SeatOptions;
  readonly #candidate: Candidate;

  constructor(name: string, options: SeatOptions) {
    this.name = name;
    this.#options = options;
    this.#candidate = new Candidate(options.identity, options.timings);
  }

  /** Whether it is this process's, for `within` more milliseconds. */
  holds(within = 0): boolean {
    return this.#candidate.holds(momentOf(this.#options.clock), within);
  }

  /** Who holds it, as far as it is known. */
  get holder(): string | undefined {
    return this.#candidate.holder(this.#options.clock.ticks());
  }

  /** Whether it was ever looked for. */
  get isKnown(): boolean {
    return this.#candidate.isKnown;
  }

  /** One that is free, or that was taken by a write whose answer was lost. */
  get isForTaking(): boolean {
    const {clock} = this.#options;
    return !this.holds() && (this.#candidate.isFree(clock.ticks()) || this.#candidate.isWhatWasSent);
  }

  /** Renews it where it is held, looks at it where it is not, and makes it anew where it has been gone for a turn. */
  async look(mayMake: boolean): Promise<void> {
    const {api, clock} = this.#options;
    const candidate = this.#candidate;
    const isGone = candidate.isGone(clock.ticks());
    if (candidate.stored && this.holds() && (await this.claim())) return;
    candidate.see(await api.read(this.name), clock.ticks());
    if (!candidate.stored && !(mayMake && isGone)) return;
    if (this.holds()) await this.claim();
    else if (!candidate.stored)
      candidate.see(await api.write(this.name, {record: candidate.vacancy()}, undefined), clock.ticks());
  }

  /** Takes or renews it; false where somebody else was faster. */
  async claim(): Promise<boolean> {
    const {api, clock} = this.#options;
    const sentAt = momentOf(clock);
    const record = this.#candidate.claim(sentAt.now);
    const stored = await api.write(this.name, {record}, this.#candidate.stored?.version);
    if (stored) this.#candidate.wrote(stored, sentAt, clock.ticks());
    return stored !== undefined;
  }

  /** Nothing is acted by it any more: from here on it is anybody's, whether or not the write is taken. */
  async giveBack(): Promise<void> {
    const {api, clock} = this.#options;
    const candidate = this.#candidate;
    if (!this.holds()) return;
    candidate.abandon();
    const record = candidate.release(clock.now());
    const stored = await api.write(this.name, {record}, candidate.stored?.version);
    if (stored) candidate.see(stored, clock.ticks());
  }
}
