import type {Finding} from '../domain/finding.ts';
import type {Order, OrderPlace} from '../domain/order.ts';
import type {Selection} from '../domain/selection.ts';
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

/** A campaign as others are shown it; nothing where there is nothing to say. */
export const shownIn = (part: Pick<Part, 'finding'>, entry: Entry): readonly Shown[] => {
  const finding = part.finding(entry);
  const {lastOutcome} = entry;
  return finding ? [{finding, ...(lastOutcome && {lastOutcome})}] : [];
};
