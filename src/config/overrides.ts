import {isRecord} from '../domain/json.ts';
/** A value of the configuration that a flag or an environment variable may override. */
export interface Override {
  readonly path: readonly string[];
  readonly flag: string;
  readonly variable: string;
  readonly number?: true;
  readonly help: string;
}

/** Flag over variable over file. Numbers are given as text and checked like the file. */
export const OVERRIDES: readonly Override[] = [
  {path: ['source', 'git', 'url'], flag: '--git-url', variable: 'ROLLCALL_GIT_URL', help: 'source.git.url'},
  {
    path: ['source', 'git', 'branch'],
    flag: '--git-branch',
    variable: 'ROLLCALL_GIT_BRANCH',
    help: 'source.git.branch',
  },
  {
    path: ['source', 'git', 'path'],
    flag: '--git-path',
    variable: 'ROLLCALL_GIT_PATH',
    help: 'source.git.path',
  },
  {
    path: ['source', 'directory', 'path'],
    flag: '--directory',
    variable: 'ROLLCALL_DIRECTORY',
    help: 'source.directory.path, instead of source.git',
  },
  {
    path: ['platform', 'baseUrl'],
    flag: '--platform-url',
    variable: 'ROLLCALL_PLATFORM_URL',
    help: 'platform.baseUrl, instead of platform.simulator',
  },
  {
    path: ['reconcile', 'interval'],
    flag: '--interval',
    variable: 'ROLLCALL_INTERVAL',
    help: 'reconcile.interval',
  },
  {path: ['http', 'host'], flag: '--http-host', variable: 'ROLLCALL_HTTP_HOST', help: 'http.host'},
  {
    path: ['http', 'port'],
    flag: '--http-port',
    variable: 'ROLLCALL_HTTP_PORT',
    number: true,
    help: 'http.port',
  },
  {path: ['log', 'level'], flag: '--log-level', variable: 'ROLLCALL_LOG_LEVEL', help: 'log.level'},
];

/** What takes another's place: setting the first removes the second. */
const INSTEAD: readonly {set: string; removes: readonly string[]}[] = [
  {set: 'source.directory.path', removes: ['source', 'git']},
  {set: 'source.git.url', removes: ['source', 'directory']},
  {set: 'platform.baseUrl', removes: ['platform', 'simulator']},
];

/** An override that was given: its value, and the flag or variable that it came from. */
export interface GivenOverride {
  readonly override: Override;
  readonly value: string;
  readonly from: string;
}

/**
 * What was given, in the order in which it counts: a flag after every variable, so that one that takes the place of another
 * value takes that of a variable too. Flags are keyed by their name with its dashes, as in `--http-port`.
 */
export const givenOverrides = (
  flags: Readonly<Record<string, string | undefined>>,
  env: NodeJS.ProcessEnv,
): GivenOverride[] => {
  const variables = OVERRIDES.flatMap(override => {
    const value = env[override.variable];
    const isGiven = value !== undefined && value !== '' && flags[override.flag] === undefined;
    return isGiven ? [{override, value, from: override.variable}] : [];
  });
  const ofFlags = OVERRIDES.flatMap(override => {
    const value = flags[override.flag];
    return value === undefined ? [] : [{override, value, from: override.flag}];
  });
  return [...variables, ...ofFlags];
};

const withValue = (value: unknown, [key, ...rest]: readonly string[], inner: unknown): unknown => {
  if (key === undefined) return inner;
  const record = isRecord(value) ? value : {};
  return {...record, [key]: withValue(record[key], rest, inner)};
};

const without = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
  if (!isRecord(value) || key === undefined || !(key in value)) return value;
  if (rest.length > 0) return {...value, [key]: without(value[key], rest)};
  const {[key]: _removed, ...others} = value;
  return others;
};

/** The document of the file, with what was given put in. */
export const applyOverrides = (document: unknown, given: readonly GivenOverride[]): unknown =>
  given.reduce((value, {override, value: text}) => {
    const instead = INSTEAD.find(({set}) => set === override.path.join('.'));
    const cleared = instead ? without(value, instead.removes) : value;
    const typed = override.number && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
    return withValue(cleared, override.path, typed);
  }, document);
