import type {Failure, LiveReading, Reply, Sighting} from '../controller/ports.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import {isTerminal, STATUSES, type Status} from '../domain/transitions.ts';
import {ListGuard} from './listing.ts';
import type {Page} from './wire.ts';

const PAGE = 100;
/** How many campaigns that the lists lack a poll asks for at the most; the others have their turn later. */
const MOST_GETS = 100;

/** Where single Gets are fewer than pages, every so many polls read the lists all the same, for what is new. */
const LISTS_EVERY = 10;

const RUNNING = STATUSES.filter(status => !isTerminal(status));
const TERMINAL = STATUSES.filter(isTerminal);

/** The two reads that the strategy is made of; both are already behind the rate limit. */
export interface Reads {
  list(query: {status?: Status; offset: number; limit: number}): Promise<Reply<Page>>;
  get(campaignId: string): Promise<Reply<LiveCampaign>>;
  /** How many Gets may be under way at the same time. */
  readonly atOnce: number;
  /** `Clock.ticks`. */
  now(): number;
}

/** So many requests in a row without an answer are an outage. */
const OUTAGE = 3;

/** How many campaigns that cannot be used a poll names. */
const MOST_UNUSABLE = 20;

const pages = (total: number): number => Math.max(1, Math.ceil(total / PAGE));

/** What one poll has gathered so far. */
class Gathering {
  readonly seen = new Map<string, Sighting>();
  readonly missing: string[] = [];
  readonly unreadable = new Map<string, string>();
  readonly unanswered = new Map<string, string>();
  readonly unusable = new Set<string>();
  unansweredInARow = 0;
  postponed: readonly string[] = [];
  failure: Failure | undefined;
  /** Why a list was given up that would never have ended. */
  endless: Failure | undefined;
  listed = false;

  add(campaign: LiveCampaign, askedAt: number): void {
    const before = this.seen.get(campaign.campaignId);
    if (before && before.campaign.updatedAt > campaign.updatedAt) return;
    this.seen.set(campaign.campaignId, {campaign, askedAt});
  }

  /** True once so many requests in a row brought no answer that it is not the campaigns' own failure. */
  isOutage(): boolean {
    this.unansweredInARow += 1;
    return this.unansweredInARow >= OUTAGE;
  }

  get reading(): LiveReading {
    const {failure, listed, missing, postponed, unanswered, unreadable, unusable} = this;
    return {
      listed: listed && !failure && !this.endless,
      seen: [...this.seen.values()],
      missing,
      unreadable,
      unanswered,
      postponed,
      unusable: [...unusable].slice(0, MOST_UNUSABLE),
      ...(failure && {failure}),
    };
  }
}

/**
 * Reads a workspace's live statuses with as few requests as will do. It takes the cheapest of: the list of
 * all campaigns, the lists of the statuses that may still change, or one Get for each declared campaign. A
 * terminal status is remembered, since nothing leaves it. A declared campaign that the lists lack is asked
 * for by its id before it is called missing: a list may shift or shrink while it is read.
 */
export class LiveReader {
  readonly #terminal = new Map<string, Sighting>();
  /** The size of each list when it was last read; the whole list has the key `all`. */
  readonly #totals = new Map<Status | 'all', number>();
  /** The turn in which each campaign that the lists lack was last asked for, so that all have theirs. */
  readonly #asked = new Map<string, number>();
  #turns = 0;
  #pollsWithoutLists = 0;

  async poll(declared: ReadonlySet<string>, reads: Reads): Promise<LiveReading> {
    const gathering = new Gathering();
    this.#forgetUndeclared(declared);
    const wanted = [...declared].filter(id => !this.#terminal.has(id));
    for (const id of declared) {
      const known = this.#terminal.get(id);
      if (known) gathering.add(known.campaign, known.askedAt);
    }
    if (this.#prefersGets(wanted)) await this.#gets(wanted, gathering, reads);
    else {
      this.#pollsWithoutLists = 0;
      await this.#lists(gathering, reads);
      if (gathering.endless) await this.#withoutLists(gathering.endless, wanted, gathering, reads);
      else if (!gathering.failure) await this.#absent(wanted, gathering, reads);
    }
    this.#rememberTerminal(gathering, declared);
    return gathering.reading;
  }

  /** Where no list can be read to its end: what is declared is asked for one by one. */
  async #withoutLists(
    endless: Failure,
    wanted: readonly string[],
    gathering: Gathering,
    reads: Reads,
  ): Promise<void> {
    if (wanted.length === 0) gathering.failure = endless;
    gathering.unusable.add(endless.message);
    const lacking = wanted.filter(id => !gathering.seen.has(id));
    await this.#gets(lacking, gathering, reads);
  }

  #prefersGets({length}: readonly string[]): boolean {
    if (length === 0 || length >= this.#listCost()) return false;
    this.#pollsWithoutLists += 1;
    return this.#pollsWithoutLists < LISTS_EVERY;
  }

  #listCost(): number {
    return Math.min(this.#wholeCost(), this.#filteredCost());
  }

  #wholeCost(): number {
    return pages(this.#totals.get('all') ?? 0);
  }

  #filteredCost(): number {
    return RUNNING.reduce((sum, status) => sum + pages(this.#totals.get(status) ?? 0), 0);
  }

  async #lists(gathering: Gathering, reads: Reads): Promise<void> {
    gathering.listed = true;
    if (this.#wholeCost() <= this.#filteredCost()) {
      const read = await this.#list(
        undefined,
        gathering,
        reads,
        () => this.#wholeCost() <= this.#filteredCost(),
      );
      if (read) return;
    }
    await this.#each(RUNNING, gathering, reads);
  }

  async #each(statuses: readonly Status[], gathering: Gathering, reads: Reads): Promise<void> {
    for (const status of statuses) {
      if (!gathering.failure && !gathering.endless) await this.#list(status, gathering, reads, () => true);
    }
  }

  /** Reads one list to its end, or until `worthwhile` says that another way is shorter (then false). */
  async #list(
    status: Status | undefined,
    gathering: Gathering,
    reads: Reads,
    worthwhile: () => boolean,
  ): Promise<boolean> {
    const guard = new ListGuard();
    for (let offset = 0; ; ) {
      const askedAt = reads.now();
      const reply = await reads.list({...(status && {status}), offset, limit: PAGE});
      if (!reply.ok) {
        gathering.failure = reply.failure;
        return true;
      }
      const {campaigns, size, total, unusable} = reply.value;
      for (const problem of unusable) gathering.unusable.add(problem);
      gathering.endless = guard.take(reply.value, offset);
      if (gathering.endless) return true;
      for (const campaign of campaigns) {
        gathering.add(campaign, askedAt);
        this.#asked.delete(campaign.campaignId);
      }
      this.#totals.set(status ?? 'all', total);
      if (size === 0 || offset + size >= total) return true;
      if (!worthwhile()) return false;
      offset += size;
    }
  }

  async #absent(wanted: readonly string[], gathering: Gathering, reads: Reads): Promise<void> {
    const lacking = (): string[] => wanted.filter(id => !gathering.seen.has(id));
    const over = (this.#totals.get('all') ?? 0) - RUNNING.reduce((n, s) => n + (this.#totals.get(s) ?? 0), 0);
    if (lacking().length > pages(over) + TERMINAL.length) await this.#each(TERMINAL, gathering, reads);
    if (gathering.failure) return;
    const longestUnasked = lacking().toSorted((a, b) => this.#turnOf(a) - this.#turnOf(b));
    await this.#gets(longestUnasked.slice(0, MOST_GETS), gathering, reads);
    gathering.postponed = longestUnasked.slice(MOST_GETS);
  }

  async #gets(ids: readonly string[], gathering: Gathering, reads: Reads): Promise<void> {
    const waiting = ids[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (const id of waiting) {
        if (gathering.failure) return;
        await this.#get(id, gathering, reads);
      }
    };
    await Promise.all(Array.from({length: reads.atOnce}, worker));
  }

  async #get(id: string, gathering: Gathering, reads: Reads): Promise<void> {
    const askedAt = reads.now();
    this.#turns += 1;
    this.#asked.set(id, this.#turns);
    const reply = await reads.get(id);
    if (reply.ok || reply.failure.kind !== 'unavailable') gathering.unansweredInARow = 0;
    if (reply.ok) return gathering.add(reply.value, askedAt);
    const {kind, message} = reply.failure;
    if (kind === 'missing') gathering.missing.push(id);
    else if (kind === 'malformed' || kind === 'rejected') gathering.unreadable.set(id, message);
    else if (kind === 'unavailable' && !gathering.isOutage()) gathering.unanswered.set(id, message);
    else gathering.failure = reply.failure;
  }

  #turnOf(id: string): number {
    return this.#asked.get(id) ?? 0;
  }

  #rememberTerminal(gathering: Gathering, declared: ReadonlySet<string>): void {
    for (const [id, sighting] of gathering.seen) {
      const {status} = sighting.campaign;
      if (declared.has(id) && 'known' in status && isTerminal(status.known)) this.#terminal.set(id, sighting);
    }
  }

  #forgetUndeclared(declared: ReadonlySet<string>): void {
    for (const memory of [this.#terminal, this.#asked]) {
      for (const id of memory.keys()) if (!declared.has(id)) memory.delete(id);
    }
  }
}
