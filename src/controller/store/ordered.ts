import {compareText} from '../../domain/diagnostic.ts';

/** Where the first text that comes after `text` stands, or would. */
const placeAfter = (sorted: readonly string[], text: string): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(sorted[middle] ?? '', text) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** How many keys may wait for their place, beside half as many as are in theirs. */
const MOST_ADDED = 1_000;

/** Keys in order, so that a page of them costs a page. What was added since is put in its place when somebody asks. */
export class Ordered {
  readonly #has: (key: string) => boolean;
  #sorted: readonly string[] = [];
  #added: string[] = [];

  /** @param has whether a key is still there: those that are not are left out */
  constructor(has: (key: string) => boolean) {
    this.#has = has;
  }

  /** Must be called with each new key. */
  add(key: string): void {
    this.#added.push(key);
    if (this.#added.length > MOST_ADDED + this.#sorted.length / 2) this.#merge();
  }

  /** The keys after a key, in order. */
  *after(key: string): Generator<string, void> {
    if (this.#added.length > 0) this.#merge();
    const sorted = this.#sorted;
    for (let at = placeAfter(sorted, key); at < sorted.length; at++) {
      const next = sorted[at];
      if (next !== undefined && this.#has(next)) yield next;
    }
  }

  /** The keys before a key, the last first; all of them where there is none. */
  *before(key: string | undefined): Generator<string, void> {
    if (this.#added.length > 0) this.#merge();
    const sorted = this.#sorted;
    for (let at = key === undefined ? sorted.length - 1 : placeAfter(sorted, key) - 1; at >= 0; at--) {
      const next = sorted[at];
      if (next !== undefined && next !== key && this.#has(next)) yield next;
    }
  }

  #merge(): void {
    const added = this.#added.toSorted(compareText);
    const merged: string[] = [];
    let at = 0;
    const put = (key: string): void => {
      if (merged.at(-1) !== key && this.#has(key)) merged.push(key);
    };
    for (const key of this.#sorted) {
      for (; at < added.length && compareText(added[at] ?? '', key) < 0; at++) put(added[at] ?? '');
      put(key);
    }
    for (; at < added.length; at++) put(added[at] ?? '');
    this.#sorted = merged;
    this.#added = [];
  }
}
