import type {Entry} from './entry.ts';
import {Heap} from './heap.ts';

interface Alarm {
  readonly time: number;
  readonly entry: Entry;
}

const newAlarms = (): Heap<Alarm> => new Heap<Alarm>((a, b) => a.time < b.time);

/** How many alarms that no longer hold are left lying, beside as many as there are that do. */
const MOST_IDLE = 1_000;

/** When campaigns may become due, by one clock. A time that no longer holds is harmless: it only makes one look. */
export class Times {
  #alarms = newAlarms();
  readonly #set = new Map<Entry, number>();

  /** Asks for a look at a campaign at a time; of several times the last one holds. */
  set(entry: Entry, time: number): void {
    if (this.#set.get(entry) === time) return;
    this.#set.set(entry, time);
    this.#alarms.push({time, entry});
    if (this.#alarms.size > 2 * this.#set.size + MOST_IDLE) this.#tidy();
  }

  clear(entry: Entry): void {
    this.#set.delete(entry);
  }

  /** The campaigns whose time has come, each once. */
  *due(now: number): Generator<Entry, void> {
    for (let next = this.#first(); next && next.time <= now; next = this.#first()) {
      this.#alarms.pop();
      this.#set.delete(next.entry);
      yield next.entry;
    }
  }

  /** When the next look is due; undefined where none is. */
  get next(): number | undefined {
    return this.#first()?.time;
  }

  /** How many campaigns have a time. */
  get size(): number {
    return this.#set.size;
  }

  #tidy(): void {
    this.#alarms = newAlarms();
    for (const [entry, time] of this.#set) this.#alarms.push({time, entry});
  }

  #first(): Alarm | undefined {
    for (;;) {
      const first = this.#alarms.peek();
      if (!first || this.#set.get(first.entry) === first.time) return first;
      this.#alarms.pop();
    }
  }
}

/** Asks for a look at a campaign at a time; at none where there is none. */
export const setTime = (times: Times, entry: Entry, time: number | undefined): void => {
  if (time === undefined) times.clear(entry);
  else times.set(entry, time);
};
