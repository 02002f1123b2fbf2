import {dirname} from 'node:path';
import type {Readable} from 'node:stream';
import {simpleGit} from 'simple-git';
import {MAX_TOTAL_BYTES, SourceTooLarge} from '../limits.ts';
import {quoted} from './quoted.ts';
import {keyringHome, type VerifyOptions, verifyConfig} from './signers.ts';

/** Who Rollcall is to a remote. Paths are the operator's; what stands in the files is read by ssh and Git alone. */
type GitAuth =
  | {readonly kind: 'ssh'; readonly sshKeyFile: string; readonly knownHostsFile: string}
  | {readonly kind: 'password'; readonly username: string; readonly passwordFile: string};

export interface GitOptions {
  /** A URL that Git takes over https, ssh or file, or the path of a local repository. */
  readonly url: string;
  /** Default: the remote's HEAD. */
  readonly branch?: string;
  readonly auth?: GitAuth;
  /** Certificates (PEM) to trust for https, besides the system's. */
  readonly caFile?: string;
  /** Whose signatures a commit needs; none where it is not given. */
  readonly verify?: VerifyOptions;
  /** Milliseconds without a sign of life after which a command is given up. */
  readonly timeout: number;
}

/**
 * Runs one Git command with a fixed argument list; resolves with its output, rejects with what Git said, or with
 * `SourceTooLarge` where that is more than `most` bytes (default: all that is ever read).
 */
export type RunGit = (args: readonly string[], input?: string, most?: number) => Promise<Buffer>;

/** Fixed text: the shell that Git starts puts in the variables, whatever characters they hold. */
const SSH_COMMAND = [
  'ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o ConnectTimeout=10',
  '-o GlobalKnownHostsFile=/dev/null -o UserKnownHostsFile="\\"$ROLLCALL_KNOWN_HOSTS_FILE\\""',
  '-i "$ROLLCALL_SSH_KEY_FILE"',
].join(' ');

const SSH_WITHOUT_KEY = 'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10';

/** Passed on to Git: what it needs to find programs, a home, proxies and certificates. Nothing of Git's own. */
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

const authEnvironment = (auth: GitAuth | undefined): Record<string, string> => {
  if (auth?.kind !== 'ssh') {
    const password = auth && {
      ROLLCALL_GIT_USERNAME: auth.username,
      ROLLCALL_GIT_PASSWORD_FILE: auth.passwordFile,
    };
    return {GIT_SSH_COMMAND: SSH_WITHOUT_KEY, ...password};
  }
  return {
    GIT_SSH_COMMAND: SSH_COMMAND,
    ROLLCALL_SSH_KEY_FILE: auth.sshKeyFile,
    ROLLCALL_KNOWN_HOSTS_FILE: auth.knownHostsFile,
  };
};

/** Nothing on this machine is reached through a proxy, unless the word that browsers know for it is there. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const PROXIED_LOOPBACK = '<-loopback>';

const withoutProxy = (): Record<string, string> => {
  const given = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
  if (given.includes(PROXIED_LOOPBACK)) return {};
  const hosts = [given, ...LOOPBACK].filter(Boolean).join(',');
  return {no_proxy: hosts, NO_PROXY: hosts};
};

const environment = (options: GitOptions, configFile: string): Record<string, string> => ({
  ...Object.fromEntries(INHERITED.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []))),
  ...withoutProxy(),
  ...authEnvironment(options.auth),
  ...(options.caFile !== undefined && {GIT_SSL_CAINFO: options.caFile}),
  ...(options.verify && {GNUPGHOME: keyringHome(dirname(configFile))}),
  GIT_ALLOW_PROTOCOL: 'https:ssh:file',
  GIT_CONFIG_GLOBAL: configFile,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
});

const ALLOWED = [
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'GIT_ALLOW_PROTOCOL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_TERMINAL_PROMPT',
  'GIT_OPTIONAL_LOCKS',
  'GIT_NO_LAZY_FETCH',
];

/** The most that one command may say, in bytes: a list of all files, or all that they hold. */
const MAX_OUTPUT = MAX_TOTAL_BYTES + 64 * 1024 * 1024;

const verbOf = (args: readonly string[]): string => args.find(arg => !arg.startsWith('-')) ?? '';

/**
 * Git in one directory, with an environment of our own: no system or user configuration but `configFile`, no
 * prompt, and only the protocols https, ssh and file.
 */
export const gitIn = (
  directory: string,
  configFile: string,
  options: GitOptions,
  abort?: AbortSignal,
): RunGit => {
  const env = environment(options, configFile);
  return async (args, input, most = MAX_OUTPUT) => {
    const output: Buffer[] = [];
    const tooMuch = new AbortController();
    let length = 0;
    const git = simpleGit({
      baseDir: directory,
      timeout: {block: options.timeout},
      allowEnvironment: ALLOWED,
      errors: (error, {exitCode}) =>
        error ??
        (exitCode === 0 ? undefined : new Error(`git ${verbOf(args)} ended with exit code ${exitCode}`)),
      unsafe: {allowUnsafeSshCommand: true, allowUnsafeConfigPaths: true},
      abort: AbortSignal.any(abort ? [abort, tooMuch.signal] : [tooMuch.signal]),
      ...(input !== undefined && {input: () => input}),
    });
    git.env(env);
    const streams: Readable[] = [];
    git.outputHandler((_command, stdout, stderr) => {
      streams.push(stdout as Readable, stderr as Readable);
      stdout.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > most) tooMuch.abort();
        else output.push(chunk);
      });
    });
    try {
      await git.raw([...args]);
    } catch (error) {
      if (!tooMuch.signal.aborted) throw error;
      throw new SourceTooLarge(`the repository holds more than is read: git ${verbOf(args)} said over 1 GiB`);
    } finally {
      for (const stream of streams) stream.destroy();
    }
    return Buffer.concat(output);
  };
};

const HELPER = [
  '!f() { test "$1" = get || exit 0;',
  'printf "username=%s\\npassword=%s\\n" "$ROLLCALL_GIT_USERNAME" "$(cat "$ROLLCALL_GIT_PASSWORD_FILE")"; }; f',
].join(' ');

/** Credentials are bound to the remote's own origin: a redirect elsewhere does not get them. */
const credentials = ({auth, url}: GitOptions): string[] => {
  if (auth?.kind !== 'password') return [];
  return [`[credential ${quoted(new URL(url).origin)}]`, `\thelper = ${quoted(HELPER)}`];
};

/**
 * The only configuration that Git reads besides the mirror's own: no hooks, no connection that is kept up though nothing comes, and a local repository trusted whoever owns it, since the operator named it.
 */
export const gitConfig = (options: GitOptions, localPath: string | undefined): string =>
  [
    '[core]',
    '\thooksPath = /dev/null',
    '[gc]',
    '\tauto = 0',
    '\tautoDetach = false',
    '[http]',
    '\tlowSpeedLimit = 1',
    `\tlowSpeedTime = ${Math.ceil(options.timeout / 1000)}`,
    '[maintenance]',
    '\tauto = false',
    '\tautoDetach = false',
    ...(localPath === undefined
      ? []
      : ['[safe]', `\tdirectory = ${quoted(localPath)}`, `\tdirectory = ${quoted(`${localPath}/.git`)}`]),
    ...(options.verify ? verifyConfig(options.verify) : []),
    ...credentials(options),
    '',
  ].join('\n');
