import {createHash} from 'node:crypto';
import {dirname, resolve} from 'node:path';
import {readSmallFile} from '../disk/read-small-file.ts';
import {checkYaml} from '../document/check.ts';
import {type ParsedYaml, parseYaml} from '../document/parse.ts';
import {firstProblems, type Problem, START} from '../document/problem.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {errorText} from '../domain/text.ts';
import {defaultCache} from './cache.ts';
import type {ReceiverConfig, SecretReference} from './notifications.ts';
import {applyOverrides, type GivenOverride} from './overrides.ts';
import {type Config, configSchema, knownConfigKeys} from './schema.ts';

/** The configuration, with a digest of what it says; or everything that is wrong with it. */
export type LoadedConfig =
  | {readonly config: Config; readonly digest: string}
  | {
      readonly diagnostics: readonly Diagnostic[];
      /** A flag on the command line has a wrong value. */
      readonly misused: boolean;
    };

/** Gives the bytes of a file, or throws. */
export type ReadFile = (file: string) => Uint8Array;

/** A configuration is one file, and cannot be parted. */
const asOfOneFile = (problem: Problem): Problem =>
  problem.code === 'too-large'
    ? {...problem, hint: 'a configuration has some kilobytes: is it the right file?'}
    : problem;

const readDocument = (file: string, read: ReadFile): {yaml: ParsedYaml} | {problems: readonly Problem[]} => {
  let bytes: Uint8Array;
  try {
    bytes = read(file);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing ? 'the file does not exist' : `the file cannot be read: ${errorText(error)}`;
    return {problems: [{code: 'unreadable', message, hint: 'name it with --config FILE', ...START}]};
  }
  const {documents, problems} = parseYaml(bytes);
  const [yaml, second] = documents;
  if (problems.length > 0) return {problems: problems.map(asOfOneFile)};
  if (yaml && yaml.value === undefined) return {problems: yaml.problems};
  if (!yaml) return {problems: [{code: 'required', message: 'the configuration is empty', ...START}]};
  if (!second) return {yaml};
  const message = 'the configuration holds a second document';
  return {problems: [{code: 'second-document', message, line: second.line, column: 1}]};
};

/** A configuration is one file of one hand: all that is wrong with it is told, up to this number. */
const MOST_TOLD = 200;

/** True for a message that begins with a path, or with something inside it. */
const isAbout = (message: string, path: string): boolean =>
  message.startsWith(path) && !/^\w/.test(message.slice(path.length));

/** Where an override is wrong, the flag or variable is its place, not the file. */
const blame = (problem: Problem, file: string, given: readonly GivenOverride[]): Diagnostic => {
  const culprit = given.find(({override}) => isAbout(problem.message, override.path.join('.')));
  return {...problem, ...(culprit && START), file: culprit ? culprit.from : file};
};

const isPath = (url: string): boolean => !/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !/^[^/]+:/.test(url);

const resolvedReference = <T extends SecretReference>(reference: T, from: (path: string) => string): T =>
  'file' in reference ? {...reference, file: from(reference.file)} : reference;

/** The same with the paths of files resolved, where they are given. */
const withFiles = <T extends object>(
  given: T,
  keys: readonly (keyof T)[],
  from: (path: string) => string,
): T => {
  const files = keys.flatMap(key => {
    const file = given[key];
    return typeof file === 'string' ? [[key, from(file)]] : [];
  });
  return {...given, ...Object.fromEntries(files)};
};

const withResolvedFiles = (receiver: ReceiverConfig, from: (path: string) => string): ReceiverConfig => {
  const {githubStatus, slack, webhook} = receiver;
  return {
    ...receiver,
    ...(webhook && {webhook: {...webhook, secret: resolvedReference(webhook.secret, from)}}),
    ...(slack && {slack: {webhookUrl: resolvedReference(slack.webhookUrl, from)}}),
    ...(githubStatus && {
      githubStatus: {...githubStatus, token: resolvedReference(githubStatus.token, from)},
    }),
  };
};

/** Paths in the file count from the file's own folder; those given by a flag or variable from here. */
const resolvePaths = (
  config: Config,
  file: string,
  given: readonly GivenOverride[],
  env: NodeJS.ProcessEnv,
): Config => {
  const base = dirname(resolve(file));
  const from = (path: string, ...key: readonly string[]): string =>
    given.some(({override}) => override.path.join('.') === key.join('.'))
      ? resolve(path)
      : resolve(base, path);
  const {git, directory} = config.source;
  const {caFile, simulator} = config.platform;
  const {history, http, leaderElection, notifications} = config;
  const auth = git?.auth;
  return {
    ...config,
    source: {
      ...(directory && {
        directory: {...directory, path: from(directory.path, 'source', 'directory', 'path')},
      }),
      ...(git && {
        git: {
          ...git,
          url: isPath(git.url) ? from(git.url, 'source', 'git', 'url') : git.url,
          cacheDirectory: git.cacheDirectory === undefined ? defaultCache(env) : from(git.cacheDirectory),
          ...(git.caFile !== undefined && {caFile: from(git.caFile)}),
          ...(git.verify && {verify: withFiles(git.verify, ['allowedSignersFile', 'gpgKeyringFile'], from)}),
          ...(git.webhook && {webhook: {secretFile: from(git.webhook.secretFile)}}),
          ...(auth && {
            auth:
              'sshKeyFile' in auth
                ? {sshKeyFile: from(auth.sshKeyFile), knownHostsFile: from(auth.knownHostsFile)}
                : {username: auth.username, passwordFile: from(auth.passwordFile)},
          }),
        },
      }),
    },
    platform: {
      ...config.platform,
      ...(caFile !== undefined && {caFile: from(caFile)}),
      ...(simulator && {simulator: {...simulator, scenario: from(simulator.scenario)}}),
    },
    http: {...http, ...(http.auth && {auth: withFiles(http.auth, ['tokenFile'], from)})},
    ...(leaderElection && {leaderElection: withFiles(leaderElection, ['caFile', 'tokenFile'], from)}),
    notifications: notifications.map(one => withResolvedFiles(one, from)),
    history: {...history, ...(history.file !== undefined && {file: from(history.file)})},
    workspaces: config.workspaces.map(one =>
      one.apiKey ? {...one, apiKey: resolvedReference(one.apiKey, from)} : one,
    ),
  };
};

/**
 * Reads the configuration: the file, then variables, then flags. Checked once and whole: every problem comes
 * back, each with its place. Paths come back absolute.
 *
 * @param read where the file comes from, if not from disk
 */
export const loadConfig = (
  file: string,
  given: readonly GivenOverride[],
  env: NodeJS.ProcessEnv,
  read: ReadFile = readSmallFile,
): LoadedConfig => {
  const document = readDocument(file, read);
  if ('problems' in document)
    return {diagnostics: document.problems.map(problem => ({...problem, file})), misused: false};
  const overridden = {...document.yaml, value: applyOverrides(document.yaml.value, given)};
  const {problems, untold, value} = checkYaml(overridden, configSchema, knownConfigKeys, MOST_TOLD);
  if (!value) {
    const diagnostics = firstProblems(problems, untold, MOST_TOLD).map(problem =>
      blame(problem, file, given),
    );
    return {diagnostics, misused: diagnostics.some(({file: from}) => from.startsWith('--'))};
  }
  const config = resolvePaths(value, file, given, env);
  const digest = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);
  return {config, digest};
};
