import type {Reply} from '../controller/ports.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import {isTerminal, STATUSES, type Status} from '../domain/transitions.ts';
import type {Gathering} from './gathering.ts';
import {ListGuard} from './listing.ts';
import type {Page} from './wire.ts';

/** How many campaigns a page of a list holds. */
export const PAGE = 100;

const RUNNING = STATUSES.filter(status => !isTerminal(status));

/** Which page of which list is asked for. */
export interface ListQuery {
  readonly status?: Status;
  readonly offset: number;
  readonly limit: number;
  /** By the last change, the latest first; else by creation, the oldest first. */
  readonly newestFirst?: true;
}

/** A reply, and when the request was sent that it answers (`Clock.ticks`): it may have waited long for its slot of the rate. */
export interface Timed<T> {
  readonly reply: Reply<T>;
  readonly askedAt: number;
}

/** The two reads that all readings are made of; both are already behind the rate limit. */
export interface Reads {
  list(query: ListQuery): Promise<Timed<Page>>;
  get(campaignId: string): Promise<Timed<LiveCampaign>>;
  /** How many Gets may be under way at the same time. */
  readonly atOnce: number;
}

export type Lists = Pick<Reads, 'list'>;

const pages = (total: number): number => Math.max(1, Math.ceil(total / PAGE));

/** The platform's lists, and how long each was when it was last read. */
export class ListReader {
  /** The size of each list when it was last read; the whole list has the key `all`. */
  readonly #totals = new Map<Status | 'all', number>();

  /** How many campaigns there are, as far as that is known. */
  get total(): number {
    return this.#totals.get('all') ?? 0;
  }

  /** How many pages the lists have that hold every campaign that may still change. */
  get cost(): number {
    return Math.min(this.#wholeCost, this.#filteredCost);
  }

  /** How many pages those have that are over, as far as that is known. */
  get overCost(): number {
    return pages(this.total - RUNNING.reduce((sum, status) => sum + this.#totalOf(status), 0));
  }

  /** Reads every campaign that may still change: by the whole list, or by those of their statuses, what is shorter. */
  async all(gathering: Gathering, reads: Lists): Promise<void> {
    gathering.listed = true;
    const isShorter = (): boolean => this.#wholeCost <= this.#filteredCost;
    if (isShorter() && (await this.#list(undefined, gathering, reads, isShorter))) return;
    await this.each(RUNNING, gathering, reads);
  }

  /** Reads no further than until every declared campaign that may still change has been seen. */
  async open(gathering: Gathering, reads: Lists): Promise<void> {
    if (this.#wholeCost <= this.#filteredCost) return this.all(gathering, reads);
    const longestFirst = RUNNING.toSorted((a, b) => this.#totalOf(b) - this.#totalOf(a));
    const isLacking = (): boolean => gathering.lacking.size > 0;
    for (const [index, status] of longestFirst.entries())
      if ((index === 0 || isLacking()) && !gathering.failure && !gathering.endless)
        await this.#list(status, gathering, reads, isLacking);
  }

  /** True where a page holds every campaign that there is: then no other has to be read. */
  isAll({size, total, unusable}: Page, gathering: Gathering): boolean {
    this.#totals.set('all', total);
    if (size < total) return false;
    for (const problem of unusable) gathering.unusable.add(problem);
    gathering.listed = true;
    return true;
  }

  async each(statuses: readonly Status[], gathering: Gathering, reads: Lists): Promise<void> {
    for (const status of statuses)
      if (!gathering.failure && !gathering.endless) await this.#list(status, gathering, reads, () => true);
  }

  /** Reads one list to its end, twice where it ends before the number that it tells, or until `goesOn` says that it need not be read further (then false). */
  async #list(
    status: Status | undefined,
    gathering: Gathering,
    reads: Lists,
    goesOn: () => boolean,
  ): Promise<boolean> {
    const guard = new ListGuard();
    let isSecondLook = false;
    for (let offset = 0; ; ) {
      const {askedAt, reply} = await reads.list({...(status && {status}), offset, limit: PAGE});
      if (!reply.ok) {
        gathering.failure = reply.failure;
        return true;
      }
      const {campaigns, size, total, unusable} = reply.value;
      for (const problem of unusable) gathering.unusable.add(problem);
      gathering.take(campaigns.map(campaign => ({campaign, askedAt})));
      gathering.endless = guard.take(reply.value, offset);
      if (gathering.endless) return true;
      this.#totals.set(status ?? 'all', total);
      offset += size;
      if (offset >= total || (size === 0 && isSecondLook)) return true;
      isSecondLook = size === 0;
      if (!goesOn()) return false;
    }
  }

  #totalOf(status: Status | 'all'): number {
    return this.#totals.get(status) ?? 0;
  }

  get #wholeCost(): number {
    return pages(this.total);
  }

  get #filteredCost(): number {
    return RUNNING.reduce((sum, status) => sum + pages(this.#totalOf(status)), 0);
  }
}
