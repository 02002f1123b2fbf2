import type {Declaration, DesiredStatus} from './campaign.ts';
import {openingAt} from './opening.ts';
import {rfc3339} from './time.ts';

/** What Git wants of a campaign at a time. Epoch milliseconds. */
export interface Wanted {
  readonly desired: DesiredStatus;
  /** Since when its timetable wants that; undefined where no timetable has ever wanted otherwise. */
  readonly since?: number;
  /** When its timetable wants something else; undefined where it never will. */
  readonly until?: number;
  /** The edge of the timetable that `since` belongs to: a closing begins before it. */
  readonly edge?: number;
  /** Why it is paused though it is declared otherwise. */
  readonly closed?: string;
}

/** The moment for which it is asked, and how long before its edge a closing begins. Milliseconds. */
export interface When {
  readonly now: number;
  readonly lead?: number | undefined;
}

/**
 * What Git wants of a campaign at a time: what is declared, but `paused` while its timetable is closed. A function of the
 * declaration and the time alone.
 */
export const wantedAt = (declaration: Declaration, {lead = 0, now}: When): Wanted => {
  const {desired, opening} = declaration;
  if (!opening || (desired !== 'active' && desired !== 'scheduled')) return {desired};
  const {isOpen, reason, ...times} = openingAt(opening, now, lead);
  return isOpen ? {desired, ...times} : {desired: 'paused', ...times, closed: reason};
};

/** Why a campaign is paused by its timetable, and until when, as a part of a sentence. */
export const closedText = ({opening}: Declaration, {closed = '', until}: Wanted): string => {
  const by = opening?.calendar ? `calendar ${opening.calendar.spec.name}` : 'its timetable';
  const end = until === undefined ? 'for good' : `until ${rfc3339(until)}`;
  return `closed by ${by} ${end}: ${closed}`;
};
