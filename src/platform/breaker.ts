import {backoff} from '../controller/backoff.ts';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';
import type {Purpose} from './purpose.ts';

/** The turn of one campaign: the read before an action, or the action. */
type TurnPurpose = Exclude<Purpose, {kind: 'poll'}>;

/** So many campaigns must fail, one after the other and none between them succeed, before it is none of their own failure. */
const CAMPAIGNS_IN_A_ROW = 3;
/** How long the failure of a campaign counts among those in a row. Milliseconds. */
const FAILING_FOR = 10 * 60_000;
/** How long after a try a pause of a campaign that has not failed may try, too, however long the rest: those that fail may be broken themselves. Milliseconds. */
const SOUND_PAUSE_AFTER = 5_000;
/** For how long an effect that showed, though its action had no answer, tells that actions get through. Milliseconds. */
const PROVEN_FOR = 60_000;
/** Between two tries whether the outage is over. Milliseconds. */
const LEAST_REST = 500;
const LONGEST_REST = 60_000;

/**
 * Tells an outage, in which actions fail whatever the campaign, from the failure of one campaign. During an outage one
 * turn at a time tries whether it is over, at growing intervals, so that no campaign collects a backoff of its own. What fails
 * while another campaign gets through is broken itself, and tells of no outage until it gets through once. Times are `Clock.ticks`.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #random: Random;
  /** The campaigns that have failed since one succeeded, each with what failed last. */
  readonly #failing = new Map<string, {readonly kind: TurnPurpose['kind']; readonly at: number}>();
  /** The campaigns that failed while another one got through, and when they last did. */
  readonly #broken = new Map<string, number>();
  #triedAt = Number.NEGATIVE_INFINITY;
  #provenAt = Number.NEGATIVE_INFINITY;
  #outage: (Failure & {readonly retryAt: number}) | undefined;
  #restsInARow = 0;
  #probing = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The outage that a turn would meet now; undefined where it may go, or wait for its turn. */
  check({action, campaignId}: TurnPurpose): Failure | undefined {
    const outage = this.#underWay;
    const isSound = !this.#failing.has(campaignId) && !this.#broken.has(campaignId);
    if (!outage || action !== 'pause' || !isSound) return outage;
    const retryAt = Math.min(outage.retryAt, this.#triedAt + SOUND_PAUSE_AFTER);
    return this.#clock.ticks() < retryAt ? {...outage, retryAt} : undefined;
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
  learn<T>(purpose: TurnPurpose, reply: Reply<T>, wasProbe: boolean): Reply<T> {
    if (wasProbe) this.#probing = false;
    const failure = reply.ok ? undefined : reply.failure;
    if (failure?.kind === 'unavailable' || failure?.kind === 'malformed') {
      this.#count(purpose);
      return this.#failed(failure, wasProbe);
    }
    if (!failure || failure.kind === 'rejected' || failure.kind === 'missing') this.#succeeded(purpose);
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

  /** An action that had no answer was seen to have taken effect: there is no outage, however many have none. */
  tookEffect(): void {
    this.#provenAt = this.#clock.ticks();
    this.#failing.clear();
    this.#over();
  }

  get #underWay(): (Failure & {readonly retryAt: number}) | undefined {
    return this.#outage && this.#clock.ticks() < this.#outage.retryAt ? this.#outage : undefined;
  }

  #over(): void {
    this.#outage = undefined;
    this.#restsInARow = 0;
  }

  #count({campaignId, kind}: TurnPurpose): void {
    const at = this.#clock.ticks();
    this.#triedAt = at;
    this.#forget();
    if (this.#broken.has(campaignId)) this.#broken.set(campaignId, at);
    else this.#failing.set(campaignId, {kind, at});
  }

  #failed(failure: Failure, wasProbe: boolean): Reply<never> {
    const underWay = this.#underWay;
    if (underWay) return {ok: false, failure: {...failure, ...underWay, message: failure.message}};
    const isProven = this.#clock.ticks() - this.#provenAt < PROVEN_FOR;
    if (isProven || (!wasProbe && this.#failing.size < CAMPAIGNS_IN_A_ROW)) return {ok: false, failure};
    this.#restsInARow += 1;
    const rest = Math.max(LEAST_REST, Math.min(LONGEST_REST, backoff(this.#restsInARow, this.#random)));
    this.#outage = {...failure, retryAt: this.#clock.ticks() + rest};
    return {ok: false, failure: this.#outage};
  }

  /** What failed long ago, and was not tried since, says nothing of now. */
  #forget(): void {
    const since = this.#clock.ticks() - FAILING_FOR;
    for (const [id, {at}] of this.#failing) if (at < since) this.#failing.delete(id);
    for (const [id, at] of this.#broken) if (at < since) this.#broken.delete(id);
  }

  /** A read that gets through says nothing of whether actions do. */
  #succeeded({campaignId, kind}: TurnPurpose): void {
    if (kind === 'act') {
      for (const [id, {at}] of this.#failing) this.#broken.set(id, at);
      this.#failing.clear();
      this.#broken.delete(campaignId);
    } else for (const [id, failed] of this.#failing) if (failed.kind === 'read') this.#failing.delete(id);
    if (this.#failing.size === 0) this.#over();
  }
}
