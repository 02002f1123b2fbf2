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
  if (!opening) return {desired};
  const {isOpen, reason, ...times} = openingAt(opening, now, lead);
  return isOpen ? {desired, ...times} : {desired: 'paused', ...times, closed: reason};
};

/** How it stands with a campaign's timetable, as a sentence for people; undefined where it has none. */
export const timetableText = (declaration: Declaration, when: When): string | undefined => {
  const {opening} = declaration;
  if (!opening) return undefined;
  const wanted = wantedAt(declaration, when);
  if (wanted.closed !== undefined) return closedText(declaration, wanted);
  const by = opening.calendar ? `calendar ${opening.calendar.spec.name}` : 'its timetable';
  return wanted.until === undefined ? `open by ${by}` : `open by ${by} until ${rfc3339(wanted.until)}`;
};

/** Why a campaign is paused by its timetable, and until when, as a part of a sentence. */
export const closedText = ({opening}: Declaration, {closed = '', until}: Wanted): string => {
  const by = opening?.calendar ? `calendar ${opening.calendar.spec.name}` : 'its timetable';
  const end = until === undefined ? 'for good' : `until ${rfc3339(until)}`;
  return `closed by ${by} ${end}: ${closed}`;
};
