import type {Revision} from '../../controller/ports.ts';
import {MAX_FILE_BYTES} from '../../document/parse.ts';
import type {FileEntry} from '../file-cache.ts';
import {isDeclarationPath} from '../parse.ts';
import type {RunGit} from './command.ts';

const REGULAR_FILE = /^100(?:644|755)$/;
const NEWLINE = 0x0a;

/** How `rev-parse --quiet` ends for a name that does not exist: with 1, and without a word. */
const SAID_NOTHING = 'git rev-parse ended with exit code 1';

const toEntry = (line: string, prefix: string): FileEntry[] => {
  const tab = line.indexOf('\t');
  const [mode = '', type, hash = ''] = line.slice(0, tab).split(/ +/);
  const path = line.slice(tab + 1);
  if (type !== 'blob' || !REGULAR_FILE.test(mode) || !isDeclarationPath(path)) return [];
  return [{file: prefix ? `${prefix}/${path}` : path, contentId: hash}];
};

/** The folder that holds the declarations is not in the commit: nothing is concluded from its absence. */
export class FolderNotFound extends Error {}

/**
 * The declaration files of a commit below `path` (empty: the whole tree): regular files only, neither
 * symbolic links nor submodules. Throws `FolderNotFound` where the commit has no such folder.
 */
export const listFiles = async (git: RunGit, commit: string, path: string): Promise<FileEntry[]> => {
  const tree = path ? `${commit}:${path}` : `${commit}^{tree}`;
  await git(['rev-parse', '--verify', '--quiet', '--end-of-options', tree]).catch(error => {
    if (!(error instanceof Error && error.message.includes(SAID_NOTHING))) throw error;
    throw new FolderNotFound(
      `the commit ${commit.slice(0, 12)} has no folder ${path}: check source.git.path`,
    );
  });
  const listing = await git(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', tree]);
  return listing
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .flatMap(line => toEntry(line, path));
};

/** The hash of one regular file of a commit, by its path from the top; undefined where it has no such file. */
export const findFile = async (git: RunGit, commit: string, path: string): Promise<string | undefined> => {
  const ask = ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, path];
  const listing = await git(['--literal-pathspecs', ...ask]);
  const [mode = '', , hash = ''] = listing.toString('utf8').split(/[ \t]/);
  return REGULAR_FILE.test(mode) ? hash : undefined;
};

/** The sizes of objects, in bytes: what is too large is never read. */
const sizes = async (git: RunGit, hashes: readonly string[]): Promise<Map<string, number>> => {
  const answer = await git(['cat-file', '--batch-check'], `${hashes.join('\n')}\n`);
  const lines = answer.toString('utf8').trimEnd().split('\n');
  return new Map(lines.map(line => line.split(' ')).map(([hash = '', , size]) => [hash, Number(size)]));
};

const parseBatch = (stream: Buffer): Map<string, Uint8Array> => {
  const contents = new Map<string, Uint8Array>();
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf(NEWLINE, at);
    const [hash = '', type, size] = stream.toString('utf8', at, end).split(' ');
    if (type === 'missing' || size === undefined) {
      at = end + 1;
      continue;
    }
    const start = end + 1;
    contents.set(hash, stream.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return contents;
};

/**
 * Reads blobs in one stream. One that is larger than a declaration file may be comes back cut short by one
 * byte over that limit, so that whoever parses it refuses it. Throws where one is missing or damaged.
 */
export const readBlobs = async (
  git: RunGit,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const known = await sizes(git, hashes);
  const damaged = hashes.find(hash => !Number.isInteger(known.get(hash)));
  if (damaged !== undefined) throw new Error(`missing blob ${damaged} in the mirror`);
  const [small, large] = [
    (hash: string) => (known.get(hash) ?? 0) <= MAX_FILE_BYTES,
    new Uint8Array(MAX_FILE_BYTES + 1),
  ];
  const wanted = hashes.filter(small);
  const contents =
    wanted.length > 0 ? parseBatch(await git(['cat-file', '--batch'], `${wanted.join('\n')}\n`)) : new Map();
  for (const hash of hashes) if (!small(hash)) contents.set(hash, large);
  return contents;
};

/** A commit's hash, time and subject. */
export const describeCommit = async (git: RunGit, commit: string): Promise<Revision> => {
  const answer = await git([
    'log',
    '-1',
    '--no-show-signature',
    '--format=%ct%n%s',
    '--end-of-options',
    commit,
  ]);
  const [seconds = '', subject = ''] = answer.toString('utf8').split('\n');
  return {id: commit, committedAt: Number(seconds) * 1000, subject: subject.replace(/\p{C}+/gu, ' ')};
};
