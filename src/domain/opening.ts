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

/** An opening that is shorter than what its closing takes is none. */
const lasts = ({from, to}: Spell, lead: number): boolean => to - lead > from;

const nextOpening = (opening: Opening, time: number, lead: number): number | undefined => {
  for (let spell = openAfter(opening, time); spell; spell = openAfter(opening, spell.to)) {
    if (spell.to - lead > time && lasts(spell, lead)) return Math.max(spell.from, time);
    if (spell.to === NEVER) return undefined;
  }
  return undefined;
};

/** The last end of an opening that lies at a time or before it, counted by when its closing begins. */
const lastClosing = (opening: Opening, time: number, lead: number): number | undefined => {
  for (let spell = openBefore(opening, time + lead); spell; spell = openBefore(opening, spell.from)) {
    if (lasts(spell, lead)) return spell.to;
    if (spell.from === -NEVER) return undefined;
  }
  return undefined;
};

const whyClosed = ({calendar, from, until}: Opening, time: number, edge: number | undefined): string => {
  if (from !== undefined && time < from) return 'its timetable has not begun';
  if (until !== undefined && time >= until) return 'its timetable is over';
  const now = calendar?.at(time);
  if (now && !now.isOpen) return now.reason;
  if (edge === undefined || edge === until) return 'its timetable is about to end';
  return `about to close: ${calendar?.at(edge).reason ?? ''}`;
};

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);

const shut = (opening: Opening, time: number, lead: number): OpeningState => {
  const edge = lastClosing(opening, time, lead);
  const until = nextOpening(opening, time, lead);
  const next = openAfter(opening, time);
  const closing = next && next.from <= time ? next.to : edge;
  return {
    isOpen: false,
    ...(edge !== undefined && {since: edge - lead, edge}),
    ...(until !== undefined && {until}),
    reason: whyClosed(opening, time, closing),
  };
};

/**
 * How it stands with a campaign's opening at a time.
 *
 * @param lead how long before its end an opening is counted as closed already: milliseconds
 */
export const openingAt = (opening: Opening, time: number, lead = 0): OpeningState => {
  const spell = openAfter(opening, time);
  if (!spell || spell.from > time || time >= spell.to - lead || !lasts(spell, lead))
    return shut(opening, time, lead);
  const since = finite(spell.from);
  const until = finite(spell.to - lead);
  return {
    isOpen: true,
    ...(since !== undefined && {since, edge: since}),
    ...(until !== undefined && {until}),
    reason: '',
  };
};
