import PQueue from 'p-queue';
import type {Clock, Random, Reply} from '../controller/ports.ts';
import type {Action} from '../domain/transitions.ts';
import {Gate} from './gate.ts';

/** At most `requests` in any stretch of `per` milliseconds. */
export interface Rate {
  readonly requests: number;
  readonly per: number;
}

/** What a request is for; an action's own priority holds for the read before it too. */
export type Purpose = Action | 'poll';

/** Higher goes first. A pause is safe and never waits behind anything else. */
const PRIORITY: Readonly<Record<Purpose, number>> = {pause: 3, cancel: 2, resume: 1, poll: 0};

const DROPPED = {ok: false, failure: {kind: 'dropped', message: 'called off while it waited'}} as const;

/** What the queue tells of itself. Seconds, as Prometheus wants them. */
export interface QueueObserver {
  waited(seconds: number): void;
  depth(requests: number): void;
}

/** `outer` until `release` is called: p-queue must forget a task's signal once the task is on the wire. */
const releasable = (outer: AbortSignal): {signal: AbortSignal; release: () => void} => {
  const inner = new AbortController();
  const abort = (): void => inner.abort();
  if (outer.aborted) abort();
  outer.addEventListener('abort', abort, {once: true});
  return {signal: inner.signal, release: () => outer.removeEventListener('abort', abort)};
};

/**
 * One workspace's way to the platform: every HTTP attempt takes a slot of a strict sliding window, pauses
 * first; when the platform asks for quiet, nothing is sent and everything that waits comes back at once.
 */
export class RequestQueue {
  readonly #queue: PQueue;
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #observer: QueueObserver;

  constructor(rate: Rate, concurrency: number, clock: Clock, random: Random, observer: QueueObserver) {
    this.#queue = new PQueue({concurrency, interval: rate.per, intervalCap: rate.requests, strict: true});
    this.#gate = new Gate(clock, random);
    this.#clock = clock;
    this.#observer = observer;
  }

  /**
   * Sends one request when its turn comes. `signal` calls it off while it waits; once it is on the wire it is
   * `attempt`'s own affair, so that two requests never overlap where the first was only thought to be over.
   */
  async send<T>(purpose: Purpose, signal: AbortSignal, attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const closed = this.#gate.check();
    if (closed) return {ok: false, failure: closed};
    if (signal.aborted) return DROPPED;
    const waiting = releasable(signal);
    const queuedAt = this.#clock.now();
    const task = async (): Promise<Reply<T>> => {
      waiting.release();
      this.#observer.waited((this.#clock.now() - queuedAt) / 1000);
      this.#observer.depth(this.#queue.size);
      return this.#attempt(attempt);
    };
    try {
      const reply = this.#queue.add(task, {priority: PRIORITY[purpose], signal: waiting.signal});
      this.#observer.depth(this.#queue.size);
      return await reply;
    } catch (error) {
      if (waiting.signal.aborted) return DROPPED;
      throw error;
    } finally {
      waiting.release();
      this.#observer.depth(this.#queue.size);
    }
  }

  async #attempt<T>(attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const closed = this.#gate.check();
    if (closed) return {ok: false, failure: closed};
    this.#gate.sent();
    return this.#gate.learn(await attempt());
  }
}
