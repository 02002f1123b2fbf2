import type {Calendar} from './calendar.ts';

/** When one campaign may be called: by a calendar, and not before and not after a time. Epoch milliseconds. */
export interface Opening {
  readonly calendar?: Calendar;
  readonly from?: number;
  readonly until?: number;
}

/** Whether a campaign may be called at a time, since when that is so, and until when it stays so. Epoch milliseconds. */
export interface OpeningState {
  readonly isOpen: boolean;
  /** Undefined where it never was otherwise. */
  readonly since?: number;
  /** Undefined where it will never be otherwise. */
  readonly until?: number;
  /** The edge that `since` belongs to: a closing begins before it, so that its last pause is in time. */
  readonly edge?: number;
  /** Why it is closed. */
  readonly reason: string;
}

const NEVER = Number.POSITIVE_INFINITY;

/** A stretch in which a campaign may be called. */
interface Spell {
  readonly from: number;
  readonly to: number;
}

const clipped = ({from = -NEVER, until = NEVER}: Opening, spell: Spell): Spell => ({
  from: Math.max(spell.from, from),
  to: Math.min(spell.to, until),
});

const ALWAYS = {from: -NEVER, to: NEVER, isOpen: true};

/** The first stretch of opening that ends after a time; undefined where there is none. */
const openAfter = (opening: Opening, time: number): Spell | undefined => {
  const {calendar, from = -NEVER, until = NEVER} = opening;
  const start = Math.max(time, from);
  if (start >= until) return undefined;
  const here = calendar?.stretchAt(start) ?? ALWAYS;
  if (here.isOpen) return clipped(opening, here);
  if (here.to >= until) return undefined;
  return clipped(opening, calendar?.stretchAt(here.to) ?? ALWAYS);
};

/** The last stretch of opening that ended at a time or before it; undefined where there is none. */
const openBefore = (opening: Opening, time: number): Spell | undefined => {
  const {calendar, from = -NEVER, until = NEVER} = opening;
  const end = Math.min(time, until);
  if (end <= from) return undefined;
  const here = calendar?.stretchAt(end - 1) ?? ALWAYS;
  if (here.isOpen && (here.to <= time || until <= time)) return clipped(opening, here);
  const shutSince = here.isOpen && here.from > from ? calendar?.stretchAt(here.from - 1).from : here.from;
  if (shutSince === undefined || shutSince <= from || shutSince === -NEVER) return undefined;
  return clipped(opening, calendar?.stretchAt(shutSince - 1) ?? ALWAYS);
};

/**
 * When the closing of a stretch begins: so much before its end, but not before its half. What was opened in the first half
 * can be closed in the other.
 */
const closes = ({from, to}: Spell, lead: number): number =>
  to === NEVER ? NEVER : to - Math.min(lead, Math.floor((to - from) / 2));

/** When the closing begins whose edge is at a time or before it; undefined where there was none. */
export const closingBegins = (opening: Opening, edge: number, lead: number): number | undefined => {
  const spell = openBefore(opening, edge);
  return spell && closes(spell, lead);
};

const whyClosed = ({calendar, from, until}: Opening, time: number): string => {
  if (from !== undefined && time < from) return 'its timetable has not begun';
  if (until !== undefined && time >= until) return 'its timetable is over';
  return calendar?.at(time).reason ?? '';
};

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);

/** A closing is under way: the stretch is open by its letter, and closed by then. */
const closing = (opening: Opening, {to}: Spell, begins: number): OpeningState => {
  const until = openAfter(opening, to)?.from;
  const why =
    to === opening.until ? 'its timetable is about to end' : `about to close: ${whyClosed(opening, to)}`;
  return {isOpen: false, since: begins, edge: to, ...(until !== undefined && {until}), reason: why};
};

/** It is closed by its letter. */
const shut = (opening: Opening, time: number, next: Spell | undefined, lead: number): OpeningState => {
  const before = openBefore(opening, time);
  return {
    isOpen: false,
    ...(before && {since: closes(before, lead), edge: before.to}),
    ...(next && {until: next.from}),
    reason: whyClosed(opening, time),
  };
};

/**
 * How it stands with a campaign's opening at a time.
 *
 * @param lead how long before its end an opening is counted as closed already: milliseconds
 */
export const openingAt = (opening: Opening, time: number, lead = 0): OpeningState => {
  const spell = openAfter(opening, time);
  if (!spell || spell.from > time) return shut(opening, time, spell, lead);
  const end = closes(spell, lead);
  if (time >= end) return closing(opening, spell, end);
  const [since, until] = [finite(spell.from), finite(end)];
  return {
    isOpen: true,
    ...(since !== undefined && {since, edge: since}),
    ...(until !== undefined && {until}),
    reason: '',
  };
};
