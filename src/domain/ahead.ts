import type {Named, Upcoming, UpcomingKind} from './agenda.ts';
import {type DeclarationSet, validIn} from './declarations.ts';
import {laterChanges} from './forecast.ts';
import {DAY} from './time.ts';

/** What happens by itself at one time, or at the same time of many days. Epoch milliseconds. */
export interface Recurring {
  readonly at: number;
  /** The last time. */
  readonly last: number;
  readonly times: number;
  readonly kind: UpcomingKind;
  readonly workspace: string;
  readonly number: number;
  readonly first: readonly Named[];
  readonly what: string;
  readonly timezone: string | undefined;
}

/** What a change will do by itself later, until a time: what comes with it, and what no longer comes. */
export interface Ahead {
  readonly until: number;
  readonly comes: readonly Recurring[];
  readonly goes: readonly Recurring[];
}

/** How far a change is looked ahead. Milliseconds. */
const AHEAD = 30 * DAY;

const clockOf = (time: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timezone).toPlainTime().toString();

const isDaily = ({kind}: Upcoming): boolean => kind === 'timetable-opens' || kind === 'timetable-closes';

/** Puts what is the same at the same time of several days into one. */
const recurring = (items: readonly Upcoming[]): readonly Recurring[] => {
  const groups = new Map<string, Recurring>();
  for (const item of items) {
    const {at, first, kind, number, timezone, what, workspace} = item;
    const clock = isDaily(item) ? clockOf(at, timezone ?? 'UTC') : String(at);
    const key = JSON.stringify([workspace, kind, what, number, first, clock]);
    const known = groups.get(key);
    groups.set(key, {
      at: known?.at ?? at,
      last: at,
      times: (known?.times ?? 0) + 1,
      kind,
      workspace,
      number,
      first,
      what,
      timezone,
    });
  }
  return [...groups.values()];
};

/** What a change from one set of declarations to another will do by itself in the next 30 days. */
export const aheadOf = (before: DeclarationSet, after: DeclarationSet, now: number): Ahead => {
  const stretch = {from: now, to: now + AHEAD};
  const {comes, goes} = laterChanges(validIn(before), validIn(after), stretch);
  return {until: stretch.to, comes: recurring(comes), goes: recurring(goes)};
};
