import {compareText} from './diagnostic.ts';

/** By what campaigns can be put in order. `workspace`: by workspace and id, which costs the least. */
export const ORDERS = ['workspace', 'name', 'state', 'changed'] as const;
export type OrderBy = (typeof ORDERS)[number];

/** An order of campaigns. */
export interface Order {
  readonly by: OrderBy;
  readonly descending: boolean;
}

/** The order where none is asked for. */
export const BY_WORKSPACE: Order = {by: 'workspace', descending: false};

/** What of a campaign an order goes by. `changed`: epoch milliseconds; 0 where nobody knows. */
export interface Orderly {
  readonly key: string;
  readonly name: string;
  readonly state: string;
  readonly changed: number;
}

/** Where a campaign stands in an order: it stays there whatever comes and goes around it. */
export interface OrderPlace {
  readonly value: string | number;
  /** Its workspace and its id. */
  readonly key: string;
}

/** Reads an order as it is written: its word, with `-` in front where it is upside down; undefined where it is none. */
export const parseOrder = (text: string): Order | undefined => {
  const descending = text.startsWith('-');
  const word = descending ? text.slice(1) : text;
  const by = ORDERS.find(one => one === word);
  return by && {by, descending};
};

/** An order as it is written. */
export const orderText = ({by, descending}: Order): string => `${descending ? '-' : ''}${by}`;

/** Where a campaign stands. */
export const placeOf = ({by}: Order, {changed, key, name, state}: Orderly): OrderPlace => {
  const values = {workspace: '', name: name.toLowerCase(), state, changed};
  return {value: values[by], key};
};

const compareValues = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));

/** Tells which of two places comes first. */
export const comparePlaces = ({descending}: Order, a: OrderPlace, b: OrderPlace): number => {
  const ascending = compareValues(a.value, b.value) || compareText(a.key, b.key);
  return descending ? -ascending : ascending;
};
