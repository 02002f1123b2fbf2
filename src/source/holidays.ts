import {createRequire} from 'node:module';
import type HolidaysOf from 'date-holidays';
import type {HolidayRule, Holidays} from '../domain/calendar-spec.ts';
import {DAY} from '../domain/time.ts';

type Library = typeof HolidaysOf;

const load = createRequire(import.meta.url);
let library: Library | undefined;

/** Loaded when the first calendar asks for it: it is as large as the rest of the program. */
const holidaysLibrary = (): Library => {
  library ??= load('date-holidays') as Library;
  return library;
};

/** The version of the data that holidays are taken from. */
export const holidaysVersion = (): string =>
  (load('date-holidays/package.json') as {readonly version: string}).version;

/** The kinds of holidays that the data knows. */
export const HOLIDAY_TYPES = ['public', 'bank', 'school', 'optional', 'observance'] as const;

/** The countries that there are holidays of, by their code. */
export const holidayCountries = (): readonly string[] =>
  Object.keys(new (holidaysLibrary())().getCountries('en'));

/** The regions of a country that differ in their holidays, by their code. */
export const holidayRegions = (country: string): readonly string[] =>
  Object.keys(new (holidaysLibrary())().getStates(country, 'en') ?? {});

const daysOf = ({date, end, start}: {date: string; end: Date; start: Date}): readonly string[] => {
  const first = Temporal.PlainDate.from(date.slice(0, 10));
  const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY));
  return Array.from({length}, (_, days) => first.add({days}).toString());
};

/** Two holidays may fall on one day. */
const bothNames = (one: string | undefined, other: string): string =>
  one === undefined || one === other ? other : `${one}, ${other}`;

const read = ({country, region, types}: HolidayRule, year: number): ReadonlyMap<string, string> => {
  const wanted: ReadonlySet<string> = new Set(types);
  const calendar = new (holidaysLibrary())(country, region ?? '', {languages: ['en']});
  const found = [year - 1, year].flatMap(one => calendar.getHolidays(one));
  const days = new Map<string, string>();
  for (const holiday of found) {
    if (!wanted.has(holiday.type)) continue;
    for (const day of daysOf(holiday))
      if (day.startsWith(`${year}-`)) days.set(day, bothNames(days.get(day), holiday.name));
  }
  return days;
};

const known = new Map<string, ReadonlyMap<string, string>>();

/** The holidays of a country or region in a year, from `date-holidays`. A part of a day counts as a whole one. */
export const holidays: Holidays = (rule, year) => {
  const key = JSON.stringify([rule, year]);
  const days = known.get(key) ?? read(rule, year);
  known.set(key, days);
  return days;
};
