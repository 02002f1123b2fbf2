import {z} from 'zod';
import {nearest} from '../document/nearest.ts';
import type {Hours} from '../domain/calendar-spec.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTES_OF_DAY = 1_440;

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

const clock = (hour: string | undefined, minute: string | undefined): number =>
  Number(hour) * 60 + Number(minute);

/** Reads `09:00-19:00`; hours that end at or before their beginning reach into the next day. */
export const hoursIn = (text: string): Hours | undefined => {
  const match = HOURS.exec(text);
  if (!match) return undefined;
  const [, fromHour, fromMinute, toHour, toMinute] = match;
  const [from, to] = [clock(fromHour, fromMinute), clock(toHour, toMinute)];
  if (to > MINUTES_OF_DAY || from === to) return undefined;
  return {from, to: to > from ? to : to + MINUTES_OF_DAY};
};

/** Hours of a day, as they are written. */
export const hoursText = z
  .string()
  .refine(
    text => hoursIn(text) !== undefined,
    'must be hours as in 09:00-19:00, of which the end may be 24:00 or lie in the next day; a day that is closed is left out',
  );

/** The numbers of the days that a key of the week means, Monday being 0; undefined for one that means none. */
const daysIn = (key: string): readonly number[] | undefined => {
  const [first = '', last = first, ...rest] = key.split('-');
  const [from, to] = [first, last].map(day => DAYS.indexOf(day as (typeof DAYS)[number])) as [number, number];
  if (from < 0 || to < 0 || rest.length > 0) return undefined;
  const length = ((to - from + DAYS.length) % DAYS.length) + 1;
  return Array.from({length}, (_, index) => (from + index) % DAYS.length);
};

/** The hours of a week, as they are written: by day or by days, such as `mon-fri`. */
export const weeklySchema = z.record(z.string(), z.union([hoursText, z.array(hoursText).max(10)]));

export type Weekly = z.infer<typeof weeklySchema>;

const listed = (given: string | readonly string[]): readonly string[] =>
  typeof given === 'string' ? [given] : given;

/** The hours of each day, Monday first. */
export const weekOf = (weekly: Weekly): readonly (readonly Hours[])[] => {
  const week: Hours[][] = DAYS.map(() => []);
  for (const [key, given] of Object.entries(weekly))
    for (const day of daysIn(key) ?? [])
      week[day]?.push(...listed(given).flatMap(text => hoursIn(text) ?? []));
  return week;
};

/** What is wrong with a key of a week, and what may be meant. */
interface WeekProblem {
  readonly key: string;
  readonly message: string;
  readonly hint?: string;
}

const KEYS = [...DAYS, ...DAYS.flatMap(from => DAYS.map(to => `${from}-${to}`))];

const unknownDay = (key: string): WeekProblem => {
  const near = nearest(key, KEYS) ?? DAYS.find(day => key.toLowerCase().startsWith(day));
  const message = `${JSON.stringify(key)} is no day of the week, nor days as in mon-fri`;
  return {key, message, ...(near !== undefined && {hint: `did you mean ${near}?`})};
};

/** What is wrong with the keys of a week, each with its key. */
export const weekProblems = (weekly: Weekly): readonly WeekProblem[] => {
  const seen = new Map<number, string>();
  return Object.keys(weekly).flatMap(key => {
    const days = daysIn(key);
    if (!days) return [unknownDay(key)];
    const earlier = days.map(day => seen.get(day)).find(other => other !== undefined);
    for (const day of days) seen.set(day, key);
    return earlier === undefined ? [] : [{key, message: `says again of a day what ${earlier} says`}];
  });
};
