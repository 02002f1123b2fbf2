import type {LiveCampaign} from '../domain/campaign.ts';
import type {Observation} from '../domain/diff.ts';
import type {Knowledge} from './knowledge.ts';
import type {LiveKnowledge, LiveReading, Sighting} from './ports.ts';
import {believe, failToRead, failToReadUnlessKnown, miss, POSTPONED, putOff, see} from './store/see.ts';
import type {Sent} from './store/sighted.ts';
import {freshIn, isKnown, isOver, newSighted, type Sighted, statusIn} from './store/sighted.ts';

/** What a command knows of one workspace's live campaigns, whoever declares them. Times are `Clock.ticks`. */
export class LiveView implements Knowledge {
  readonly #known = new Map<string, Sighted>();

  /** What a reading of these campaigns has to know, which this view is told. */
  knowledge(declared: ReadonlySet<string>): LiveKnowledge {
    const ids = [...declared];
    return {
      open: new Set(ids.filter(id => !isOver(this.#known.get(id)))),
      unknown: new Set(ids.filter(id => !isKnown(this.#known.get(id)))),
      urgent: new Set(),
      take: seen => seen.filter(one => this.#see(one, false)).length,
    };
  }

  /** How many of these campaigns have yet to be told: whether they are there, or why they cannot be read. */
  untold(declared: ReadonlySet<string>): number {
    let number = 0;
    for (const id of declared) {
      const observation = this.#known.get(id)?.observation;
      if (!observation || (observation.kind === 'unreadable' && observation.problem === POSTPONED))
        number += 1;
    }
    return number;
  }

  /** Takes in what a reading came to. A campaign that it could not read keeps what was known of it. */
  merge(reading: LiveReading): void {
    for (const [id, askedAt] of reading.missing) this.miss(id, askedAt);
    for (const [id, {askedAt, problem}] of reading.unreadable) failToRead(this.#of(id), problem, askedAt);
    for (const id of reading.postponed) putOff(this.#of(id));
    for (const [id, problem] of reading.unanswered) failToReadUnlessKnown(this.#of(id), problem);
  }

  confirm(campaign: LiveCampaign, askedAt: number): void {
    this.#see({campaign, askedAt}, true);
  }

  /** A command ends soon: what is sent late is the controller's affair. */
  sending(): void {}

  unsent(): void {}

  believe(campaign: LiveCampaign, at: number, sent: Sent): void {
    believe(this.#of(campaign.campaignId), campaign, {at, sentAt: sent.at});
  }

  miss(campaignId: string, askedAt: number): void {
    miss(this.#of(campaignId), askedAt);
  }

  doubt(campaignId: string): void {
    this.#of(campaignId).confirmedAt = undefined;
  }

  fresh(campaignId: string, ticks: number): Sighting | undefined {
    return freshIn(this.#known.get(campaignId), ticks);
  }

  statusOf(campaignId: string): string | undefined {
    return statusIn(this.#known.get(campaignId));
  }

  /** A copy: what is decided on does not change under whoever decides. */
  observations(): Map<string, Observation> {
    return new Map(
      [...this.#known].flatMap(([id, {observation}]) => (observation ? [[id, observation] as const] : [])),
    );
  }

  #see({askedAt, campaign}: Sighting, confirmed: boolean): boolean {
    return see(this.#of(campaign.campaignId), campaign, {askedAt, confirmed});
  }

  #of(campaignId: string): Sighted {
    const known = this.#known.get(campaignId) ?? newSighted();
    this.#known.set(campaignId, known);
    return known;
  }
}
