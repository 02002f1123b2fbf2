import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';
import {Breaker} from './breaker.ts';
import type {Purpose} from './purpose.ts';
import {DEFAULT_PROBE_INTERVAL, Rest} from './rest.ts';

/** Which of the two closed ways a request tries, where it is one that only tries. */
export interface Trial {
  readonly rest: boolean;
  readonly breaker: boolean;
}

export interface GateOptions {
  readonly probeInterval?: number | undefined;
  /** The key as it is now: another one than was refused is tried at once. */
  readonly credential?: (() => string | undefined) | undefined;
}

const NO_KEY = (): undefined => undefined;

/**
 * Whether a request may go: not while the platform wants a rest, and, where it belongs to the turn of a campaign, not
 * during an outage of actions.
 */
export class Gate {
  readonly #rest: Rest;
  readonly #breaker: Breaker;
  #pollFailed = false;

  constructor(clock: Clock, random: Random, {credential, probeInterval}: GateOptions = {}) {
    const settings = {
      credential: credential ?? NO_KEY,
      probeInterval: probeInterval ?? DEFAULT_PROBE_INTERVAL,
    };
    this.#rest = new Rest(clock, random, settings);
    this.#breaker = new Breaker(clock, random);
  }

  /** What a request would meet now: the failure that closed the way, or undefined where it may go, or wait for its turn. */
  check(purpose: Purpose): Failure | undefined {
    return this.#rest.check(purpose) ?? (purpose.kind === 'poll' ? undefined : this.#breaker.check(purpose));
  }

  /** True while one request tries whether the way is open, and the others wait for what comes of it. */
  get isProbing(): boolean {
    return this.#rest.isProbing || this.#breaker.isProbing;
  }

  /** Must be called when a request that `check` let through is sent. */
  sent(purpose: Purpose): Trial {
    return {rest: this.#rest.sent(), breaker: purpose.kind !== 'poll' && this.#breaker.sent()};
  }

  /** Learns from an answer; returns it, with the time to come back where the way is closed. */
  learn<T>(purpose: Purpose, reply: Reply<T>, trial: Trial): Reply<T> {
    const rested = this.#rest.learn(purpose, reply, trial.rest);
    if (purpose.kind !== 'poll') return this.#breaker.learn(purpose, rested, trial.breaker);
    const failed = !rested.ok && rested.failure.kind === 'unavailable';
    if (this.#pollFailed && rested.ok) this.#breaker.reached();
    if (failed || rested.ok) this.#pollFailed = failed;
    return rested;
  }

  /** An action that had no answer was seen to have taken effect. */
  tookEffect(): void {
    this.#breaker.tookEffect();
  }

  /** Must be called instead of `learn` where an attempt threw: nothing was learnt. */
  threw(trial: Trial): void {
    this.#rest.threw(trial.rest);
    this.#breaker.threw(trial.breaker);
  }
}
