import {backoff} from '../controller/backoff.ts';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';
import type {Purpose} from './purpose.ts';

/** The turn of one campaign: the read before an action, or the action. */
type TurnPurpose = Exclude<Purpose, {kind: 'poll'}>;

/** So many campaigns must fail, one after the other and none between them succeed, before it is none of their own failure. */
const CAMPAIGNS_IN_A_ROW = 3;
/** How long the failure of a campaign counts among those in a row. Milliseconds. */
const FAILING_FOR = 10 * 60_000;
/** Between two tries whether the outage is over. Milliseconds. */
const LEAST_REST = 500;
const LONGEST_REST = 60_000;

/**
 * Tells an outage, in which actions fail whatever the campaign, from the failure of one campaign. During an outage one
 * turn at a time tries whether it is over, at growing intervals, so that no campaign collects a backoff of its own.
 * Times are `Clock.ticks`.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #random: Random;
  /** The campaigns that have failed since one succeeded, each with what failed last. */
  readonly #failing = new Map<string, {readonly kind: TurnPurpose['kind']; readonly at: number}>();
  #outage: (Failure & {readonly retryAt: number}) | undefined;
  #restsInARow = 0;
  #probing = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The outage that a turn would meet now; undefined where it may go, or wait for its turn. */
  check(): Failure | undefined {
    return this.#outage && this.#clock.ticks() < this.#outage.retryAt ? this.#outage : undefined;
  }

  /** True while one turn tries, and the others wait for what comes of it. */
  get isProbing(): boolean {
    return this.#probing;
  }

  /** Must be called when a request of a turn is sent; true where it is one that only tries. */
  sent(): boolean {
    if (!this.#outage) return false;
    this.#probing = true;
    return true;
  }

  /** Learns from an answer; returns it, with the time to come back where it is part of an outage. */
  learn<T>({campaignId, kind}: TurnPurpose, reply: Reply<T>, wasProbe: boolean): Reply<T> {
    if (wasProbe) this.#probing = false;
    const failure = reply.ok ? undefined : reply.failure;
    if (failure?.kind === 'unavailable' || failure?.kind === 'malformed') {
      this.#forget();
      this.#failing.set(campaignId, {kind, at: this.#clock.ticks()});
      return this.#failed(failure, wasProbe);
    }
    if (!failure || failure.kind === 'rejected' || failure.kind === 'missing') this.#succeeded(kind);
    return reply;
  }

  /** Must be called instead of `learn` where an attempt threw. */
  threw(wasProbe: boolean): void {
    if (wasProbe) this.#probing = false;
  }

  /** The platform can be reached again, as a poll has shown: the next turn may try at once. */
  reached(): void {
    if (this.#outage) this.#outage = {...this.#outage, retryAt: this.#clock.ticks()};
  }

  #failed(failure: Failure, wasProbe: boolean): Reply<never> {
    const underWay = this.check();
    if (underWay) return {ok: false, failure: {...failure, ...underWay, message: failure.message}};
    if (!wasProbe && this.#failing.size < CAMPAIGNS_IN_A_ROW) return {ok: false, failure};
    this.#restsInARow += 1;
    const rest = Math.max(LEAST_REST, Math.min(LONGEST_REST, backoff(this.#restsInARow, this.#random)));
    this.#outage = {...failure, retryAt: this.#clock.ticks() + rest};
    return {ok: false, failure: this.#outage};
  }

  /** What failed long ago, and was not tried since, says nothing of now. */
  #forget(): void {
    const since = this.#clock.ticks() - FAILING_FOR;
    for (const [id, {at}] of this.#failing) if (at < since) this.#failing.delete(id);
  }

  /** A read that gets through says nothing of whether actions do. */
  #succeeded(kind: TurnPurpose['kind']): void {
    if (kind === 'act') this.#failing.clear();
    else for (const [id, failed] of this.#failing) if (failed.kind === 'read') this.#failing.delete(id);
    if (this.#failing.size > 0) return;
    this.#outage = undefined;
    this.#restsInARow = 0;
  }
}
