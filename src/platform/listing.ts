import type {Failure} from '../controller/ports.ts';
import type {Page} from './wire.ts';

/** How many campaigns may have been created while a list is read before it counts as one without an end. */
const MOST_GROWTH = 1000;
/** No list is read further than this. */
const LONGEST_LIST = 2_000_000;
/** How many pages in a row may hold nothing that can be used. */
const MOST_BARREN = 10;

const never = (message: string): Failure => ({kind: 'malformed', message: `the platform’s list ${message}`});

/**
 * Watches one list while it is read, page by page, and says when it will never end: where a page begins elsewhere
 * than was asked for, brings only what came before, or where there is always more.
 */
export class ListGuard {
  readonly #ids = new Set<string>();
  #firstTotal: number | undefined;
  #barren = 0;

  /** Takes in the page that was asked for at `offset`; returns why the list cannot be read on, where it cannot. */
  take(page: Page, offset: number): Failure | undefined {
    const {campaigns, size, total} = page;
    const before = this.#ids.size;
    for (const {campaignId} of campaigns) this.#ids.add(campaignId);
    this.#firstTotal ??= total;
    const brings = this.#ids.size > before;
    this.#barren = brings || size === 0 ? 0 : this.#barren + 1;
    if (page.offset !== undefined && page.offset !== offset)
      return never(`does not advance: asked from ${offset} on, it answered from ${page.offset} on`);
    if (size > 0 && campaigns.length > 0 && !brings)
      return never(
        `repeats itself: the page from ${offset} on brings nothing new, and it says that there are ${total}`,
      );
    if (this.#barren > MOST_BARREN) return never('holds nothing that can be used, page after page');
    if (total > LONGEST_LIST)
      return never(`is said to have ${total} campaigns, and is read up to ${LONGEST_LIST} of them`);
    const read = offset + size;
    if (read > this.#firstTotal + MOST_GROWTH && read < total)
      return never(`grows while it is read: first it held ${this.#firstTotal} campaigns, and now ${total}`);
    return read > LONGEST_LIST ? never(`is longer than ${LONGEST_LIST} campaigns`) : undefined;
  }
}
