import type {Past} from '../domain/assess.ts';
import type {DesiredStatus} from '../domain/campaign.ts';
import type {Claim} from '../domain/declarations.ts';
import type {Finding} from '../domain/finding.ts';
import type {Outcome} from '../domain/outcome.ts';
import {backoff} from './backoff.ts';
import type {Random, Revision} from './ports.ts';

/** An outcome that keeps a campaign waiting. */
export type WaitingOutcome = Extract<Outcome, {retryAt: number}>;

/** The longest wait of a campaign whose request had no answer. Milliseconds. */
const LONGEST_WITHOUT_ANSWER = 60_000;

/** How a campaign's last action ended, and when (epoch milliseconds). */
export interface LastOutcome {
  readonly outcome: Outcome;
  readonly at: number;
}

/** One moment by both clocks: the time of day, and `Clock.ticks`. */
export interface Moment {
  readonly now: number;
  readonly ticks: number;
}

/** What a finding newly means. */
export interface Learned {
  readonly drift: boolean;
  readonly lost: boolean;
  readonly converged?: number;
}

const desiredOf = (claim: Claim | undefined): DesiredStatus | undefined =>
  claim?.kind === 'valid' ? claim.declaration.desired : undefined;

/**
 * What one workspace remembers of its campaigns between passes. All of it may be lost at any time: it makes
 * reports better and retries slower, and decides nothing about what may be done.
 */
export class CampaignMemory {
  readonly #random: Random;
  readonly #settledFor = new Map<string, DesiredStatus>();
  readonly #drifting = new Set<string>();
  /** `dueAt` is when it may be tried again (`Clock.ticks`): no correction of the time of day moves it. */
  readonly #failures = new Map<string, {count: number; outcome: WaitingOutcome; dueAt: number}>();
  /** The campaigns that were found where nothing leaves, against Git. */
  readonly #lost = new Set<string>();
  readonly #lastOutcomes = new Map<string, LastOutcome>();
  /** When a revision that changed the campaign was seen (`Clock.ticks`), until it is settled. */
  readonly #changedAt = new Map<string, number>();
  /** The campaigns that the first revision of this process declared as they are declared now. */
  readonly #sinceFirst = new Set<string>();
  #firstCommittedAt: number | undefined;
  #adopted = false;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A new revision gives the campaigns that it changed a new chance, and starts their clocks. */
  adopt(
    revision: Revision,
    claims: ReadonlyMap<string, Claim>,
    before: ReadonlyMap<string, Claim>,
    changed: ReadonlySet<string>,
    ticks: number,
  ): void {
    for (const id of changed) this.#failures.delete(id);
    const first = !this.#adopted;
    this.#adopted = true;
    if (first) this.#firstCommittedAt = revision.committedAt;
    for (const [id, claim] of claims) {
      const desired = desiredOf(claim);
      const settledFor = this.#settledFor.get(id);
      if (settledFor !== undefined && desired !== undefined && settledFor !== desired) {
        this.#settledFor.delete(id);
        this.#drifting.delete(id);
      }
      if (first) this.#sinceFirst.add(id);
      else if (desired !== desiredOf(before.get(id))) {
        this.#sinceFirst.delete(id);
        if (claim.kind === 'valid') this.#changedAt.set(id, ticks);
      }
    }
    this.#forget(claims);
  }

  past(campaignId: string): Past {
    const settledFor = this.#settledFor.get(campaignId);
    const declaredBefore = this.#sinceFirst.has(campaignId) ? this.#firstCommittedAt : undefined;
    return {
      ...(settledFor !== undefined && {settledFor}),
      ...(declaredBefore !== undefined && {declaredBefore}),
    };
  }

  /** The outcome that keeps a campaign waiting, with the time of day at which it is tried again. */
  trouble(campaignId: string, {now, ticks}: Moment): WaitingOutcome | undefined {
    const failure = this.#failures.get(campaignId);
    return failure && {...failure.outcome, retryAt: now + (failure.dueAt - ticks)};
  }

  lastOutcome(campaignId: string): LastOutcome | undefined {
    return this.#lastOutcomes.get(campaignId);
  }

  /**
   * The time to wait before a campaign that failed once more is tried again, in milliseconds. What had no answer may
   * have one soon; what was refused is refused again.
   */
  nextDelay(campaignId: string, kind: WaitingOutcome['kind']): number {
    const delay = backoff((this.#failures.get(campaignId)?.count ?? 0) + 1, this.#random);
    return kind === 'deferred' ? Math.min(delay, LONGEST_WITHOUT_ANSWER) : delay;
  }

  /** A campaign less runs: those that were refused to run may be tried again, since it may have been for want of a slot. */
  slotFreed(): void {
    for (const [id, {outcome}] of this.#failures)
      if (outcome.kind === 'refused' && outcome.action === 'resume') this.#failures.delete(id);
  }

  /** The platform answers again: what had no answer may be tried at once, without a backoff of its own. */
  outageOver(): void {
    for (const [id, {outcome}] of this.#failures) if (outcome.kind === 'deferred') this.#failures.delete(id);
  }

  /** @param inForce whether the revision that the action was for still is: if not, its failure delays nothing */
  ended(campaignId: string, outcome: Outcome, {now, ticks}: Moment, inForce: boolean): void {
    this.#lastOutcomes.set(campaignId, {outcome, at: now});
    if (!inForce) return;
    if (outcome.kind === 'deferred' || outcome.kind === 'refused') {
      const count = (this.#failures.get(campaignId)?.count ?? 0) + 1;
      this.#failures.set(campaignId, {count, outcome, dueAt: ticks + (outcome.retryAt - now)});
    } else this.#failures.delete(campaignId);
  }

  /**
   * Learns from a finding. Returns what it newly means: `drift` when the campaign was in place and was moved
   * from outside; `lost` when nothing will ever bring it to where Git wants it; `converged` with the seconds since
   * the revision that changed it was seen.
   *
   * @param ticks `Clock.ticks`
   */
  learn({campaignId, cause, desired, state}: Finding, ticks: number): Learned {
    if (state !== 'terminal') this.#lost.delete(campaignId);
    if (state === 'satisfied' || state === 'awaiting') {
      if (desired) this.#settledFor.set(campaignId, desired);
      this.#drifting.delete(campaignId);
      this.#failures.delete(campaignId);
      const changedAt = this.#changedAt.get(campaignId);
      this.#changedAt.delete(campaignId);
      return {
        drift: false,
        lost: false,
        ...(changedAt !== undefined && {converged: (ticks - changedAt) / 1000}),
      };
    }
    const moved =
      cause === 'drifted' || (state === 'terminal' && this.#settledFor.get(campaignId) === desired);
    const drift = moved && !this.#drifting.has(campaignId);
    if (moved) this.#drifting.add(campaignId);
    const lost = state === 'terminal' && !this.#lost.has(campaignId);
    if (lost) this.#lost.add(campaignId);
    return {drift, lost};
  }

  #forget(claims: ReadonlyMap<string, Claim>): void {
    const memories = [
      this.#settledFor,
      this.#drifting,
      this.#lost,
      this.#lastOutcomes,
      this.#changedAt,
      this.#sinceFirst,
    ];
    for (const memory of memories) {
      for (const id of memory.keys()) if (!claims.has(id)) memory.delete(id);
    }
  }
}
