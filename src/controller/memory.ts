import type {Past} from '../domain/assess.ts';
import type {DesiredStatus} from '../domain/campaign.ts';
import type {Claim} from '../domain/declarations.ts';
import type {Finding} from '../domain/finding.ts';
import type {Outcome} from '../domain/outcome.ts';
import {backoff} from './backoff.ts';
import type {Random, Revision} from './ports.ts';

/** An outcome that keeps a campaign waiting. */
export type WaitingOutcome = Extract<Outcome, {retryAt: number}>;

/** How a campaign's last action ended, and when (epoch milliseconds). */
export interface LastOutcome {
  readonly outcome: Outcome;
  readonly at: number;
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
  readonly #failures = new Map<string, {count: number; outcome: WaitingOutcome}>();
  readonly #lastOutcomes = new Map<string, LastOutcome>();
  /** When a revision that changed the campaign was seen, until it is settled. */
  readonly #changedAt = new Map<string, number>();
  /** The campaigns that the first revision of this process declared as they are declared now. */
  readonly #sinceFirst = new Set<string>();
  #firstCommittedAt: number | undefined;
  #adopted = false;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A new revision gives every campaign a new chance, and starts the clock of those that it changed. */
  adopt(
    revision: Revision,
    claims: ReadonlyMap<string, Claim>,
    before: ReadonlyMap<string, Claim>,
    now: number,
  ): void {
    this.#failures.clear();
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
        if (claim.kind === 'valid') this.#changedAt.set(id, now);
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

  trouble(campaignId: string): WaitingOutcome | undefined {
    return this.#failures.get(campaignId)?.outcome;
  }

  lastOutcome(campaignId: string): LastOutcome | undefined {
    return this.#lastOutcomes.get(campaignId);
  }

  /** The time to wait before a campaign that failed once more is tried again, in milliseconds. */
  nextDelay(campaignId: string): number {
    return backoff((this.#failures.get(campaignId)?.count ?? 0) + 1, this.#random);
  }

  /** @param inForce whether the revision that the action was for still is: if not, its failure delays nothing */
  ended(campaignId: string, outcome: Outcome, at: number, inForce: boolean): void {
    this.#lastOutcomes.set(campaignId, {outcome, at});
    if (!inForce) return;
    if (outcome.kind === 'deferred' || outcome.kind === 'refused') {
      const count = (this.#failures.get(campaignId)?.count ?? 0) + 1;
      this.#failures.set(campaignId, {count, outcome});
    } else this.#failures.delete(campaignId);
  }

  /**
   * Learns from a finding. Returns what it newly means: `drift` when the campaign was in place and was moved
   * from outside; `converged` with the seconds since the revision that changed it was seen.
   */
  learn({campaignId, cause, desired, state}: Finding, now: number): {drift: boolean; converged?: number} {
    if (state === 'satisfied' || state === 'awaiting') {
      if (desired) this.#settledFor.set(campaignId, desired);
      this.#drifting.delete(campaignId);
      this.#failures.delete(campaignId);
      const changedAt = this.#changedAt.get(campaignId);
      this.#changedAt.delete(campaignId);
      return {drift: false, ...(changedAt !== undefined && {converged: (now - changedAt) / 1000})};
    }
    const moved =
      cause === 'drifted' || (state === 'terminal' && this.#settledFor.get(campaignId) === desired);
    const drift = moved && !this.#drifting.has(campaignId);
    if (moved) this.#drifting.add(campaignId);
    return {drift};
  }

  #forget(claims: ReadonlyMap<string, Claim>): void {
    const memories = [
      this.#settledFor,
      this.#drifting,
      this.#lastOutcomes,
      this.#changedAt,
      this.#sinceFirst,
    ];
    for (const memory of memories) {
      for (const id of memory.keys()) if (!claims.has(id)) memory.delete(id);
    }
  }
}
