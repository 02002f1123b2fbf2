import {backoff} from '../controller/backoff.ts';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';

/** How long a workspace whose key was refused rests before one request tries the key again. */
const PROBE_INTERVAL = 60_000;
/** The least rest after an answer that says too many: a time to come back that is nearer is no time. */
const LEAST_REST = 500;

type Closed = Failure & {readonly retryAt: number};

/**
 * Closes a workspace when the platform says that it asks too much, or that its key is not good. While it is
 * closed nothing is sent; after a refused key one request at a time may try whether the key is good again.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #random: Random;
  #closed: Closed | undefined;
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
    if (this.#isShut(closed)) return closed;
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
    if (this.#closed && this.#isShut(this.#closed)) return reply;
    this.#closed = undefined;
    this.#throttlesInARow = 0;
    return reply;
  }

  #isShut({retryAt}: Closed): boolean {
    return this.#clock.now() < retryAt;
  }

  #close(failure: Failure): Reply<never> {
    const already = this.#closed && this.#isShut(this.#closed) ? this.#closed : undefined;
    const asked = failure.retryAt ?? 0;
    const given = asked >= this.#clock.now() + LEAST_REST ? asked : undefined;
    const retryAt = given ?? already?.retryAt ?? this.#clock.now() + this.#rest(failure);
    const closed = {...failure, retryAt: Math.max(retryAt, already?.retryAt ?? 0)};
    this.#closed = closed;
    return {ok: false, failure: closed};
  }

  #rest({kind}: Failure): number {
    if (kind === 'unauthorised') return PROBE_INTERVAL;
    this.#throttlesInARow += 1;
    return Math.max(LEAST_REST, backoff(this.#throttlesInARow, this.#random));
  }
}
