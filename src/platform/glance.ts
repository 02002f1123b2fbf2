import type {Failure} from '../controller/ports.ts';
import type {Gathering} from './gathering.ts';
import {ListGuard} from './listing.ts';
import {type Lists, PAGE} from './lists.ts';
import type {Page} from './wire.ts';

/** So often in a row the last changes are asked for in vain before it is tried whether the platform can list otherwise. */
const MOST_FAILURES = 2;

/** Whether the last changes were told, or whether only the whole lists can tell. */
export type Glanced = 'told' | 'cannot-tell';

/** What is known of the platform's changes, by its own clock. */
export interface Basis {
  /** The last change that was seen. */
  readonly newest: number;
  /** Every change after this one was seen: that of the last campaign on the first page. */
  readonly cut: number;
  /** How many campaigns there were. */
  readonly total: number;
}

const timesOf = ({campaigns}: Page): number[] => campaigns.map(({updatedAt}) => updatedAt);

const isDescending = (times: readonly number[]): boolean =>
  times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));

const basisOf = (page: Page): Basis => {
  const times = timesOf(page);
  const [newest = Number.NEGATIVE_INFINITY] = times;
  return {newest, cut: times.at(-1) ?? newest, total: page.total};
};

/**
 * Reads what has changed last, where the platform lists campaigns by their last change: down to what was known before,
 * and on while there is news. That it lists so is held against each answer, by its order, and by whether it shows a
 * change as late as the last one that is known. A campaign that was deleted shows in the number of all campaigns.
 */
export class Glance {
  /** Undefined before all campaigns were read, and where an answer did not fit what was known. */
  #basis: Basis | undefined;
  #isOrdered = true;
  /** How often in a row the last changes could not be listed, though the platform did not refuse. */
  #failures = 0;

  /** False where the platform was found not to list by the last change. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  /** True where everything has to be read before a glance can tell what has changed. */
  get needsBasis(): boolean {
    return this.#isOrdered && this.#basis === undefined;
  }

  /** Tries once more whether the platform lists by the last change, where it did not. */
  tryAgain(): void {
    this.#isOrdered = true;
  }

  /** Takes in that everything could be read, but for the last changes: they are asked for no more. */
  doWithout(): void {
    this.#isOrdered = false;
    this.#basis = undefined;
  }

  /** Takes in that all campaigns have been read since their last changes were looked at. */
  based(basis: Basis): void {
    this.#basis = basis;
  }

  /**
   * Looks at the last changes before everything is read: what changes meanwhile is found by the next glance. Gives the
   * page as well, which may hold every campaign that there is; undefined where the platform does not list by them, or cannot now, time
   * and again: whether it can list otherwise is worth a try then.
   */
  async begin(gathering: Gathering, reads: Lists): Promise<{basis: Basis; page: Page} | undefined> {
    if (!this.#isOrdered) return undefined;
    const {askedAt, reply} = await reads.list({newestFirst: true, offset: 0, limit: PAGE});
    if (!reply.ok) {
      this.#failed(reply.failure);
      if (this.#isOrdered && !this.#isInVain) gathering.failure = reply.failure;
      return undefined;
    }
    this.#failures = 0;
    const page = reply.value;
    gathering.take(page.campaigns.map(campaign => ({campaign, askedAt})));
    this.#isOrdered = isDescending(timesOf(page)) && new ListGuard().take(page, 0) === undefined;
    if (!this.#isOrdered) return undefined;
    return {page, basis: basisOf(page)};
  }

  /** Reads the last changes. After a failure the next glance begins where this one did. */
  async read(gathering: Gathering, reads: Lists): Promise<Glanced> {
    const before = this.#basis;
    if (!before || this.#isInVain) return 'cannot-tell';
    const guard = new ListGuard();
    let next = before;
    let last = Number.POSITIVE_INFINITY;
    let created = 0;
    for (let offset = 0; ; ) {
      const {askedAt, reply} = await reads.list({newestFirst: true, offset, limit: PAGE});
      if (!reply.ok) {
        this.#failed(reply.failure);
        if (!this.#isOrdered) return this.#lose();
        gathering.failure = reply.failure;
        return 'told';
      }
      this.#failures = 0;
      const page = reply.value;
      const news = gathering.take(page.campaigns.map(campaign => ({campaign, askedAt})));
      if (offset === 0) next = basisOf(page);
      this.#isOrdered = isDescending([last, ...timesOf(page)]);
      if (!this.#isOrdered || guard.take(page, offset) || next.newest < before.newest) return this.#lose();
      last = timesOf(page).at(-1) ?? last;
      created += page.campaigns.filter(({createdAt}) => createdAt > before.newest).length;
      offset += page.size;
      if (page.size > 0 && offset < page.total && (news > 0 || last > before.cut)) continue;
      if (next.total < before.total + created) return this.#lose();
      this.#basis = next;
      return 'told';
    }
  }

  get #isInVain(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  #failed({kind}: Failure): void {
    this.#isOrdered = kind !== 'rejected';
    if (kind === 'unavailable' || kind === 'malformed') this.#failures += 1;
  }

  #lose(): Glanced {
    this.#basis = undefined;
    return 'cannot-tell';
  }
}
