import {openingKey} from '../../domain/edges.ts';
import type {Opening} from '../../domain/opening.ts';
import type {Entry} from './entry.ts';
import {isOver} from './sighted.ts';
import {hasEnded} from './versions.ts';

/** Campaigns that open and close together. */
export interface Timetabled {
  readonly opening: Opening;
  readonly entries: ReadonlySet<Entry>;
}

/** Nothing is left to be opened or closed: it is over, or was when it was last seen, before this process began. */
const isDone = (entry: Entry): boolean =>
  isOver(entry) ||
  (entry.observation === undefined && entry.newer !== undefined && hasEnded(entry.newer.campaign));

const openingOf = (entry: Entry): Opening | undefined =>
  entry.wanted && entry.claim?.kind === 'valid' && !isDone(entry)
    ? entry.claim.declaration.opening
    : undefined;

/** The campaigns that go by a timetable, each among those that have the same. */
export class Timetables {
  readonly #groups = new Map<string, {opening: Opening; readonly entries: Set<Entry>}>();
  readonly #keys = new Map<Entry, string>();

  /** Takes in what an entry goes by now. */
  update(entry: Entry): void {
    const opening = openingOf(entry);
    const [before, key] = [this.#keys.get(entry), opening && openingKey(opening)];
    if (before !== undefined && before !== key) this.#leave(entry, before);
    if (!opening || key === undefined) return;
    const group = this.#groups.get(key) ?? {opening, entries: new Set()};
    group.opening = opening;
    group.entries.add(entry);
    this.#groups.set(key, group);
    this.#keys.set(entry, key);
  }

  get groups(): Iterable<Timetabled> {
    return this.#groups.values();
  }

  /** How many campaigns go by a timetable. */
  get size(): number {
    return this.#keys.size;
  }

  #leave(entry: Entry, key: string): void {
    const group = this.#groups.get(key);
    group?.entries.delete(entry);
    if (group?.entries.size === 0) this.#groups.delete(key);
    this.#keys.delete(entry);
  }
}
