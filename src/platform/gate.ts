import {backoff} from '../controller/backoff.ts';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';

/** How long a workspace whose key was refused rests before one request tries the key again. */
const KEY_PROBE_INTERVAL = 60_000;
/** The least rest after an answer that says too many: a time to come back that is nearer is no time. */
const LEAST_REST = 500;

/** How long a pause, or a poll, waits at the most before it tries whether the platform takes it. Milliseconds. */
export const DEFAULT_PROBE_INTERVAL = 5 * 60_000;

type Closed = Failure & {readonly retryAt: number; readonly probeAt: number};

/**
 * Closes a workspace when the platform says that it asks too much, or that its key is not good. While it is
 * closed nothing is sent, but for one request at a time that tries, every so often, whether it gets through: a pause,
 * or a poll, which may find that one is due. However long a rest the platform names, a pause never waits longer than
 * that. After a refused key one request at a time may try whether the key is good again. Times are `Clock.ticks`.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #probeInterval: number;
  #closed: Closed | undefined;
  #throttlesInARow = 0;
  #probing = false;

  constructor(clock: Clock, random: Random, probeInterval = DEFAULT_PROBE_INTERVAL) {
    this.#clock = clock;
    this.#random = random;
    this.#probeInterval = probeInterval;
  }

  /**
   * What a request would meet now: the failure that closed the gate, or undefined where it may go.
   *
   * @param mayProbe it is a pause, the read before one, or a poll
   */
  check(mayProbe: boolean): Failure | undefined {
    const closed = this.#closed;
    if (!closed) return undefined;
    const now = this.#clock.ticks();
    if (this.#isShut(closed)) return mayProbe && !this.#probing && now >= closed.probeAt ? undefined : closed;
    if (closed.kind !== 'unauthorised') return undefined;
    return this.#probing ? {...closed, retryAt: now + KEY_PROBE_INTERVAL} : undefined;
  }

  /** Must be called when a request that `check` let through is sent; true where it is one that only tries. */
  sent(): boolean {
    const closed = this.#closed;
    if (!closed || (closed.kind !== 'unauthorised' && !this.#isShut(closed))) return false;
    this.#probing = true;
    this.#closed = {...closed, probeAt: this.#clock.ticks() + this.#probeInterval};
    return true;
  }

  /** Learns from an answer; returns it, with the time to come back where the gate closed. */
  learn<T>(reply: Reply<T>, wasProbe: boolean): Reply<T> {
    if (wasProbe) this.#probing = false;
    const kind = reply.ok ? undefined : reply.failure.kind;
    if (kind === 'outdated' || kind === 'dropped') return reply;
    if (!reply.ok && (kind === 'throttled' || kind === 'unauthorised')) return this.#close(reply.failure);
    if (kind === 'unavailable' || kind === 'malformed') return reply;
    if (this.#closed && this.#isShut(this.#closed) && !wasProbe) return reply;
    this.#closed = undefined;
    this.#throttlesInARow = 0;
    return reply;
  }

  /** Must be called instead of `learn` where an attempt threw: nothing was learnt, and somebody else may try. */
  threw(wasProbe: boolean): void {
    if (wasProbe) this.#probing = false;
  }

  #isShut({retryAt}: Closed): boolean {
    return this.#clock.ticks() < retryAt;
  }

  #close(failure: Failure): Reply<never> {
    const now = this.#clock.ticks();
    const already = this.#closed && this.#isShut(this.#closed) ? this.#closed : undefined;
    const asked = failure.retryAt ?? 0;
    const given = asked >= now + LEAST_REST ? asked : undefined;
    const retryAt = given ?? already?.retryAt ?? now + this.#rest(failure);
    const {askedBy: _nobody, ...unasked} = failure;
    const latest = already && already.retryAt > retryAt ? already : undefined;
    const closed: Closed = {
      ...(given === undefined ? unasked : failure),
      ...(latest?.askedBy !== undefined && {askedBy: latest.askedBy}),
      retryAt: latest?.retryAt ?? retryAt,
      probeAt: already?.probeAt ?? now + this.#probeInterval,
    };
    this.#closed = closed;
    return {ok: false, failure: closed};
  }

  #rest({kind}: Failure): number {
    if (kind === 'unauthorised') return KEY_PROBE_INTERVAL;
    this.#throttlesInARow += 1;
    return Math.max(LEAST_REST, backoff(this.#throttlesInARow, this.#random));
  }
}
