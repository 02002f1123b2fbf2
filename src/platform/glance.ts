import type {Gathering} from './gathering.ts';
import {ListGuard} from './listing.ts';
import {type Lists, PAGE} from './lists.ts';

/** Whether the newest changes were told, or whether only the whole lists can tell. */
export type Glanced = 'told' | 'cannot-tell';

/**
 * Reads what has changed last, where the platform lists campaigns by their last change: down to the first page with
 * nothing new. That it does so is held against each answer, by its order, and by whether it shows a change as late as
 * the last one that is known. A campaign that was deleted shows in the number of all campaigns.
 */
export class Glance {
  /** The last change that is known, by the platform's clock; undefined before all campaigns were read. */
  #newest: number | undefined;
  #total = 0;
  #isOrdered = true;

  /** Takes in that all campaigns have been read that may still change. */
  based(newest: number): void {
    this.#newest = newest;
  }

  /** Tries once more whether the platform lists by the last change, where it did not. */
  tryAgain(): void {
    this.#isOrdered = true;
  }

  /** True where a glance can be expected to tell what has changed. */
  get canTell(): boolean {
    return this.#isOrdered && this.#newest !== undefined;
  }

  async read(gathering: Gathering, reads: Lists): Promise<Glanced> {
    const guard = new ListGuard();
    let last = Number.POSITIVE_INFINITY;
    for (let offset = 0; ; ) {
      const askedAt = reads.now();
      const reply = await reads.list({newestFirst: true, offset, limit: PAGE});
      if (!reply.ok) {
        gathering.failure = reply.failure;
        return 'told';
      }
      const {campaigns, size, total} = reply.value;
      const times = [last, ...campaigns.map(({updatedAt}) => updatedAt)];
      last = times.at(-1) ?? last;
      if (guard.take(reply.value, offset) || !this.#isPlausible(times, offset, total)) return this.#lose();
      const news = gathering.take(campaigns.map(campaign => ({campaign, askedAt})));
      offset += size;
      if (news > 0 && size > 0 && offset < total) continue;
      this.#newest = Math.max(this.#newest ?? last, gathering.newest);
      return 'told';
    }
  }

  #isPlausible(times: readonly number[], offset: number, total: number): boolean {
    const isOrdered = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));
    if (!isOrdered) this.#isOrdered = false;
    const isWhole = offset > 0 || total >= this.#total;
    this.#total = total;
    const [, first = Number.NEGATIVE_INFINITY] = times;
    return isOrdered && isWhole && (offset > 0 || first >= (this.#newest ?? first));
  }

  #lose(): Glanced {
    this.#newest = undefined;
    return 'cannot-tell';
  }
}
