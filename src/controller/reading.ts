import {errorText} from '../domain/text.ts';
import type {Listener} from './events.ts';
import type {Clock, Failure, LiveKnowledge, LiveReading, Platform} from './ports.ts';
import type {CampaignStore} from './store/store.ts';

/** `poll`: what may have changed; `resync`: everything. */
export type Reach = 'poll' | 'resync';

/** For how long a campaign that brings no answer keeps others waiting. Milliseconds. */
const AWAITED_FOR = 60_000;

/** Nothing has been put off, and nothing was asked for in vain. */
export const NONE_UNASKED = {putOff: 0, inVain: 0};

/** Whom a reading tells while it goes on. */
export interface ReadingHooks {
  /** Called when something new has been seen. */
  readonly heed: () => Promise<void>;
  /** Called with what kept the workspace from being read, or with nothing. */
  readonly read: (failure: Failure | undefined) => void;
}

/** Reads one workspace's live campaigns into its store, and knows how far they have been read. */
export class Reading {
  readonly #store: CampaignStore;
  readonly #platform: Platform;
  readonly #clock: Clock;
  readonly #listener: Listener;
  #unusable: readonly string[] = [];
  #polled = false;
  #readAt: number | undefined;
  /** How often something came to be wished before which a reading that is under way may have asked. */
  #wishes = 0;
  #isSought = false;
  /**
   * Declared campaigns that were not asked for since, or in vain, and since when (`Clock.ticks`); undefined where no reading
   * has ended that began since.
   */
  #unasked: ReadonlyMap<string, number | undefined> | undefined;

  constructor(
    store: CampaignStore,
    {clock, listener, platform}: {clock: Clock; listener: Listener; platform: Platform},
  ) {
    this.#store = store;
    this.#platform = platform;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Campaigns of the platform's lists that cannot be used, each with the reason. */
  get unusable(): readonly string[] {
    return this.#unusable;
  }

  /** True once the platform was asked, whatever it answered. */
  get polled(): boolean {
    return this.#polled;
  }

  /** When the last reading began that nothing kept from its end (epoch milliseconds). */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /** True once every declared campaign has been read since the last revision came. */
  get isWhole(): boolean {
    return this.#unasked?.size === 0;
  }

  /** How many declared campaigns have yet to be asked for, or were so far asked for in vain. */
  get unasked(): {readonly putOff: number; readonly inVain: number} {
    const all = [...(this.#unasked?.values() ?? [])];
    const putOff = all.filter(since => since === undefined).length;
    return {putOff, inVain: all.length - putOff};
  }

  /** True until a reading begins that asks for campaigns which have yet to be asked for since their wish changed. */
  get isSought(): boolean {
    return this.#isSought;
  }

  /** What was asked for in vain keeps nobody waiting any more. */
  giveUp(): void {
    this.#unasked &&= new Map();
  }

  /** Another revision came: what it declares has yet to be read. */
  revised(): void {
    this.#wishes += 1;
    this.#unasked = undefined;
  }

  /** Campaigns of which nothing is known are wanted at rest from now on: they have yet to be asked for. */
  seek(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    this.#wishes += 1;
    this.#isSought = true;
    const sought = [...ids].map(id => [id, undefined] as const);
    this.#unasked &&= new Map([...this.#unasked, ...sought]);
  }

  /** Reads. What could not be read keeps its last known status, and is no ground to act. */
  async read(reach: Reach, signal: AbortSignal, {heed, read}: ReadingHooks): Promise<void> {
    const wishes = this.#wishes;
    this.#isSought = false;
    const [now, startedAt] = [this.#clock.now(), this.#clock.ticks()];
    const reading = await this.#platform[reach](this.#knowledge(reach, heed), signal).catch(
      (error: unknown) => {
        read({kind: 'unavailable', message: `an unexpected error: ${errorText(error)}`});
        throw error;
      },
    );
    if (reading.failure?.kind === 'dropped') return;
    this.#store.sightings.merge(reading, startedAt);
    read(reading.failure);
    if (reading.listed || reading.unusable.length > 0) this.#tellUnusable(reading.unusable);
    this.#polled = true;
    if (!reading.failure) this.#readAt = now;
    if (!reading.failure && wishes === this.#wishes) this.#asked(reading);
    await heed();
  }

  #knowledge(reach: Reach, heed: () => Promise<void>): LiveKnowledge {
    const {workspace} = this.#store;
    const tellError = (error: unknown): void =>
      this.#listener({kind: 'unexpected-error', work: reach, workspace, error});
    const {knowledge} = this.#store.sightings;
    return {
      ...knowledge,
      isAwaited: !this.isWhole,
      take: seen => {
        const news = knowledge.take(seen);
        if (news > 0) heed().catch(tellError);
        return news;
      },
    };
  }

  /** Declared campaigns of which nothing is known but versions older than one that was seen before: stale reads, for a time. */
  *#staleOnes(): Generator<string, void> {
    for (const id of this.#store.indexes.unknown) {
      const entry = this.#store.find(id);
      if (entry?.newer && !entry.observation) yield id;
    }
  }

  /**
   * Takes in which declared campaigns a whole reading has put off, or asked for in vain; the others are read. One that is
   * asked for in vain for long keeps nobody waiting.
   */
  #asked({postponed, unanswered}: LiveReading): void {
    const [before, ticks] = [this.#unasked, this.#clock.ticks()];
    const unasked = new Map<string, number | undefined>();
    const add = (id: string, since: number | undefined): void => {
      const isAwaited = since === undefined || ticks - since < AWAITED_FOR;
      if (isAwaited && (before?.has(id) ?? true)) unasked.set(id, since);
    };
    for (const id of postponed) add(id, before?.get(id));
    for (const id of unanswered.keys()) add(id, before?.get(id) ?? ticks);
    for (const id of this.#staleOnes()) add(id, before?.get(id) ?? ticks);
    this.#unasked = unasked;
  }

  #tellUnusable(problems: readonly string[]): void {
    if (problems.join('\n') !== this.#unusable.join('\n'))
      this.#listener({kind: 'unusable-changed', workspace: this.#store.workspace, problems});
    this.#unusable = problems;
  }
}
