import {campaignKey} from '../domain/campaign.ts';
import {compareText} from '../domain/diagnostic.ts';
import {comparePlaces, type Order, type OrderPlace} from '../domain/order.ts';
import {hasWords, isDescribed, type Selection} from '../domain/selection.ts';
import {type Page, type PageQuery, type Part, shownIn} from './page.ts';
import {inSlices} from './slices.ts';
import type {Entry} from './store/entry.ts';
import {describedAs, labelText, placeIn} from './store/orders.ts';

/** A campaign that is asked for, and where it stands. */
interface Placed {
  readonly part: Part;
  readonly entry: Entry;
  readonly place: OrderPlace;
}

/** How many campaigns are looked at before other work has its turn: a fraction of a millisecond of them. */
const SLICE = 1_000;
/** How many are walked past in order before all that can be meant are looked through: where many are meant, that is enough. */
const WALKED = 1_000;
/** How many texts are looked into before other work has its turn. */
const LOOKED = 10_000;
/** A set that is so much smaller than all campaigns is looked through at once. */
const SMALL_SHARE = 1 / 16;

const NONE: ReadonlySet<Entry> = new Set();

/** Whether a campaign is meant. `isFound`: it is known to have the words. */
const isMeant = (entry: Entry, part: Part, selection: Selection, isFound: boolean): boolean => {
  const {verdict} = entry;
  if (!verdict) return false;
  const {cause, mode, state} = selection;
  if (state !== undefined && verdict.state !== state) return false;
  if (cause !== undefined && verdict.cause !== cause) return false;
  if (mode !== undefined && verdict.mode !== mode) return false;
  const {labels = [], words = []} = selection;
  if (labels.length === 0 && (isFound || words.length === 0)) return true;
  const described = describedAs(entry, part.name);
  return isDescribed(described, {labels, words: isFound ? [] : words});
};

/** The id before or after which a workspace's campaigns come after a place that is perhaps in another one. */
const idBound = (part: Part, {key}: OrderPlace): string => {
  const prefix = campaignKey(part.name, '');
  if (key.startsWith(prefix)) return key.slice(prefix.length);
  return compareText(prefix, key) < 0 ? '\uffff' : '';
};

/** A workspace's campaigns in order, from after a place on. */
const inOrder = (part: Part, {after, order}: PageQuery): Iterable<Entry> => {
  const {store} = part;
  const id = after && idBound(part, after);
  if (order.by === 'workspace') return order.descending ? store.before(id) : store.after(id);
  const place = after && id !== undefined ? {value: after.value, id} : undefined;
  return store.orders.in(order.by).from(place, order.descending);
};

/** Puts one where it belongs among the first, of which no more than `most` are kept. */
const insert = (first: Placed[], one: Placed, most: number, order: Order): void => {
  const last = first[most - 1];
  if (last && comparePlaces(order, one.place, last.place) > 0) return;
  let [low, high] = [0, first.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePlaces(order, (first[middle] as Placed).place, one.place) < 0) low = middle + 1;
    else high = middle;
  }
  first.splice(low, 0, one);
  if (first.length > most) first.pop();
};

/** The first in order of some campaigns, all of which are looked through. */
function* lookThrough(
  part: Part,
  query: PageQuery,
  some: Iterable<Entry>,
  isFound: boolean,
): Generator<undefined, Placed[]> {
  const {after, limit, order, selection} = query;
  const first: Placed[] = [];
  let seen = 0;
  for (const entry of some) {
    seen += 1;
    if (isMeant(entry, part, selection, isFound)) {
      const one = {part, entry, place: placeIn(entry, order.by, part.name)};
      if (!after || comparePlaces(order, one.place, after) > 0) insert(first, one, limit + 1, order);
    }
    if (seen % SLICE === 0) yield;
  }
  return first;
}

/** The smallest set that all that can be meant are in, where it is a small one. */
const smallSet = ({store}: Part, {cause, labels = [], state}: Selection): ReadonlySet<Entry> | undefined => {
  const {counts, differences, states} = store.indexes;
  const sets: ReadonlySet<Entry>[] = [];
  if (state !== undefined) sets.push(states[state]);
  if (cause !== undefined) sets.push(differences.entries);
  for (const {key, negated, value} of labels)
    if (!negated) sets.push(store.orders.described.labels.get(labelText(key, value)) ?? NONE);
  const all = Object.values(counts.summary).reduce((sum, number) => sum + number, 0);
  const [smallest] = sets.toSorted((a, b) => a.size - b.size);
  return smallest && smallest.size <= all * SMALL_SHARE ? smallest : undefined;
};

/** Those that have each of the words somewhere in their texts. */
function* withWords({store}: Part, words: readonly string[]): Generator<undefined, Entry[]> {
  const found: Entry[] = [];
  let seen = 0;
  for (const [entry, text] of store.orders.described.texts) {
    seen += 1;
    if (hasWords(text, words)) found.push(entry);
    if (seen % LOOKED === 0) yield;
  }
  return found;
}

/**
 * The first of a workspace that are meant: walked to in order, where many are; else out of all that have the words, since
 * looking for words in texts costs far less than walking.
 */
function* firstOf(part: Part, query: PageQuery): Generator<undefined, Placed[]> {
  const {limit, order, selection} = query;
  const {words = []} = selection;
  const set = smallSet(part, selection);
  if (set) return yield* lookThrough(part, query, set, false);
  const first: Placed[] = [];
  let walked = 0;
  for (const entry of inOrder(part, query)) {
    walked += 1;
    if (isMeant(entry, part, selection, false))
      first.push({part, entry, place: placeIn(entry, order.by, part.name)});
    if (first.length > limit) break;
    if (walked === WALKED && words.length > 0)
      return yield* lookThrough(part, query, yield* withWords(part, words), true);
    if (walked % SLICE === 0) yield;
  }
  return first;
}

function* firstOfAll(parts: readonly Part[], query: PageQuery): Generator<undefined, Placed[]> {
  const {after, limit, order} = query;
  const inTurn = order.descending ? parts.toReversed() : parts;
  const all: Placed[] = [];
  for (const part of inTurn) {
    const first = yield* firstOf(part, query);
    all.push(...first.filter(({place}) => !after || comparePlaces(order, place, after) > 0));
    if (order.by === 'workspace' && all.length > limit) break;
  }
  return all.toSorted((a, b) => comparePlaces(order, a.place, b.place)).slice(0, limit + 1);
}

/**
 * A page of campaigns, worked out in slices. It costs a page, but for what few words, labels or a mode that few have make
 * one look through.
 *
 * @param parts in the order of their keys
 */
export const pageOf = async (parts: readonly Part[], query: PageQuery): Promise<Page> => {
  const {labels = [], words = [], workspace} = query.selection;
  const isByWords = labels.length > 0 || words.length > 0;
  const meant = workspace === undefined ? parts : parts.filter(({name}) => name === workspace);
  for (const {store} of meant) await store.orders.prepare(query.order.by, isByWords);
  const first = await inSlices(firstOfAll(meant, query), 1);
  const items = first.slice(0, query.limit);
  const next = first.length > query.limit ? items.at(-1)?.place : undefined;
  return {items: items.flatMap(({entry, part}) => shownIn(part, entry)), ...(next && {next})};
};
