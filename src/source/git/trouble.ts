import type {Trouble} from '../../domain/conditions.ts';
import {FolderNotFound} from './objects.ts';

/** What Git says, what it means, and what to do. The first that matches holds. */
const MEANINGS: readonly {pattern: RegExp; reason: string; meaning: string; stalls: boolean}[] = [
  {
    pattern: /spawn git/,
    reason: 'GitNotFound',
    meaning: 'the program git was not found: install Git and put it on the PATH',
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
      /block timeout|could not resolve|connection (refused|timed out|reset)|unable to access|timed out|early eof|hung up/i,
    reason: 'RemoteUnreachable',
    meaning: 'the repository cannot be reached; it is tried again at the next interval',
    stalls: false,
  },
];

const LONGEST = 300;

/** Takes credentials out of URLs, and everything that is no single printable line. */
export const scrub = (text: string): string =>
  text
    .replace(/(\w+:\/\/)[^/\s@]+@/g, '$1')
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, LONGEST);

/** Signs that the mirror itself is broken or half written, and not the remote. */
const BROKEN_MIRROR =
  /not a git repository|bad object|(loose|corrupt|missing|invalid) (object|blob|tree|commit)|object file|packfile|pack file|index-pack|not a valid object|unable to read|could not be read|cannot lock ref|unable to create .*lock|all necessary objects|bad config|broken ref/i;

/** True where throwing the mirror away and fetching all of it again may help. */
export const isBrokenMirror = (error: unknown): boolean =>
  error instanceof Error && !/does not appear to be/.test(error.message) && BROKEN_MIRROR.test(error.message);

const PROGRESS =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Resolving|Unpacking|Total|From)\b/;

const withoutProgress = (said: string): string =>
  said
    .split(/[\r\n]+/)
    .filter(line => !PROGRESS.test(line))
    .join(' ');

/** Turns what Git said into something to read, with no secret in it. */
export const gitTrouble = (error: unknown): Trouble => {
  const said = withoutProgress(error instanceof Error ? error.message : String(error));
  if (error instanceof Error && 'syscall' in error && !String(error.syscall).startsWith('spawn')) {
    return {
      reason: 'CacheUnusable',
      message: `the mirror cannot be kept: ${scrub(error.message)}`,
      stalls: true,
    };
  }
  if (error instanceof FolderNotFound) return {reason: 'PathNotFound', message: error.message, stalls: true};
  const found = MEANINGS.find(({pattern}) => pattern.test(said));
  const quote = scrub(said);
  if (!found)
    return {reason: 'SourceFailed', message: `the source could not be read: ${quote}`, stalls: false};
  const message = found.reason === 'GitNotFound' ? found.meaning : `${found.meaning}; Git said: ${quote}`;
  return {reason: found.reason, message, stalls: found.stalls};
};
