import {claimed} from '../../domain/declarations.ts';
import {idInPlace, type OrderBy, type OrderPlace, placeOf, textOfPlace} from '../../domain/order.ts';
import {searchedText} from '../../domain/selection.ts';
import {inSlices} from '../slices.ts';
import type {Entries} from './entries.ts';
import type {Entry} from './entry.ts';
import {Ordered} from './ordered.ts';

/** What a campaign is called and labelled. */
export const describedAs = (entry: Entry, workspace: string) => {
  const {campaignId, claim, observation} = entry;
  const seen = observation?.kind === 'seen' ? observation.campaign.name : undefined;
  return {
    workspace,
    campaignId,
    name: (claim && claimed(claim).name) ?? seen ?? campaignId,
    labels: claim?.kind === 'valid' ? claim.declaration.labels : {},
  };
};

/** The campaigns of a workspace in one order, from a place on. */
class InOrder {
  readonly #by: OrderBy;
  readonly #find: (campaignId: string) => Entry | undefined;
  readonly #keys = new Map<Entry, string>();
  readonly #ordered = new Ordered(key => {
    const entry = this.#entryIn(key);
    return entry?.verdict !== undefined && this.#keys.get(entry) === key;
  });

  constructor(by: OrderBy, find: (campaignId: string) => Entry | undefined) {
    this.#by = by;
    this.#find = find;
  }

  update(entry: Entry): void {
    const key = this.#keyOf(entry);
    if (this.#keys.get(entry) === key) return;
    this.#keys.set(entry, key);
    this.#ordered.add(key);
  }

  remove(entry: Entry): void {
    this.#keys.delete(entry);
  }

  /** Those that come after a place, or all. */
  *from(
    after: {readonly value: string; readonly id: string} | undefined,
    descending: boolean,
  ): Generator<Entry, void> {
    const key = after && textOfPlace(after.value, after.id);
    for (const next of descending ? this.#ordered.before(key) : this.#ordered.after(key ?? '')) {
      const entry = this.#entryIn(next);
      if (entry) yield entry;
    }
  }

  #entryIn(key: string): Entry | undefined {
    return this.#find(idInPlace(key));
  }

  #keyOf(entry: Entry): string {
    return textOfPlace(placeIn(entry, this.#by, '').value, entry.campaignId);
  }
}

/** Where a campaign stands. */
export const placeIn = (entry: Entry, by: OrderBy, workspace: string): OrderPlace => {
  const {campaignId, observation, verdict} = entry;
  const changed = observation?.kind === 'seen' ? observation.campaign.updatedAt : 0;
  const {name} = describedAs(entry, workspace);
  const one = {key: `${workspace}/${campaignId}`, name, state: verdict?.state ?? 'unknown', changed};
  return placeOf({by, descending: false}, one);
};

/** How many campaigns are taken in before other work has its turn. */
const SLICE = 250;

/** A label as it is looked for: its key, or its key and its value. */
export const labelText = (key: string, value?: string): string =>
  value === undefined ? key : `${key}=${value}`;

/** The texts in which words are looked for, and the campaigns by their labels. */
class Described {
  readonly texts = new Map<Entry, string>();
  readonly labels = new Map<string, Set<Entry>>();
  readonly #workspace: string;
  readonly #labelsOf = new Map<Entry, readonly string[]>();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  update(entry: Entry): void {
    const described = describedAs(entry, this.#workspace);
    const text = searchedText(described);
    if (this.texts.get(entry) === text) return;
    this.remove(entry);
    this.texts.set(entry, text);
    const labels = Object.entries(described.labels).flatMap(([key, value]) => [
      labelText(key),
      labelText(key, value),
    ]);
    this.#labelsOf.set(entry, labels);
    for (const label of labels) {
      const set = this.labels.get(label) ?? new Set();
      this.labels.set(label, set.add(entry));
    }
  }

  remove(entry: Entry): void {
    this.texts.delete(entry);
    for (const label of this.#labelsOf.get(entry) ?? []) {
      const set = this.labels.get(label);
      set?.delete(entry);
      if (set?.size === 0) this.labels.delete(label);
    }
    this.#labelsOf.delete(entry);
  }
}

type Index = Pick<Described, 'remove' | 'update'>;

/**
 * What pages of campaigns are made from: the orders in which somebody has asked for them, the texts in which words are looked
 * for, and the labels. Each is made in slices when it is first asked for, and kept up to date from then on.
 */
export class Orders {
  readonly #entries: Pick<Entries, 'after' | 'find'>;
  readonly #orders = new Map<OrderBy, InOrder>();
  readonly #described: Described;
  /** Those that are kept up to date, and when each is whole. */
  readonly #kept = new Map<Index, Promise<void>>();

  constructor(workspace: string, entries: Pick<Entries, 'after' | 'find'>) {
    this.#entries = entries;
    this.#described = new Described(workspace);
  }

  /** Takes in that something of an entry changed. */
  update(entry: Entry): void {
    for (const index of this.#kept.keys()) {
      if (entry.verdict) index.update(entry);
      else index.remove(entry);
    }
  }

  /** Resolves once the order is there, and what campaigns are called and labelled where that is asked for. */
  async prepare(by: OrderBy, isDescribed: boolean): Promise<void> {
    if (by !== 'workspace') await this.#made(this.#orderBy(by));
    if (isDescribed) await this.#made(this.#described);
  }

  /** The campaigns in an order that is prepared. */
  in(by: OrderBy): InOrder {
    return this.#orderBy(by);
  }

  /** What campaigns are called and labelled, where that is prepared. */
  get described(): Pick<Described, 'labels' | 'texts'> {
    return this.#described;
  }

  #orderBy(by: OrderBy): InOrder {
    const order = this.#orders.get(by) ?? new InOrder(by, id => this.#entries.find(id));
    this.#orders.set(by, order);
    return order;
  }

  #made(index: Index): Promise<void> {
    const known = this.#kept.get(index);
    if (known !== undefined) return known;
    const made = inSlices(this.#make(index), SLICE);
    this.#kept.set(index, made);
    return made;
  }

  *#make(index: Index): Generator<undefined, void> {
    for (const entry of this.#entries.after('')) {
      index.update(entry);
      yield;
    }
  }
}
