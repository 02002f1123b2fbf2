import {backoff} from '../controller/backoff.ts';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';

/** How long a workspace whose key was refused rests before one request tries the key again. */
const PROBE_INTERVAL = 60_000;

/**
 * Closes a workspace when the platform says that it asks too much, or that its key is not good. While it is
 * closed nothing is sent; after a refused key one request at a time may try whether the key is good again.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #random: Random;
  #closed: (Failure & {readonly retryAt: number}) | undefined;
  #throttlesInARow = 0;
  #probing = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** What a request would meet now: the failure that closed the gate, or undefined where it may go. */
  check(): Failure | undefined {
    const closed = this.#closed;
    if (!closed) return undefined;
    if (this.#clock.now() < closed.retryAt) return closed;
    if (closed.kind !== 'unauthorised') return undefined;
    return this.#probing ? {...closed, retryAt: this.#clock.now() + PROBE_INTERVAL} : undefined;
  }

  /** Must be called when a request that `check` let through is sent. */
  sent(): void {
    if (this.#closed?.kind === 'unauthorised') this.#probing = true;
  }

  /** Learns from an answer; returns it, with the time to come back where the gate closed. */
  learn<T>(reply: Reply<T>): Reply<T> {
    this.#probing = false;
    const kind = reply.ok ? undefined : reply.failure.kind;
    if (!reply.ok && (kind === 'throttled' || kind === 'unauthorised')) return this.#close(reply.failure);
    if (kind === 'unavailable' || kind === 'malformed') return reply;
    this.#throttlesInARow = 0;
    if (this.#closed && this.#clock.now() >= this.#closed.retryAt) this.#closed = undefined;
    return reply;
  }

  #close(failure: Failure): Reply<never> {
    const now = this.#clock.now();
    const closing = {...failure, retryAt: failure.retryAt ?? now + this.#rest(failure)};
    if (!this.#closed || closing.retryAt > this.#closed.retryAt) this.#closed = closing;
    return {ok: false, failure: closing};
  }

  #rest({kind}: Failure): number {
    if (kind === 'unauthorised') return PROBE_INTERVAL;
    this.#throttlesInARow += 1;
    return backoff(this.#throttlesInARow, this.#random);
  }
}
