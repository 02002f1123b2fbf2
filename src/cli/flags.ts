import {type Command, InvalidArgumentError, Option} from 'commander';
import {OVERRIDES} from '../config/overrides.ts';
import {LABEL} from '../domain/label.ts';
import {isState, parseLabels, type Selection} from '../domain/selection.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import type {ExitCode} from './io.ts';

export type Flags = Readonly<Record<string, unknown>>;

const DEFAULT_CONFIG = 'rollcall.yaml';

export const whole = (least: number, most: number) => (text: string) => {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

/** A number above 0, up to `most`. */
export const positive =
  (most: number) =>
  (text: string): number => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (number > 0 && number <= most) return number;
    throw new InvalidArgumentError(`It must be a number above 0, and at most ${most}.`);
  };

/** Overrides of where declarations come from, those of where the platform is, and those of a controller alone. */
const OF_SOURCE = ['--git-url', '--git-branch', '--git-path', '--directory'];
const OF_PLATFORM = ['--platform-url'];
const OF_CONTROLLER = ['--interval', '--http-host', '--http-port', '--log-level'];

/** What a command does with a configuration, which decides what of it can be overridden. */
export type ConfigUse = 'controller' | 'watcher' | 'reader' | 'platform' | 'none';

const OVERRIDABLE: Readonly<Record<ConfigUse, readonly string[]>> = {
  controller: [...OF_SOURCE, ...OF_PLATFORM, ...OF_CONTROLLER],
  watcher: [...OF_SOURCE, ...OF_PLATFORM, '--interval'],
  reader: [...OF_SOURCE, ...OF_PLATFORM],
  platform: [...OF_PLATFORM],
  none: [],
};

/** A word that is there, and is no other flag whose value was forgotten. */
const word = (value: string): string => {
  if (value !== '' && !value.startsWith('-')) return value;
  throw new InvalidArgumentError(value === '' ? 'It is empty: an unset variable?' : 'It looks like a flag.');
};

export const worded = (flags: string, help: string): Option => new Option(flags, help).argParser(word);

/** Gives a command the flag for the configuration, and those that override what it goes by. */
export const withConfig = (command: Command, env: NodeJS.ProcessEnv, use: ConfigUse): Command => {
  const file = env['ROLLCALL_CONFIG'] || DEFAULT_CONFIG;
  command.addOption(worded('-c, --config <file>', 'the configuration (or ROLLCALL_CONFIG)').default(file));
  for (const {flag, help, variable} of OVERRIDES) {
    if (!OVERRIDABLE[use].includes(flag)) continue;
    const option = new Option(`${flag} <value>`, `overrides ${help} (or ${variable})`);
    command.addOption(flag === '--git-url' ? option.conflicts('directory') : option);
  }
  return command;
};

const camelCase = (flag: string): string =>
  flag.replace(/^--/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

export const configFlags = (flags: Flags) => ({
  config: String(flags['config']),
  overrides: Object.fromEntries(
    OVERRIDES.map(({flag}) => [flag, flags[camelCase(flag)] as string | undefined] as const),
  ),
});

export const format = (...choices: readonly string[]): Option =>
  new Option('-o, --format <format>', 'how to print the result').choices(choices).default(choices[0]);

const workspaceName = (text: string): string => {
  if (LABEL.test(text)) return text;
  throw new InvalidArgumentError('It must be the name of a workspace, as the configuration has it.');
};

const labelSelector = (text: string): Selection['labels'] => {
  const labels = parseLabels(text);
  if (labels) return labels;
  throw new InvalidArgumentError('It must be a label selector, such as team=billing,!frozen.');
};

/** Gives a command the flags that say which campaigns are meant. */
export const withSelection = (command: Command): Command =>
  command
    .addOption(new Option('--workspace <name>', 'only campaigns of this workspace').argParser(workspaceName))
    .addOption(new Option('--state <state>', 'only campaigns in this state').choices(CAMPAIGN_STATES))
    .addOption(
      new Option(
        '-l, --selector <labels>',
        'only campaigns with these labels: team=billing,!frozen',
      ).argParser(labelSelector),
    );

export const selectionOf = (flags: Flags): Selection => {
  const [state, workspace] = [text(flags, 'state'), text(flags, 'workspace')];
  return {
    workspace,
    state: state !== undefined && isState(state) ? state : undefined,
    labels: flags['selector'] as Selection['labels'],
  };
};

export type End = (code: ExitCode) => void;

export const text = (flags: Flags, name: string): string | undefined => flags[name] as string | undefined;

/** Examples for the end of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map(line => `  $ rollcall ${line}`).join('\n')}`;

const server = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.username || url?.password)
    throw new InvalidArgumentError('It must not hold credentials: give the token in ROLLCALL_TOKEN.');
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return given;
  throw new InvalidArgumentError('It must be the address of a controller, such as http://127.0.0.1:8080.');
};

/** The flag that asks a running controller, instead of what a command reads by itself. An empty variable is as none. */
export const serverOption = (instead: string, env: NodeJS.ProcessEnv): Option => {
  const help = `ask a controller that runs there, instead of ${instead} (or ROLLCALL_SERVER); its token, if any: ROLLCALL_TOKEN`;
  const option = new Option('--server <url>', help).argParser(server);
  return env['ROLLCALL_SERVER'] ? option.env('ROLLCALL_SERVER') : option;
};

export const serverFlag = (flags: Flags): {readonly server?: string} => {
  const given = text(flags, 'server');
  return given === undefined ? {} : {server: given};
};
