import {backoff} from '../controller/backoff.ts';
import type {Clock, Failure, Random, Reply} from '../controller/ports.ts';
import type {Purpose} from './purpose.ts';

/** The first and the longest time between two tries of a key that was refused. Milliseconds. */
const FIRST_KEY_REST = 2_000;
const LONGEST_KEY_REST = 60_000;
/** So many campaigns must be refused, one after the other and nothing between them taken, before it is the key that is not good. */
const CAMPAIGNS_IN_A_ROW = 3;
/** For how long a key that was taken is good, as far as is known. Milliseconds. */
const TAKEN_WITHIN = 30_000;
/** The least rest after an answer that says too many: a time to come back that is nearer is no time. */
const LEAST_REST = 500;
/** The longest rest that the platform has not asked for by a time. */
const LONGEST_UNASKED_REST = 60_000;

/** How long a pause, or a poll, waits at the most before it tries whether the platform takes it. Milliseconds. */
export const DEFAULT_PROBE_INTERVAL = 5 * 60_000;

/** A rest that is under way, and the key that it was for. */
type Resting = Failure & {readonly retryAt: number; readonly probeAt: number};

/** What may try whether a rest is over: a pause, and a poll, without which none would be known to be due. */
const mayProbe = (purpose: Purpose): boolean => purpose.kind === 'poll' || purpose.action === 'pause';

/**
 * The rest of a workspace, when the platform says that it asks too much, or that its key is not good. Meanwhile
 * nothing is sent, but for one request at a time that tries, every so often, whether it gets through: a pause, or a
 * poll. However long a rest the platform names, a pause never waits longer than that. A key that was refused is tried
 * at growing intervals, and at once where it is another one. Times are `Clock.ticks`.
 */
export class Rest {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #probeInterval: number;
  readonly #credential: () => string | undefined;
  #resting: Resting | undefined;
  #refusedKey: string | undefined;
  #inARow = 0;
  /** When the key was taken last. */
  #takenAt = Number.NEGATIVE_INFINITY;
  /** The campaigns for which the key was refused since it was taken for anything of the kind, and for what it was last. */
  readonly #refused = new Map<string, Purpose['kind']>();
  /** The last refusal was that of an action. */
  #ofAction = false;
  #probing = false;

  /** @param credential the key as it is now */
  constructor(
    clock: Clock,
    random: Random,
    {credential, probeInterval}: {credential: () => string | undefined; probeInterval: number},
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#probeInterval = probeInterval;
    this.#credential = credential;
  }

  /** What a request would meet now: the failure that it rests for, or undefined where it may go, or wait for its turn. */
  check(purpose: Purpose): Failure | undefined {
    const resting = this.#resting;
    if (!resting || !this.#isUnderWay(resting)) return undefined;
    const tries = mayProbe(purpose) && !this.#probing && this.#clock.ticks() >= resting.probeAt;
    return tries ? undefined : resting;
  }

  /** True while one request tries, and the others wait for what comes of it. */
  get isProbing(): boolean {
    return this.#probing && this.#resting !== undefined && !this.#isUnderWay(this.#resting);
  }

  /** Must be called when a request that `check` let through is sent; true where it is one that only tries. */
  sent(): boolean {
    const resting = this.#resting;
    if (!resting) return false;
    this.#probing = true;
    this.#resting = {...resting, probeAt: this.#clock.ticks() + this.#probeInterval};
    return true;
  }

  /**
   * Learns from an answer; returns it, with the time to come back where it brings a rest. A read that gets through says
   * nothing of whether actions do: what they were refused for in a row is forgotten once one gets through.
   */
  learn<T>({campaignId, kind: of}: Purpose, reply: Reply<T>, wasProbe: boolean): Reply<T> {
    if (wasProbe) this.#probing = false;
    const kind = reply.ok ? undefined : reply.failure.kind;
    if (!reply.ok && kind === 'unauthorised' && this.#isOfOne(campaignId, of))
      return {ok: false, failure: {...reply.failure, kind: of === 'poll' ? 'unavailable' : 'rejected'}};
    if (kind === 'outdated' || kind === 'dropped') return reply;
    if (!reply.ok && (kind === 'throttled' || kind === 'unauthorised')) {
      this.#ofAction = of === 'act';
      return this.#begin(reply.failure);
    }
    if (kind === 'unavailable' || kind === 'malformed') return reply;
    if (this.#resting && this.#isUnderWay(this.#resting) && !wasProbe) return reply;
    this.#resting = undefined;
    if (reply.ok) this.#taken(of);
    if (of === 'act' || !this.#ofAction) this.#inARow = 0;
    return reply;
  }

  /**
   * True where a key is refused for a campaign, and for few others, and was taken just now: the campaign may be another's. What
   * was known of it stays, since the key may be at fault all the same.
   */
  #isOfOne(campaignId: string | undefined, of: Purpose['kind']): boolean {
    const isTaken = this.#clock.ticks() - this.#takenAt <= TAKEN_WITHIN;
    if (campaignId === undefined || !isTaken || this.#resting?.kind === 'unauthorised') return false;
    this.#refused.set(campaignId, of);
    return this.#refused.size < CAMPAIGNS_IN_A_ROW;
  }

  /** A read that is taken says nothing of whether actions are. */
  #taken(of: Purpose['kind']): void {
    this.#takenAt = this.#clock.ticks();
    if (of === 'act') this.#refused.clear();
    else for (const [id, refused] of this.#refused) if (refused !== 'act') this.#refused.delete(id);
  }

  /** Must be called instead of `learn` where an attempt threw: nothing was learnt, and somebody else may try. */
  threw(wasProbe: boolean): void {
    if (wasProbe) this.#probing = false;
  }

  #isUnderWay({kind, retryAt}: Resting): boolean {
    if (kind === 'unauthorised' && this.#credential() !== this.#refusedKey) return false;
    return this.#clock.ticks() < retryAt;
  }

  #begin(failure: Failure): Reply<never> {
    const now = this.#clock.ticks();
    const already = this.#resting && now < this.#resting.retryAt ? this.#resting : undefined;
    const asked = failure.retryAt ?? 0;
    const given = asked >= now + LEAST_REST ? asked : undefined;
    const retryAt = given ?? already?.retryAt ?? now + this.#length(failure);
    const {askedBy: _nobody, ...unasked} = failure;
    const latest = already && already.retryAt >= retryAt ? already : undefined;
    const resting: Resting = {
      ...(given === undefined ? unasked : failure),
      ...(latest?.askedBy !== undefined && {askedBy: latest.askedBy}),
      retryAt: latest?.retryAt ?? retryAt,
      probeAt: already?.probeAt ?? now + this.#probeInterval,
    };
    if (failure.kind === 'unauthorised') this.#refusedKey = this.#credential();
    this.#resting = resting;
    return {ok: false, failure: resting};
  }

  #length({kind}: Failure): number {
    this.#inARow += 1;
    if (kind === 'unauthorised') return Math.min(LONGEST_KEY_REST, FIRST_KEY_REST * 2 ** (this.#inARow - 1));
    return Math.max(LEAST_REST, Math.min(LONGEST_UNASKED_REST, backoff(this.#inARow, this.#random)));
  }
}
