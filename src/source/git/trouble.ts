import type {Trouble} from '../../domain/condition.ts';
import {errorText, oneLine, redact} from '../../domain/text.ts';
import {SourceTooLarge} from '../limits.ts';
import {ShallowRepository} from './mirror.ts';
import {FolderNotFound} from './objects.ts';
import {UnverifiedCommit} from './verify.ts';

/** What Git says, what it means, and what to do. The first that matches holds. */
const MEANINGS: readonly {pattern: RegExp; reason: string; meaning: string; stalls: boolean}[] = [
  {
    pattern: /spawn git/,
    reason: 'GitNotFound',
    meaning: 'the program git was not found: install Git and put it on the PATH',
    stalls: true,
  },
  {
    pattern: /promisor remote|lazy fetching/i,
    reason: 'PartialClone',
    meaning:
      'the repository is a partial clone, which lacks the contents of files: clone it without --filter, or get them with git fetch --refetch',
    stalls: true,
  },
  {
    pattern: /couldn't find remote ref/i,
    reason: 'BranchNotFound',
    meaning: 'the branch does not exist in the repository (or the repository has no commit yet)',
    stalls: true,
  },
  {
    pattern: /host key verification failed|no matching host key/i,
    reason: 'HostKeyNotTrusted',
    meaning: 'the SSH server’s key is not in knownHostsFile: check it with its owner, then add it',
    stalls: true,
  },
  {
    pattern:
      /permission denied|authentication failed|could not read (username|password)|invalid username|returned error: 40[13]/i,
    reason: 'AuthenticationFailed',
    meaning: 'the repository refused the credentials: check source.git.auth, they may have expired',
    stalls: true,
  },
  {
    pattern: /transport '.*' not allowed/i,
    reason: 'ProtocolNotAllowed',
    meaning: 'only https, ssh and file are allowed for source.git.url',
    stalls: true,
  },
  {
    pattern: /does not appear to be a git repository|repository .* not found|returned error: 404/i,
    reason: 'RepositoryNotFound',
    meaning: 'there is no Git repository at source.git.url',
    stalls: true,
  },
  {
    pattern: /dubious ownership/i,
    reason: 'DubiousOwnership',
    meaning: 'the repository belongs to another user, and Git will not read it',
    stalls: true,
  },
  {
    pattern:
      /block timeout|could not resolve|connection (refused|timed out|reset)|unable to access|timed out|early eof|hung up|invalid index-pack output|unpack-objects|bad pack header|unexpected disconnect|rpc failed/i,
    reason: 'RemoteUnreachable',
    meaning: 'the repository cannot be reached',
    stalls: false,
  },
];

const LONGEST = 300;
/** How much of what Git said is looked at: its beginning and its end, where it says why it gives up. */
const LOOKED_AT = 4_096;

/** Takes secrets and credentials in URLs out of a text, and makes one printable line of it. */
const scrub = (text: string, secrets: readonly string[] = []): string =>
  oneLine(redact(text, secrets).slice(0, LOOKED_AT))
    .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/{1,8})[^\s'"<>]*@/gi, '$1')
    .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/{1,8}[^\s'"<>?#]*)[?#][^\s'"<>]*/gi, '$1')
    .trim()
    .slice(0, LONGEST);

const shortened = (said: string): string =>
  said.length <= 2 * LOOKED_AT ? said : `${said.slice(0, LOOKED_AT)}\n${said.slice(-LOOKED_AT)}`;

/** Troubles that are the remote's, or the machine's, and say nothing of the mirror. */
const NOT_THE_MIRROR: ReadonlySet<string> = new Set([
  ...MEANINGS.map(({reason}) => reason),
  'CacheUnusable',
  'CommitNotVerified',
  'PathNotFound',
  'ShallowClone',
  'SourceTooLarge',
]);

/** True where the mirror is worth a look: making it anew may help, if it is shown to be broken. */
export const mayBeBroken = (error: unknown): boolean => {
  const {reason} = gitTrouble(error);
  return !NOT_THE_MIRROR.has(reason) || /not a git repository/.test(errorText(error));
};

/** What Git says of an object that cannot be used, of the mirror's or of the remote's own. */
const DAMAGED =
  /object (?:file )?\S+ (?:\S+ )?is (?:empty|corrupt)|corrupt(?:ed)? (?:loose )?object|bad object|unable to (?:read|unpack) \S*|inflate: /i;

/** True where Git came upon an object that is there, and cannot be used. */
export const namesDamage = (error: unknown): boolean => DAMAGED.test(shortened(errorText(error)));

/** True where a lock is in the way that a Git which was killed has left. */
export const isLocked = (error: unknown): boolean =>
  /unable to create '[^']*\.lock'|cannot lock ref/i.test(shortened(errorText(error)));

const PROGRESS =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Resolving|Unpacking|Checking|Total|From|warning: lazy)\b/;

/** What Git said, each of its messages once and told apart. */
const messages = (said: string): string[] => [
  ...new Set(
    said
      .split(/[\r\n]+/)
      .map(line => line.trim())
      .filter(line => line !== '' && !PROGRESS.test(line)),
  ),
];

/** True for what the system says of a file, a socket and the like; not that a program could not be started. */
export const isSystemError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && !String(error.syscall).startsWith('spawn');

const CACHE = 'choose another folder with source.git.cacheDirectory, or XDG_CACHE_HOME';

/** Turns what Git said into something to read, with no secret in it. */
export const gitTrouble = (error: unknown, secrets: readonly string[] = []): Trouble => {
  if (isSystemError(error)) {
    const message = `the mirror cannot be kept: ${scrub(errorText(error), secrets)}: ${CACHE}`;
    return {reason: 'CacheUnusable', message, stalls: true};
  }
  if (error instanceof FolderNotFound) return {reason: 'PathNotFound', message: error.message, stalls: true};
  if (error instanceof ShallowRepository)
    return {reason: 'ShallowClone', message: error.message, stalls: true};
  if (error instanceof UnverifiedCommit)
    return {reason: 'CommitNotVerified', message: scrub(error.message, secrets), stalls: true};
  if (error instanceof SourceTooLarge)
    return {reason: 'SourceTooLarge', message: error.message, stalls: true};
  const said = messages(shortened(redact(errorText(error), secrets))).join('; ');
  const found = MEANINGS.find(({pattern}) => pattern.test(said));
  const quote = scrub(said, secrets);
  if (!found)
    return {reason: 'SourceFailed', message: `the source could not be read: ${quote}`, stalls: false};
  const message = found.reason === 'GitNotFound' ? found.meaning : `${found.meaning}; Git said: ${quote}`;
  return {reason: found.reason, message, stalls: found.stalls};
};
