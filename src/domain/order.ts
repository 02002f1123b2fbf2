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
  readonly value: string;
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

/** As many digits as a time may have: times as texts stand in the order of times. */
const DIGITS = 16;

/** What an order goes by, as text; a character that stands before all others is kept for what follows it. */
const textBy = (by: OrderBy, {changed, name, state}: Omit<Orderly, 'key'>): string => {
  if (by === 'name') return name.toLowerCase().replaceAll('\0', '');
  if (by === 'changed') return String(Math.max(0, changed)).padStart(DIGITS, '0');
  return by === 'state' ? state : '';
};

/** Where a campaign stands. */
export const placeOf = ({by}: Order, one: Orderly): OrderPlace => ({value: textBy(by, one), key: one.key});

/** Tells which of two places comes first. */
export const comparePlaces = ({descending}: Order, a: OrderPlace, b: OrderPlace): number => {
  const ascending = compareText(a.value, b.value) || compareText(a.key, b.key);
  return descending ? -ascending : ascending;
};

/** A place among the campaigns of one workspace, as one text that stands in the same order. */
export const textOfPlace = (value: string, campaignId: string): string => `${value}\0${campaignId}`;

/** The campaign's id in such a text. */
export const idInPlace = (text: string): string => text.slice(text.indexOf('\0') + 1);
