import {z} from 'zod';
import {timeOfDay} from '../domain/calendar.ts';
import type {Hours, Span} from '../domain/calendar-spec.ts';
import {clockProblem, localTime} from '../domain/local-time.ts';
import {hoursIn, hoursText} from './calendar-hours.ts';
import {isTimeText, localTimeText} from './local-text.ts';
import {oneLine} from './schema.ts';

const MINUTES_OF_DAY = 1_440;

const date = z.iso.date({error: 'must be a date as in 2026-12-24'});

/** A day, or a stretch of time. */
const span = {
  date: date.optional().describe('A whole day, in the calendar’s time zone.'),
  from: localTimeText
    .optional()
    .describe('Instead of a day: when it begins, by the clocks of the time zone.'),
  to: localTimeText.optional().describe('When it ends.'),
  reason: oneLine(256).optional().describe('Why, for people.'),
};
/** A day or a stretch that is closed. */
export const closedSpan = z.strictObject(span);
/** A day or a stretch that is open. */
export const openSpan = z.strictObject({
  ...span,
  hours: hoursText
    .optional()
    .describe(
      'Of a day: in which hours it is open. Without it, in those of its day of the week, and all day where that has none.',
    ),
});

/** Either of them, as it is written. */
export type GivenSpan = z.infer<typeof openSpan>;

/** Something that is wrong with a calendar, and where in it. */
export interface Found {
  readonly path: readonly (string | number)[];
  readonly code?: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const clockProblemsOf = (given: GivenSpan, path: readonly (string | number)[], timezone: string): Found[] =>
  (['from', 'to'] as const).flatMap(key => {
    const text = given[key];
    if (text === undefined || !isTimeText(text)) return [];
    const problem = clockProblem(text, localTime(text, timezone), timezone);
    return problem ? [{path: [...path, key], ...problem}] : [];
  });

const clockProblems = (given: GivenSpan, path: readonly (string | number)[], timezone: string): Found[] => {
  const problems = clockProblemsOf(given, path, timezone);
  if (problems.length > 0 || given.from === undefined || given.to === undefined) return problems;
  const [from, to] = [localTime(given.from, timezone), localTime(given.to, timezone)];
  const isBackwards = from.kind === 'once' && to.kind === 'once' && from.time >= to.time;
  return isBackwards ? [{path: [...path, 'to'], message: 'must be after from'}] : [];
};

/** What is wrong with a day or a stretch, in a time zone that is known. */
export const spanProblems = (
  given: GivenSpan,
  path: readonly (string | number)[],
  timezone: string,
): Found[] => {
  const {date: day, from, hours, to} = given;
  const isStretch = from !== undefined || to !== undefined;
  if (day === undefined && (from === undefined || to === undefined))
    return [{path: [...path], message: 'needs a date, or from and to'}];
  if (day !== undefined && isStretch)
    return [{path: [...path], message: 'has a date, and from or to besides'}];
  if (hours !== undefined && isStretch)
    return [{path: [...path, 'hours'], message: 'stands without a date: say it in from and to'}];
  return clockProblems(given, path, timezone);
};

const timeIn = (text: string, timezone: string): number => {
  const local = localTime(text, timezone);
  if (local.kind !== 'once') throw new Error(`${text} was taken for a time of ${timezone}`);
  return local.time;
};

const dayOf = (text: string, timezone: string, hours: readonly Hours[]) => {
  const day = Temporal.PlainDate.from(text);
  return hours.map(({from, to}) => ({
    from: timeOfDay(day, from, timezone),
    to: timeOfDay(day, to, timezone),
  }));
};

export const WHOLE_DAY: readonly Hours[] = [{from: 0, to: MINUTES_OF_DAY}];

/** The stretches of time that a day or a stretch is, with what is said of it, or otherwise is to be. */
export const spansOf = (
  given: GivenSpan,
  timezone: string,
  hours: readonly Hours[],
  otherwise: string,
): readonly Span[] => {
  const {date: day, from, reason = otherwise, to} = given;
  if (day !== undefined) return dayOf(day, timezone, hours).map(one => ({...one, reason}));
  if (from === undefined || to === undefined) return [];
  return [{from: timeIn(from, timezone), to: timeIn(to, timezone), reason}];
};

/** The hours in which a day is open. */
export const openHours = (
  {date: day, hours}: GivenSpan,
  week: readonly (readonly Hours[])[],
): readonly Hours[] => {
  const said = hours === undefined ? undefined : hoursIn(hours);
  if (said) return [said];
  const ofWeek = day === undefined ? [] : (week[Temporal.PlainDate.from(day).dayOfWeek - 1] ?? []);
  return ofWeek.length > 0 ? ofWeek : WHOLE_DAY;
};
