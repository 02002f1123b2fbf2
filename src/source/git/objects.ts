import type {Revision} from '../../controller/ports.ts';
import {flatMapInSlices} from '../../controller/slices.ts';
import {shortRevision} from '../../domain/revision.ts';
import {oneLine} from '../../domain/text.ts';
import type {EntryChanges, FileEntry} from '../entries.ts';
import {notAFolder} from '../files.ts';
import {assertFileCount} from '../limits.ts';
import {isDeclarationPath} from '../parse.ts';
import {pathName} from '../path-name.ts';
import type {RunGit} from './command.ts';
import {parts} from './parts.ts';

const REGULAR_FILE = /^100(?:644|755)$/;
const TAB = 0x09;

/** The folder that holds the declarations is not in the commit: nothing is concluded from its absence. */
export class FolderNotFound extends Error {
  /** Nothing is there in its place either. */
  readonly isGone: boolean;

  constructor(message: string, isGone: boolean) {
    super(message);
    this.isGone = isGone;
  }
}

/** A declaration file by its name below a folder; undefined where it is none. */
const fileEntry = (name: Buffer, hash: string, prefix: string): FileEntry | undefined => {
  const {file, problem} = pathName(name);
  if (!isDeclarationPath(file)) return undefined;
  return {file: prefix ? `${prefix}/${file}` : file, contentId: hash, ...(problem && {problem})};
};

const REGULAR_BLOB = /^100(?:644|755) blob $/;
const HASH_AT = '100644 blob '.length;

/** A line of `ls-tree`: mode, type, hash and, after a tab, the name. */
const toEntry = (line: Buffer, prefix: string): FileEntry | readonly [] => {
  if (!REGULAR_BLOB.test(line.toString('latin1', 0, HASH_AT))) return [];
  const tab = line.indexOf(TAB);
  return fileEntry(line.subarray(tab + 1), line.toString('latin1', HASH_AT, tab), prefix) ?? [];
};

type Kind = Parameters<typeof notAFolder>[1] | 'folder';

const kindOf = (mode: string, type: string | undefined): Kind => {
  if (type === 'tree') return 'folder';
  if (type === 'commit') return 'submodule';
  if (type === undefined) return undefined;
  return mode === '120000' ? 'link' : 'file';
};

/** Says of the first part of a path that is no folder what it is instead. */
const assertFolder = async (git: RunGit, commit: string, path: string): Promise<void> => {
  const names = path.split('/');
  for (const [index] of names.entries()) {
    const part = names.slice(0, index + 1).join('/');
    const listing = await git([
      '--literal-pathspecs',
      'ls-tree',
      '-z',
      '--full-tree',
      '--end-of-options',
      commit,
      part,
    ]);
    const [mode = '', type] = listing.toString('latin1').split(/[ \t]/);
    const kind = kindOf(mode, type);
    if (kind === 'folder') continue;
    throw new FolderNotFound(
      `in the commit ${shortRevision(commit)} ${notAFolder(part, kind)}`,
      kind === undefined,
    );
  }
};

/**
 * The declaration files of a commit below `path` (empty: the whole tree): regular files only, neither
 * symbolic links nor submodules. Throws `FolderNotFound` where the commit has no such folder.
 */
export const listFiles = async (git: RunGit, commit: string, path: string): Promise<FileEntry[]> => {
  if (path) await assertFolder(git, commit, path);
  const tree = path ? `${commit}:${path}` : `${commit}^{tree}`;
  const listing = await git(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', tree]);
  const entries = await flatMapInSlices(parts(listing), line => toEntry(line, path));
  assertFileCount(entries.length);
  return entries;
};

/** One change of a tree, as `diff-tree` says it: the new mode, the new hash, and the name. */
const CHANGE = /^:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/;

/**
 * How the declaration files of a commit differ from those of another, below `path` in both. Rejects where a commit is
 * not there, or has no such folder.
 */
export const changedFiles = async (
  git: RunGit,
  {from, to}: {from: string; to: string},
  path: string,
): Promise<EntryChanges> => {
  if (path) await assertFolder(git, to, path);
  const treeOf = (commit: string): string => (path ? `${commit}:${path}` : `${commit}^{tree}`);
  const ask = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff'];
  const fields = [...parts(await git([...ask, '--end-of-options', treeOf(from), treeOf(to)]))];
  const changed: FileEntry[] = [];
  const removed: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', hash = ''] = CHANGE.exec(fields[at]?.toString('latin1') ?? '') ?? [];
    const name = fields[at + 1] ?? Buffer.alloc(0);
    const entry = fileEntry(name, hash, path);
    if (!entry) continue;
    if (REGULAR_FILE.test(mode)) changed.push(entry);
    else removed.push(entry.file);
  }
  return {changed, removed};
};

/** The hash of one regular file of a commit, by its path from the top; undefined where it has no such file. */
export const findFile = async (git: RunGit, commit: string, path: string): Promise<string | undefined> => {
  const ask = ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, path];
  const listing = await git(['--literal-pathspecs', ...ask]);
  const [mode = '', , hash = ''] = listing.toString('utf8').split(/[ \t]/);
  return REGULAR_FILE.test(mode) ? hash : undefined;
};

const LONGEST_LINE = 200;

const shown = (text: string): string => oneLine(text).trim().slice(0, LONGEST_LINE);

/** A commit's hash, time, author and subject. */
export const describeCommit = async (git: RunGit, commit: string): Promise<Revision> => {
  const ask = ['log', '-1', '--no-show-signature', '--format=%ct%x00%an%x00%s', '--end-of-options', commit];
  const [seconds = '', author = '', subject = ''] = (await git(ask)).toString('utf8').split('\0');
  return {id: commit, committedAt: Number(seconds) * 1000, subject: shown(subject), author: shown(author)};
};

/** True where one commit is among those that led to another; false also where one of them is not there any more. */
export const isAncestor = (git: RunGit, early: string, late: string): Promise<boolean> =>
  git(['merge-base', '--is-ancestor', '--end-of-options', early, late]).then(
    () => true,
    () => false,
  );

/** The same: none where the commit took all of them away, and their folder with them. */
export const listLeft = async (git: RunGit, commit: string, path: string): Promise<readonly FileEntry[]> => {
  try {
    return await listFiles(git, commit, path);
  } catch (error) {
    if (!(error instanceof FolderNotFound && error.isGone)) throw error;
    const before = await listFiles(git, `${commit}^`, path).catch(() => []);
    if (before.length === 0) throw error;
    return [];
  }
};
