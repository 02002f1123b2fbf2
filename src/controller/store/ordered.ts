import {compareText} from '../../domain/diagnostic.ts';

type Run = readonly string[];

/** How many keys wait for their place at most, until somebody asks or as many have come. */
const MOST_ADDED = 512;

/** Where the first text that comes after `text` stands, or would. */
const placeAfter = (sorted: Run, text: string): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(sorted[middle] ?? '', text) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Keys in order, so that a page of them costs a page. They lie in a few sorted runs, each at least twice as long as the next:
 * a key that is added costs little, however many there are.
 */
export class Ordered {
  readonly #has: (key: string) => boolean;
  readonly #runs: Run[] = [];
  #added: string[] = [];

  /** @param has whether a key is still there: those that are not are left out */
  constructor(has: (key: string) => boolean) {
    this.#has = has;
  }

  /** Must be called with each new key. */
  add(key: string): void {
    this.#added.push(key);
    if (this.#added.length >= MOST_ADDED) this.#settle();
  }

  /** The keys after a key, in order. */
  *after(key: string): Generator<string, void> {
    this.#settle();
    const heads = this.#runs.map(run => ({run, at: placeAfter(run, key)}));
    for (let last: string | undefined; ; ) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads) {
        while (head.run[head.at] === last && last !== undefined) head.at += 1;
        const next = head.run[head.at];
        if (next !== undefined && (!first || compareText(next, first.run[first.at] ?? '') < 0)) first = head;
      }
      last = first?.run[first.at];
      if (last === undefined) return;
      if (this.#has(last)) yield last;
    }
  }

  /** The keys before a key, the last first; all of them where there is none. */
  *before(key: string | undefined): Generator<string, void> {
    this.#settle();
    const heads = this.#runs.map(run => ({
      run,
      at: (key === undefined ? run.length : placeAfter(run, key)) - 1,
    }));
    for (let last = key; ; ) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads) {
        while (head.run[head.at] === last && last !== undefined) head.at -= 1;
        const next = head.run[head.at];
        if (next !== undefined && (!first || compareText(next, first.run[first.at] ?? '') > 0)) first = head;
      }
      last = first?.run[first.at];
      if (last === undefined) return;
      if (this.#has(last)) yield last;
    }
  }

  /** Makes a run of what was added, and one of two as long as the next is not half of the one before. */
  #settle(): void {
    if (this.#added.length === 0) return;
    this.#runs.push(this.#added.toSorted(compareText));
    this.#added = [];
    for (;;) {
      const [long, short] = this.#runs.slice(-2);
      if (!long || !short || long.length >= 2 * short.length) return;
      this.#runs.splice(-2, 2, this.#merged(long, short));
    }
  }

  #merged(a: Run, b: Run): Run {
    const merged: string[] = [];
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      const [one, other] = [a[i], b[j]];
      const isOne = other === undefined || (one !== undefined && compareText(one, other) <= 0);
      const next = (isOne ? one : other) as string;
      if (isOne) i += 1;
      else j += 1;
      if (merged.at(-1) !== next && this.#has(next)) merged.push(next);
    }
    return merged;
  }
}
