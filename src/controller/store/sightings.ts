import type {LiveCampaign} from '../../domain/campaign.ts';
import type {Knowledge} from '../knowledge.ts';
import type {LiveKnowledge, LiveReading, Sighting} from '../ports.ts';
import type {Entries} from './entries.ts';
import type {Entry} from './entry.ts';
import type {Indexes} from './indexes.ts';
import {wasMade} from './learn.ts';
import {believe, failToRead, failToReadUnlessKnown, miss, putOff, see} from './see.ts';
import {takeOut} from './sent.ts';
import {freshIn, newestOf, type Sent, statusIn} from './sighted.ts';
import {hasEnded} from './versions.ts';

/** Takes into the entries of a workspace what its campaigns are seen to be. Whatever changes one marks it. */
export class Sightings implements Knowledge {
  readonly #entries: Entries;
  readonly #indexes: Indexes;
  readonly #onEffect: (sent: Sent, at: number) => void;
  readonly #onShown: () => void;

  /**
   * @param onEffect told of each action of ours that took effect, once: by its answer, or when the platform shows it (`Clock.ticks`)
   * @param onShown told where the platform shows what had no answer
   */
  constructor(
    entries: Entries,
    indexes: Indexes,
    onEffect: (sent: Sent, at: number) => void,
    onShown: () => void,
  ) {
    this.#entries = entries;
    this.#indexes = indexes;
    this.#onEffect = onEffect;
    this.#onShown = onShown;
  }

  /** What a reading has to know: as of the last settling, and as it goes on. */
  get knowledge(): LiveKnowledge {
    const {open, unknown, urgent} = this.#indexes;
    return {open, unknown, urgent, take: seen => this.take(seen)};
  }

  /** Takes in what a request has shown; returns how much of it is news. */
  take(seen: readonly Sighting[]): number {
    let news = 0;
    for (const {askedAt, campaign} of seen) if (this.#see(campaign, askedAt, false)) news += 1;
    return news;
  }

  /**
   * Takes in what a reading came to. A campaign that it could not read keeps what was known of it.
   *
   * @param startedAt when it began (`Clock.ticks`)
   */
  merge(reading: LiveReading, startedAt: number): void {
    for (const [id, askedAt] of reading.missing) this.miss(id, askedAt);
    for (const [id, {askedAt, problem}] of reading.unreadable)
      this.#change(id, entry => failToRead(entry, problem, askedAt));
    for (const id of reading.postponed) this.#change(id, putOff);
    for (const [id, problem] of reading.unanswered)
      this.#change(id, entry => failToReadUnlessKnown(entry, problem));
    if (reading.listed) this.#forgetUnseen(startedAt);
  }

  /** Takes in a Get that was sent at `askedAt`. */
  confirm(campaign: LiveCampaign, askedAt: number): void {
    this.#see(campaign, askedAt, true);
  }

  /**
   * Remembers what is about to be sent, so that its effect is known for ours, however late it shows. Whom the platform names for what is
   * ours nobody knows any more where another key is used.
   */
  sending(campaignId: string, sent: Sent, keysUsed: number): void {
    const {origin} = this.#indexes;
    if (origin.keysUsed !== undefined && origin.keysUsed !== keysUsed) origin.ownName = undefined;
    origin.keysUsed = keysUsed;
    const entry = this.#entries.of(campaignId);
    entry.sent = [...entry.sent, sent];
  }

  /** What was sent has certainly had no effect. */
  unsent(campaignId: string, sent: Sent): void {
    takeOut(this.#entries.of(campaignId), sent);
  }

  /** Takes in the answer to an action of ours, which came at `at`: nothing that was known before outweighs it. */
  believe(campaign: LiveCampaign, at: number, sent: Sent): void {
    this.#change(campaign.campaignId, entry => {
      this.#learnName(entry, campaign);
      if (takeOut(entry, sent)) this.#onEffect(sent, at);
      if (!believe(entry, campaign, {at, sentAt: sent.at})) wasMade(entry, campaign.status);
      return true;
    });
  }

  miss(campaignId: string, askedAt: number): void {
    this.#change(campaignId, entry => miss(entry, askedAt));
  }

  /** Says that nothing may be acted on before the campaign was read again. */
  doubt(campaignId: string): void {
    this.#entries.of(campaignId).confirmedAt = undefined;
  }

  /** The campaign and when it was asked for, if that is fresh enough to act on. */
  fresh(campaignId: string, ticks: number): Sighting | undefined {
    return freshIn(this.#entries.find(campaignId), ticks);
  }

  /** The status as it is known now, as a word. */
  statusOf(campaignId: string): string | undefined {
    return statusIn(this.#entries.find(campaignId));
  }

  /** An answer that tells the change before tells nobody's name but whose that was. */
  #learnName(entry: Entry, {updatedAt, updatedBy}: LiveCampaign): void {
    const before = newestOf(entry);
    const isNew = before === undefined || updatedAt > before.updatedAt;
    if (isNew && updatedBy !== undefined) this.#indexes.origin.ownName = updatedBy;
  }

  #see(campaign: LiveCampaign, askedAt: number, confirmed: boolean): boolean {
    const {campaignId} = campaign;
    if (hasEnded(campaign) && !this.#entries.find(campaignId)) return false;
    const reading = {askedAt, confirmed, ownName: this.#indexes.origin.ownName};
    const onEffect = (sent: Sent): void => {
      this.#onEffect(sent, askedAt);
      this.#onShown();
    };
    return this.#change(campaignId, entry =>
      see(entry, campaign, entry.sent.length > 0 ? {...reading, onEffect} : reading),
    );
  }

  /** A whole list lacks them, and nobody declares them: they are gone. */
  #forgetUnseen(startedAt: number): void {
    for (const entry of this.#entries.undeclared) {
      if (entry.seenAt >= startedAt) continue;
      entry.observation = undefined;
      this.#entries.mark(entry);
    }
  }

  /** Returns whether anything has changed. */
  #change(campaignId: string, change: (entry: Entry) => boolean): boolean {
    const entry = this.#entries.of(campaignId);
    const isChanged = change(entry);
    if (isChanged) this.#entries.mark(entry);
    return isChanged;
  }
}
