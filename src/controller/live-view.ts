import type {LiveCampaign} from '../domain/campaign.ts';
import type {Observation} from '../domain/diff.ts';
import {statusWord} from '../domain/finding.ts';
import {FRESH_FOR} from './freshness.ts';
import type {LiveReading, Sighting} from './ports.ts';

/** For how long a status that reads as older than the one known is taken for a stale read. Milliseconds. */
const STALE_WITHIN = 60_000;

const POSTPONED = 'the platform’s list lacks it; it will be asked for by its id';

interface Known {
  readonly observation: Observation;
  /** When a Get or an action's answer last told this status; a list does not count. */
  readonly confirmedAt?: number;
}

/** What is known of one workspace's live campaigns. Later knowledge wins, whatever order it arrives in. Times are `Clock.ticks`. */
export class LiveView {
  readonly #known = new Map<string, Known>();

  /** Takes in a poll. A campaign that it could not read keeps what was known of it, but for its freshness. */
  merge(reading: LiveReading, declared: ReadonlySet<string>, ticks: number): void {
    const seen = new Set<string>();
    for (const {campaign, askedAt} of reading.seen) {
      seen.add(campaign.campaignId);
      this.#see(campaign, askedAt, undefined);
    }
    for (const campaignId of reading.missing) this.miss(campaignId, ticks);
    for (const [campaignId, problem] of reading.unreadable) {
      this.#known.set(campaignId, {observation: {kind: 'unreadable', problem}});
    }
    for (const campaignId of reading.postponed) this.#unlessKnown(campaignId, POSTPONED);
    for (const [campaignId, problem] of reading.unanswered) this.#unlessKnown(campaignId, problem);
    if (!reading.listed) return;
    for (const campaignId of this.#known.keys()) {
      if (!seen.has(campaignId) && !declared.has(campaignId)) this.#known.delete(campaignId);
    }
  }

  /** Takes in a Get that was sent at `askedAt`. */
  confirm(campaign: LiveCampaign, askedAt: number): void {
    this.#see(campaign, askedAt, askedAt);
  }

  /** Takes in the answer to an action of ours, which came at `at`: nothing that was known before outweighs it. */
  believe(campaign: LiveCampaign, at: number): void {
    this.#known.set(campaign.campaignId, {
      observation: {kind: 'seen', campaign, readAt: at},
      confirmedAt: at,
    });
  }

  miss(campaignId: string, ticks: number): void {
    this.#known.set(campaignId, {observation: {kind: 'missing', readAt: ticks}});
  }

  /** Says that nothing may be acted on before the campaign was read again. */
  doubt(campaignId: string): void {
    const known = this.#known.get(campaignId);
    if (known) this.#known.set(campaignId, {observation: known.observation});
  }

  /** The campaign and when it was asked for, if that is fresh enough to act on. */
  fresh(campaignId: string, ticks: number): Sighting | undefined {
    const known = this.#known.get(campaignId);
    if (known?.observation.kind !== 'seen' || known.confirmedAt === undefined) return undefined;
    if (ticks - known.confirmedAt > FRESH_FOR) return undefined;
    return {campaign: known.observation.campaign, askedAt: known.confirmedAt};
  }

  /** The status as it is known now, as a word. */
  statusOf(campaignId: string): string | undefined {
    const observation = this.#known.get(campaignId)?.observation;
    return observation?.kind === 'seen' ? statusWord(observation.campaign.status) : undefined;
  }

  /** A copy: what a pass decides on does not change under it. */
  observations(): Map<string, Observation> {
    return new Map([...this.#known].map(([id, {observation}]) => [id, observation]));
  }

  #unlessKnown(campaignId: string, problem: string): void {
    const known = this.#known.get(campaignId)?.observation.kind;
    if (known === undefined || known === 'unreadable')
      this.#known.set(campaignId, {observation: {kind: 'unreadable', problem}});
  }

  #see(campaign: LiveCampaign, askedAt: number, confirmedAt: number | undefined): void {
    const before = this.#known.get(campaign.campaignId);
    if (before?.observation.kind === 'seen') {
      const {campaign: known, readAt} = before.observation;
      if (askedAt < readAt) return;
      if (campaign.updatedAt < known.updatedAt && askedAt - readAt < STALE_WITHIN) return;
    }
    const confirmed = confirmedAt ?? this.#stillConfirmed(before, campaign);
    this.#known.set(campaign.campaignId, {
      observation: {kind: 'seen', campaign, readAt: askedAt},
      ...(confirmed !== undefined && {confirmedAt: confirmed}),
    });
  }

  #stillConfirmed(before: Known | undefined, campaign: LiveCampaign): number | undefined {
    if (before?.observation.kind !== 'seen') return undefined;
    return before.observation.campaign.updatedAt === campaign.updatedAt ? before.confirmedAt : undefined;
  }
}
