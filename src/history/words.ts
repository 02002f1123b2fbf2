import {createHash} from 'node:crypto';
import type {Calendar} from '../domain/calendar.ts';
import type {Claim} from '../domain/declarations.ts';
import {freezesOf, wordsOf} from '../domain/same-wish.ts';

const LENGTH = 16;

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, LENGTH);

/** Many campaigns go by one calendar. */
const calendars = new WeakMap<Calendar, string>();

const calendarIn = (claim: Claim | undefined): string => {
  const calendar = claim?.kind === 'valid' ? claim.declaration.opening?.calendar : undefined;
  if (!calendar) return '';
  const known = calendars.get(calendar) ?? digest(calendar.identity);
  calendars.set(calendar, known);
  return known;
};

/** What is said of a campaign, as digests. */
export interface Said {
  /** All that its declaration says in its own words. */
  readonly words: string;
  /** What other documents say of it: its calendar, and freezes; empty where none does. */
  readonly around: string;
}

/** What a claim says; undefined of one that is not valid. */
export const saidIn = (claim: Claim | undefined): Said | undefined => {
  const words = wordsOf(claim);
  if (words === undefined) return undefined;
  const around = [calendarIn(claim), freezesOf(claim)].join('');
  return {words: digest(words), around: around === '[]' ? '' : digest(around)};
};
