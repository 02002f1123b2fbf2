import PQueue from 'p-queue';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';
import type {Action} from '../domain/transitions.ts';
import {Gate} from './gate.ts';
import {SlidingWindow} from './window.ts';

/** At most `requests` in any stretch of `per` milliseconds. */
export interface Rate {
  readonly requests: number;
  readonly per: number;
}

/** How fast, and how many at a time. */
export interface QueueSettings {
  readonly rate: Rate;
  readonly concurrency: number;
  /** How long a pause waits at the most, where the platform asks for a rest, before it tries. Milliseconds. */
  readonly probeInterval?: number;
}

/** What a request is for: a poll, the read before an action, or the action itself. */
export type Purpose = {readonly kind: 'poll'} | {readonly kind: 'read' | 'act'; readonly action: Action};

/** Higher goes first. A pause is safe and never waits behind anything else. */
const PRIORITY: Readonly<Record<Action, number>> = {pause: 6, cancel: 4, resume: 2};
/** A poll takes turns with the reads before resumes: however many there are, what drifts is still seen. */
const POLL_PRIORITY = PRIORITY.resume;

/** An action goes before the reads of others of its kind, so that what was read for it does not get old. */
const priorityOf = (purpose: Purpose): number =>
  purpose.kind === 'poll' ? POLL_PRIORITY : PRIORITY[purpose.action] + (purpose.kind === 'act' ? 1 : 0);

/** What may try whether a rest is over: a pause, and a poll, without which none would be known to be due. */
const mayProbe = (purpose: Purpose): boolean => purpose.kind === 'poll' || purpose.action === 'pause';

const DROPPED: Failure = {kind: 'dropped', message: 'called off while it waited'};

/** What the queue tells of itself. Seconds, as Prometheus wants them. */
export interface QueueObserver {
  waited(seconds: number): void;
  depth(requests: number): void;
}

/**
 * One workspace's way to the platform: every HTTP attempt takes a slot of a strict sliding window, pauses
 * first; when the platform asks for quiet, nothing is sent and everything that waits comes back at once.
 */
export class RequestQueue {
  readonly #queue: PQueue;
  readonly #window: SlidingWindow;
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #observer: QueueObserver;
  /** Calls off each request that waits, for when the gate closes. */
  readonly #waiting = new Set<AbortController>();
  #cancelWake: (() => void) | undefined;

  constructor(
    {concurrency, probeInterval, rate}: QueueSettings,
    {clock, observer, random}: {clock: Clock; observer: QueueObserver; random: Random},
  ) {
    this.#queue = new PQueue({concurrency});
    this.#window = new SlidingWindow(rate.requests, rate.per);
    this.#gate = new Gate(clock, random, probeInterval);
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Goes by other settings from the next request on; what has been sent counts on. */
  configure({concurrency, rate}: QueueSettings): void {
    this.#queue.concurrency = concurrency;
    this.#window.resize(rate.requests, rate.per);
    this.#holdWhileFull();
  }

  /**
   * Sends one request when its turn comes. `signal` calls it off while it waits; once it is on the wire it is
   * `attempt`'s own affair, so that two requests never overlap where the first was only thought to be over.
   */
  async send<T>(purpose: Purpose, signal: AbortSignal, attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const probing = mayProbe(purpose);
    const closed = this.#gate.check(probing) ?? (signal.aborted ? DROPPED : undefined);
    if (closed) return {ok: false, failure: closed};
    const waiting = new AbortController();
    const callOff = (): void => waiting.abort();
    signal.addEventListener('abort', callOff, {once: true});
    this.#waiting.add(waiting);
    const release = (): void => {
      signal.removeEventListener('abort', callOff);
      this.#waiting.delete(waiting);
    };
    const queuedAt = this.#clock.ticks();
    const task = (): Promise<Reply<T>> => {
      release();
      return this.#attempt(queuedAt, probing, attempt);
    };
    try {
      const reply = this.#queue.add(task, {priority: priorityOf(purpose), signal: waiting.signal});
      this.#holdWhileFull();
      return await reply;
    } catch (error) {
      if (!waiting.signal.aborted) throw error;
      return {ok: false, failure: this.#gate.check(probing) ?? DROPPED};
    } finally {
      release();
      this.#holdWhileFull();
    }
  }

  async #attempt<T>(queuedAt: number, probing: boolean, attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const closed = this.#gate.check(probing);
    if (closed) return {ok: false, failure: closed};
    const isProbe = this.#gate.sent();
    this.#window.take();
    this.#holdWhileFull();
    this.#observer.waited((this.#clock.ticks() - queuedAt) / 1000);
    try {
      const reply = this.#gate.learn(await attempt(), isProbe);
      if (this.#gate.check(false)) for (const waiting of this.#waiting) waiting.abort();
      return reply;
    } catch (error) {
      this.#gate.threw(isProbe);
      throw error;
    } finally {
      this.#window.ended(this.#clock.ticks());
      this.#holdWhileFull();
    }
  }

  /** Holds the queue while the window is full, and lets it go when a slot becomes free for what waits. */
  #holdWhileFull(): void {
    this.#observer.depth(this.#queue.size);
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const now = this.#clock.ticks();
    if (!this.#window.isFull(now)) {
      this.#queue.start();
      return;
    }
    this.#queue.pause();
    const freeAt = this.#window.nextFreeAt;
    if (freeAt === undefined || this.#queue.size === 0) return;
    this.#cancelWake = this.#clock.after(Math.max(1, freeAt - now), () => this.#holdWhileFull());
  }
}
