import {InvalidArgumentError, Option} from 'commander';
import {parseDuration} from '../document/duration.ts';
import {systemClock} from '../system.ts';
import type {Flags} from './flags.ts';

/** A time as RFC 3339 has it, a day, or how long ago. */
const time = (given: string): number => {
  const ago = parseDuration(given);
  if (ago !== undefined) return systemClock.now() - ago;
  const parsed = /^\d{4}-\d\d-\d\d(?:T.*(?:Z|[+-]\d\d:\d\d))?$/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw new InvalidArgumentError(
    'It must be a time, such as 2026-11-26T09:00:00+05:30, a day (UTC), or how long ago, such as 2h or 7d.',
  );
};

/** A flag for a time. */
export const timeOption = (flags: string, help: string): Option => new Option(flags, help).argParser(time);

/** The times that were given, in epoch milliseconds. */
export const timesOf = <K extends string>(flags: Flags, ...names: readonly K[]): Partial<Record<K, number>> =>
  Object.fromEntries(
    names.flatMap(name => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  ) as Partial<Record<K, number>>;
