import PQueue from 'p-queue';
import type {Clock, Failure, Random, RateUse, Reply} from '../controller/ports.ts';
import type {Action} from '../domain/transitions.ts';
import {Gate} from './gate.ts';
import type {Purpose} from './purpose.ts';
import {type Ledger, SharedWindow, SlidingWindow, type Slot, type Window} from './window.ts';

/** At most `requests` in any stretch of `per` milliseconds. */
export interface Rate {
  readonly requests: number;
  readonly per: number;
}

/** How fast, and how many at a time. */
export interface QueueSettings {
  readonly rate: Rate;
  /** What all processes may send together, where a ledger is kept of it; `rate` is this one's share. */
  readonly total?: Rate;
  readonly concurrency: number;
  /** How long a pause waits at the most, where the platform asks for a rest, before it tries. Milliseconds. */
  readonly probeInterval?: number;
  /** The key as it is now. */
  readonly credential?: () => string | undefined;
}

/** Higher goes first. A pause is safe and never waits behind anything else. */
const PRIORITY: Readonly<Record<Action, number>> = {pause: 6, cancel: 4, resume: 2};
/** A poll takes turns with the reads before resumes: however many there are, what drifts is still seen. */
const POLL_PRIORITY = PRIORITY.resume;

/** An action goes before the reads of others of its kind, so that what was read for it does not get old. */
const priorityOf = (purpose: Purpose): number =>
  purpose.kind === 'poll' ? POLL_PRIORITY : PRIORITY[purpose.action] + (purpose.kind === 'act' ? 1 : 0);

const DROPPED: Failure = {kind: 'dropped', message: 'called off while it waited'};

/** What the queue tells of itself. Seconds, as Prometheus wants them. */
export interface QueueObserver {
  waited(seconds: number): void;
  depth(requests: number): void;
}

export interface QueueDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: QueueObserver;
  /** The window, where workspaces share one; otherwise the queue has its own. */
  readonly window?: SlidingWindow;
  /** The slots that other processes take of the same rate. */
  readonly ledger?: Ledger;
}

/**
 * One workspace's way to the platform: every HTTP attempt takes a slot of a strict sliding window, pauses
 * first; when the platform asks for quiet, nothing is sent and everything that waits comes back at once. The queue
 * itself is paused but for the moment in which a slot was taken for the request that is first in it.
 */
export class RequestQueue {
  readonly #queue: PQueue;
  readonly #own: SlidingWindow;
  readonly #ledger: Ledger | undefined;
  readonly #window: Window;
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #observer: QueueObserver;
  /** Calls off each request that waits, for when the gate closes. */
  readonly #waiting = new Map<AbortController, Purpose>();
  /** The slot of the request that the queue is about to start. */
  #slot: Slot | undefined;
  #cancelWake: (() => void) | undefined;
  readonly #onChange = (): void => this.#pump();

  constructor(
    {concurrency, credential, probeInterval, rate}: QueueSettings,
    {clock, ledger, observer, random, window}: QueueDependencies,
  ) {
    this.#queue = new PQueue({concurrency, autoStart: false});
    this.#queue.addEventListener('next', () => this.#pump());
    this.#own = window ?? new SlidingWindow(rate.requests, rate.per);
    this.#ledger = ledger;
    this.#window = ledger ? new SharedWindow(this.#own, ledger) : this.#own;
    this.#gate = new Gate(clock, random, {credential, probeInterval});
    this.#clock = clock;
    this.#observer = observer;
  }

  /** How much of this process's share of the rate is used now. */
  get rate(): RateUse {
    return this.#own.use(this.#clock.ticks());
  }

  /** An action that had no answer was seen to have taken effect. */
  tookEffect(): void {
    this.#gate.tookEffect();
    this.#pump();
  }

  /** Goes by other settings from the next request on; what has been sent counts on. */
  configure({concurrency, rate, total = rate}: QueueSettings): void {
    this.#queue.concurrency = concurrency;
    this.#own.resize(rate.requests, rate.per, this.#clock.ticks());
    this.#ledger?.resize(total.requests, total.per);
    this.#pump();
  }

  /**
   * Sends one request when its turn comes. `signal` calls it off while it waits; once it is on the wire it is
   * `attempt`'s own affair, so that two requests never overlap where the first was only thought to be over.
   */
  async send<T>(purpose: Purpose, signal: AbortSignal, attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const closed = this.#gate.check(purpose) ?? (signal.aborted ? DROPPED : undefined);
    if (closed) return {ok: false, failure: {...closed, unsent: true}};
    const waiting = new AbortController();
    const callOff = (): void => waiting.abort();
    signal.addEventListener('abort', callOff, {once: true});
    this.#waiting.set(waiting, purpose);
    const release = (): void => {
      signal.removeEventListener('abort', callOff);
      this.#waiting.delete(waiting);
    };
    const queuedAt = this.#clock.ticks();
    const task = (): Promise<Reply<T>> => {
      release();
      return this.#attempt(queuedAt, purpose, attempt);
    };
    try {
      const reply = this.#queue.add(task, {priority: priorityOf(purpose), signal: waiting.signal});
      this.#pump();
      return await reply;
    } catch (error) {
      if (!waiting.signal.aborted) throw error;
      return {ok: false, failure: {...(this.#gate.check(purpose) ?? DROPPED), unsent: true}};
    } finally {
      release();
      this.#pump();
    }
  }

  async #attempt<T>(queuedAt: number, purpose: Purpose, attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const slot = this.#slot;
    this.#slot = undefined;
    this.#queue.pause();
    const closed = this.#gate.check(purpose);
    if (!slot || closed) {
      slot?.giveBack();
      return {ok: false, failure: {...(closed ?? DROPPED), unsent: true}};
    }
    const trial = this.#gate.sent(purpose);
    this.#pump();
    this.#observer.waited((this.#clock.ticks() - queuedAt) / 1000);
    let isSent = true;
    try {
      const reply = await attempt();
      isSent = reply.ok || !reply.failure.unsent;
      const learned = this.#gate.learn(purpose, reply, trial);
      this.#callOff();
      return learned;
    } catch (error) {
      this.#gate.threw(trial);
      throw error;
    } finally {
      if (isSent) slot.ended(this.#clock.ticks());
      else slot.giveBack();
    }
  }

  /** What waits and would be refused comes back at once. */
  #callOff(): void {
    for (const [waiting, purpose] of this.#waiting) if (this.#gate.check(purpose)) waiting.abort();
  }

  /** Starts the request that is first, where it may go and a slot is free for it; or wakes when one will be. */
  #pump(): void {
    this.#observer.depth(this.#queue.size);
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#window.leave(this.#onChange);
    const {concurrency, pending, size} = this.#queue;
    if (this.#slot || size === 0 || pending >= concurrency || this.#gate.isProbing) return;
    const now = this.#clock.ticks();
    const priority = this.#waiting.values().reduce((most, one) => Math.max(most, priorityOf(one)), 0);
    this.#slot = this.#window.tryTake(now, priority);
    if (this.#slot) {
      this.#start();
      return;
    }
    this.#window.wait(this.#onChange, priority);
    const freeAt = this.#window.nextFreeAt(now);
    if (freeAt === undefined) return;
    this.#cancelWake = this.#clock.after(Math.max(1, freeAt - now), () => this.#pump());
  }

  #start(): void {
    this.#queue.start();
    this.#queue.pause();
    const unused = this.#slot;
    this.#slot = undefined;
    unused?.giveBack();
  }
}
