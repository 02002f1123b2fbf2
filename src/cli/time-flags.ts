import {type Command, InvalidArgumentError, Option} from 'commander';
import {parseDuration} from '../domain/duration.ts';
import {momentIn} from '../domain/local-time.ts';
import {systemClock} from '../system.ts';
import type {Flags} from './flags.ts';
import {EXIT} from './io.ts';

/** A time as RFC 3339 has it, a day, or how long ago. */
const time = (given: string): number => {
  const ago = parseDuration(given);
  return ago === undefined
    ? (momentIn(given) ?? refuse(', or how long ago, such as 2h or 7d'))
    : systemClock.now() - ago;
};

const refuse = (besides = ''): never => {
  throw new InvalidArgumentError(
    `It must be a time, such as 2026-11-26T09:00:00+05:30, or a day (UTC)${besides}.`,
  );
};

/** A flag for a time that may lie ahead: how long from now nobody could tell from how long ago. */
export const momentOption = (flags: string, help: string): Option =>
  new Option(flags, help).argParser(given => momentIn(given) ?? refuse());

/** A flag for a time, or for how long ago it was. */
export const timeOption = (flags: string, help: string): Option => new Option(flags, help).argParser(time);

/** Refuses a stretch that ends before it begins: nothing could be in it. */
export const assertStretch = (command: Command, flags: Flags, from: string, to: string): void => {
  const [start, end] = [flags[from], flags[to]];
  if (typeof start === 'number' && typeof end === 'number' && end <= start)
    command.error(`error: --${to} must be later than --${from}`, {exitCode: EXIT.usage});
};

/** The times that were given, in epoch milliseconds. */
export const timesOf = <K extends string>(flags: Flags, ...names: readonly K[]): Partial<Record<K, number>> =>
  Object.fromEntries(
    names.flatMap(name => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  ) as Partial<Record<K, number>>;
