import {compareText} from '../../domain/diagnostic.ts';

/** The most keys of a part. One that is rid of what is gone, and still has more than half of them, is divided. */
const LONGEST = 1_024;

/** After so many new keys one part more is rid of the keys that are gone. */
const SWEEP_AFTER = 128;

/** How many of the first items come before a text, or are it: the items are in order. */
const countUpTo = <T>(sorted: readonly T[], text: string, textOf: (item: T) => string): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(textOf(sorted[middle] as T), text) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

const itself = (key: string): string => key;
const firstOf = (part: readonly string[]): string => part[0] ?? '';

/** A place among the keys: of which part, and how many of its keys come before. */
interface Place {
  part: number;
  before: number;
}

/**
 * Keys in order, so that a page of them costs a page. They lie in parts of bounded length, one after the other: a key that is
 * added moves those of its part alone, however many there are.
 */
export class Ordered {
  readonly #has: (key: string) => boolean;
  readonly #parts: string[][] = [];
  /** Changes whenever places do. */
  #version = 0;
  #added = 0;
  #swept = 0;

  /** @param has whether a key is still there: those that are not are left out */
  constructor(has: (key: string) => boolean) {
    this.#has = has;
  }

  /** Must be called with each new key. */
  add(key: string): void {
    const {before, part: index} = this.#placeBehind(key);
    const part = this.#parts[index] ?? [];
    if (part[before - 1] === key) return;
    part.splice(before, 0, key);
    this.#parts[index] = part;
    this.#version += 1;
    this.#added += 1;
    if (part.length > LONGEST) this.#clean(index);
    if (this.#added % SWEEP_AFTER === 0) this.#sweep();
  }

  /** The keys after a key, in order. */
  *after(key: string): Generator<string, void> {
    let [last, version] = [key, -1];
    let place: Place = {part: 0, before: 0};
    for (;;) {
      if (version !== this.#version) place = this.#placeBehind(last);
      version = this.#version;
      if (place.before === this.#parts[place.part]?.length) place = {part: place.part + 1, before: 0};
      const next = this.#parts[place.part]?.[place.before];
      if (next === undefined) return;
      place.before += 1;
      last = next;
      if (this.#has(next)) yield next;
    }
  }

  /** The keys before a key, the last first; all of them where there is none. */
  *before(key: string | undefined): Generator<string, void> {
    let [last, version] = [key, -1];
    let place: Place = {part: 0, before: 0};
    for (;;) {
      if (version !== this.#version) place = last === undefined ? this.#end : this.#placeBefore(last);
      version = this.#version;
      if (place.before === 0)
        place = {part: place.part - 1, before: this.#parts[place.part - 1]?.length ?? 0};
      const next = this.#parts[place.part]?.[place.before - 1];
      if (next === undefined) return;
      place.before -= 1;
      last = next;
      if (this.#has(next)) yield next;
    }
  }

  get #end(): Place {
    return {part: this.#parts.length - 1, before: this.#parts.at(-1)?.length ?? 0};
  }

  /** The place behind a key, whether it is there or not. */
  #placeBehind(key: string): Place {
    const part = Math.max(0, countUpTo(this.#parts, key, firstOf) - 1);
    return {part, before: countUpTo(this.#parts[part] ?? [], key, itself)};
  }

  #placeBefore(key: string): Place {
    const {before, part} = this.#placeBehind(key);
    return {part, before: this.#parts[part]?.[before - 1] === key ? before - 1 : before};
  }

  /** Rids one part after the other of what is gone. */
  #sweep(): void {
    this.#swept = (this.#swept + 1) % this.#parts.length;
    this.#clean(this.#swept);
  }

  /** Rids a part of what is gone, and divides it where it is still long. */
  #clean(index: number): void {
    const kept = (this.#parts[index] ?? []).filter(this.#has);
    const middle = kept.length >> 1;
    const parts = kept.length > LONGEST / 2 ? [kept.slice(0, middle), kept.slice(middle)] : [kept];
    this.#parts.splice(index, 1, ...parts.filter(part => part.length > 0));
    this.#version += 1;
  }
}
