import {campaignKey} from '../domain/campaign.ts';
import {claimed} from '../domain/declarations.ts';
import {compareText} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {comparePlaces, type Order, type Orderly, type OrderPlace, placeOf} from '../domain/order.ts';
import {isSelected, type Selection} from '../domain/selection.ts';
import {inSlices} from './slices.ts';
import type {Entry, LastOutcome} from './store/entry.ts';
import type {CampaignStore} from './store/store.ts';

/** A campaign as others are shown it. */
export interface Shown {
  readonly finding: Finding;
  readonly lastOutcome?: LastOutcome;
}

/** Which campaigns are asked for, in which order, from after which place on, and how many of them. */
export interface PageQuery {
  readonly selection: Selection;
  readonly order: Order;
  readonly after?: OrderPlace | undefined;
  readonly limit: number;
}

/** Campaigns in the order that was asked for; `next` is the place after which more of them follow. */
export interface Page {
  readonly items: readonly Shown[];
  readonly next?: OrderPlace;
}

/** One workspace, as far as it is read: a configured one, or one that only declarations name. */
export interface Part {
  readonly name: string;
  readonly store: CampaignStore;
  finding(entry: Entry): Finding | undefined;
}

/** A campaign that is asked for, and where it stands. */
interface Placed {
  readonly part: Part;
  readonly entry: Entry;
  readonly place: OrderPlace;
}

/** How many campaigns are looked at before other work has its turn: a millisecond or two of them. */
const SLICE = 5_000;
/** A set of this share of all campaigns is put in order by itself: beyond it, who walks in order finds enough soon. */
const SMALL_SHARE = 1 / 16;

const liveOf = ({observation}: Entry) => (observation?.kind === 'seen' ? observation.campaign : undefined);

const selectable = (entry: Entry, workspace: string) => {
  const {campaignId, claim, verdict} = entry;
  return {
    workspace,
    campaignId,
    name: (claim && claimed(claim).name) ?? liveOf(entry)?.name ?? campaignId,
    labels: claim?.kind === 'valid' ? claim.declaration.labels : {},
    ...(verdict ?? {state: 'unknown' as const, mode: 'detect' as const}),
  };
};

const orderly = (entry: Entry, name: string, key: string): Orderly => ({
  key,
  name,
  state: entry.verdict?.state ?? 'unknown',
  changed: liveOf(entry)?.updatedAt ?? 0,
});

/** Those of a workspace that may be meant: of a rare state its own set, else all; in the order of their ids. */
const candidates = ({store}: Part, {cause, state}: Selection, after: string): Iterable<Entry> => {
  const {counts, differences, states} = store.indexes;
  const set = state === undefined ? cause && differences.entries : states[state];
  const all = Object.values(counts.summary).reduce((sum, number) => sum + number, 0);
  if (!set || set.size > all * SMALL_SHARE) return store.after(after);
  const later = [...set].filter(({campaignId}) => compareText(campaignId, after) > 0);
  return later.toSorted((a, b) => compareText(a.campaignId, b.campaignId));
};

/** The id in a workspace after which a page begins; undefined where all of the workspace comes before it. */
const idAfter = (part: Part, {after, order}: PageQuery): string | undefined => {
  if (!after || order.by !== 'workspace' || order.descending) return '';
  const key = campaignKey(part.name, '');
  if (after.key.startsWith(key)) return after.key.slice(key.length);
  return compareText(key, after.key) < 0 ? undefined : '';
};

/** Every campaign that is meant, and of the others a step each. */
function* selected(parts: readonly Part[], query: PageQuery): Generator<Placed | undefined, void> {
  const {after, order, selection} = query;
  for (const part of parts) {
    const id = idAfter(part, query);
    if (id === undefined || (selection.workspace ?? part.name) !== part.name) continue;
    for (const entry of candidates(part, selection, id)) {
      const one = selectable(entry, part.name);
      const isMeant = entry.verdict !== undefined && isSelected(one, selection);
      const place =
        isMeant && placeOf(order, orderly(entry, one.name, campaignKey(part.name, one.campaignId)));
      yield place && (!after || comparePlaces(order, place, after) > 0) ? {part, entry, place} : undefined;
    }
  }
}

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

function* firstOf(parts: readonly Part[], query: PageQuery): Generator<undefined, Placed[]> {
  const {limit, order} = query;
  const isInOrder = order.by === 'workspace' && !order.descending;
  const first: Placed[] = [];
  for (const one of selected(parts, query)) {
    if (one && isInOrder) first.push(one);
    else if (one) insert(first, one, limit + 1, order);
    if (isInOrder && first.length > limit) break;
    yield;
  }
  return first;
}

const shownOf = ({entry, part}: Placed): readonly Shown[] => {
  const finding = part.finding(entry);
  const {lastOutcome} = entry;
  return finding ? [{finding, ...(lastOutcome && {lastOutcome})}] : [];
};

/**
 * A page of campaigns, worked out in slices. In the order of workspaces a page costs a page, but for what a rare word or
 * label makes one look through; any other order looks at each campaign that is meant once.
 *
 * @param parts in the order of their keys
 */
export const pageOf = async (parts: readonly Part[], query: PageQuery): Promise<Page> => {
  const first = await inSlices(firstOf(parts, query), SLICE);
  const items = first.slice(0, query.limit);
  const next = first.length > query.limit ? items.at(-1)?.place : undefined;
  return {items: items.flatMap(shownOf), ...(next && {next})};
};
