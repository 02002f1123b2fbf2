import {type Command, InvalidArgumentError, Option} from 'commander';
import {OVERRIDES} from '../config/overrides.ts';
import type {ExitCode} from './io.ts';

export type Flags = Readonly<Record<string, unknown>>;

const DEFAULT_CONFIG = 'rollcall.yaml';

export const whole = (least: number, most: number) => (text: string) => {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

export const positive = (text: string): number => {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
};

/** Overrides that only mean something to a controller. */
export const OF_CONTROLLER = ['--git-branch', '--interval', '--http-host', '--http-port', '--log-level'];

/** @param without overrides that the command does not take */
export const withConfig = (
  command: Command,
  env: NodeJS.ProcessEnv,
  without: readonly string[] = [],
): Command => {
  const file = env['ROLLCALL_CONFIG'] || DEFAULT_CONFIG;
  command.option('-c, --config <file>', 'the configuration (or ROLLCALL_CONFIG)', file);
  for (const {flag, help, variable} of OVERRIDES) {
    if (without.includes(flag)) continue;
    command.addOption(new Option(`${flag} <value>`, `overrides ${help} (or ${variable})`));
  }
  return command;
};

/** A word that is there, and is no other flag whose value was forgotten. */
const word = (value: string): string => {
  if (value !== '' && !value.startsWith('-')) return value;
  throw new InvalidArgumentError(value === '' ? 'It is empty: an unset variable?' : 'It looks like a flag.');
};

export const worded = (flags: string, help: string): Option => new Option(flags, help).argParser(word);

const camelCase = (flag: string): string =>
  flag.replace(/^--/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

export const configFlags = (flags: Flags) => ({
  config: String(flags['config']),
  overrides: Object.fromEntries(
    OVERRIDES.map(({flag}) => [flag, flags[camelCase(flag)] as string | undefined] as const),
  ),
});

export const format = (...choices: readonly string[]): Option =>
  new Option('--format <format>', 'how to print the result').choices(choices).default(choices[0]);

export type End = (code: ExitCode) => void;

export const text = (flags: Flags, name: string): string | undefined => flags[name] as string | undefined;
