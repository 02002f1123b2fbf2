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

/** How it stands with a timetable. */
interface Standing {
  /** Undefined where it goes by no calendar. */
  readonly calendar: string | undefined;
  /** Why it is closed; undefined where it is open. */
  readonly closed: string | undefined;
  /** When that changes (epoch milliseconds); undefined where it never does. */
  readonly until: number | undefined;
}

/** The same as a sentence for people. */
export const standingText = ({calendar, closed, until}: Standing): string => {
  const by = calendar === undefined ? 'its timetable' : `calendar ${calendar}`;
  const end = until === undefined ? undefined : `until ${rfc3339(until)}`;
  if (closed === undefined) return `open by ${by}${end === undefined ? '' : ` ${end}`}`;
  return `closed by ${by} ${end ?? 'for good'}: ${closed}`;
};

/** How it stands with a campaign's timetable; undefined where it has none. */
export const timetableText = (declaration: Declaration, when: When): string | undefined => {
  if (!declaration.opening) return undefined;
  const {closed, until} = wantedAt(declaration, when);
  return standingText({calendar: declaration.opening.calendar?.spec.name, closed, until});
};

/** Why a campaign is paused by its timetable, and until when, as a part of a sentence. */
export const closedText = ({opening}: Declaration, {closed = '', until}: Wanted): string =>
  standingText({calendar: opening?.calendar?.spec.name, closed, until});
