import type {ParsedFile} from '../../domain/declarations.ts';
import {isSound, mayHoldFreeze} from '../../domain/freezes.ts';
import {isDeclarationPath} from '../parse.ts';
import {parseAside} from '../parse-aside.ts';
import {pathName} from '../path-name.ts';
import {BlobMissing, readBlobs} from './blobs.ts';
import type {RunGit} from './command.ts';
import {parts} from './parts.ts';

/** How many files are looked for, and how many commits that changed any of them are gone through. */
const MOST_FILES = 100;
const MOST_COMMITS = 200;

/** A change of a tree as `log --raw` says it: the hashes before and after. */
const CHANGE = /:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*$/;
const COMMIT = /^\n?commit ([0-9a-f]{40,64})$/;
const NOTHING = /^0+$/;
const RAW = ['--no-renames', '--no-ext-diff', '--raw', '--no-abbrev', '-z'];

/** What a file holds, and held before each of its last changes, the newest first: hashes. */
interface Versions {
  readonly hashes: string[];
  /** The commit that added it, where that is near. */
  addedBy?: string;
}

/**
 * What Git is asked for a file: its path, or where that is only shown in part as it is the folder of the part that is. Empty for
 * everything.
 */
const askedFor = (file: string): string => {
  const parts = file.split('/');
  const odd = parts.findIndex(part => part.includes('\\'));
  return odd === -1 ? file : parts.slice(0, odd).join('/');
};

/** What Git is asked for several files, as it reads it: a commit, and the paths that count; all of them where none are said. */
const questionOf = (commit: string, files: readonly string[]): string => {
  const paths = new Set(files.map(askedFor));
  return paths.has('') ? `${commit}\n` : `${commit}\n--\n${[...paths].join('\n')}\n`;
};

/** Only shown in part as it is: the commits of other files count for those that are looked through for it. */
const isOdd = (file: string): boolean => file.includes('\\');

/** The versions of files back to where they were added, by path as it is shown. */
const versionsOf = async (
  git: RunGit,
  commit: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, Versions>> => {
  const versions = new Map<string, Versions>(files.map(file => [file, {hashes: []}]));
  if (files.length === 0) return versions;
  const ask = ['-m', '--first-parent', '--no-show-signature', ...RAW, '--format=commit %H'];
  const output = await git(
    ['--literal-pathspecs', 'log', ...ask, `--max-count=${MOST_COMMITS}`, '--stdin'],
    questionOf(commit, files),
  );
  const fields = [...parts(output)];
  let by = '';
  for (const [index, field] of fields.entries()) {
    const text = field.toString('latin1');
    by = COMMIT.exec(text)?.[1] ?? by;
    const [, before = '', after = ''] = CHANGE.exec(text) ?? [];
    const name = fields[index + 1];
    const known = name && versions.get(pathName(name).file);
    if (!known || before === '' || known.addedBy !== undefined) continue;
    if (known.hashes.length === 0 && !NOTHING.test(after)) known.hashes.push(after);
    if (NOTHING.test(before)) known.addedBy = by;
    else known.hashes.push(before);
  }
  return versions;
};

/** The declaration files that a commit took away. */
const takenAwayBy = async (git: RunGit, commit: string): Promise<readonly string[]> => {
  const ask = ['-r', '-z', '--no-renames', '--no-ext-diff', '--name-only', '--diff-filter=D'];
  const output = await git(['diff-tree', ...ask, '--end-of-options', `${commit}^`, commit]);
  return [...parts(output)].map(name => pathName(name).file).filter(isDeclarationPath);
};

/** Undefined where the repository was cloned without it. */
const contentOf = async (git: RunGit, hash: string): Promise<Uint8Array | undefined> => {
  try {
    return (await readBlobs(git, [hash])).get(hash);
  } catch (error) {
    if (error instanceof BlobMissing) return undefined;
    throw error;
  }
};

/** The first of some versions with which nothing is wrong. */
const firstSound = async (
  git: RunGit,
  file: string,
  hashes: readonly string[],
  workspaces: ReadonlySet<string>,
): Promise<ParsedFile | undefined> => {
  for (const hash of hashes) {
    const bytes = await contentOf(git, hash);
    const parsed = bytes && (await parseAside(file, bytes));
    if (parsed && isSound(parsed, workspaces)) return parsed;
  }
  return undefined;
};

/** The freezes that a commit took away as it brought a broken file, as if they had stood in that: it may be the same file under another name. */
const inherited = async (
  git: RunGit,
  file: string,
  {addedBy, hashes}: Versions,
  {moves, workspaces}: Search,
): Promise<ParsedFile | undefined> => {
  const [oldest] = hashes.slice(-1);
  if (addedBy === undefined || oldest === undefined || moves === 0) return undefined;
  const bytes = await contentOf(git, oldest);
  if (!bytes || !mayHoldFreeze(await parseAside(file, bytes))) return undefined;
  const taken = await takenAwayBy(git, addedBy).catch(() => []);
  const sound = await search(git, `${addedBy}^`, taken, {workspaces, moves: moves - 1});
  const freezes = sound.flatMap(one => one.freezes ?? []);
  return {
    file,
    documents: [],
    diagnostics: [],
    freezes: freezes.map(freeze => ({...freeze, source: {...freeze.source, file}})),
  };
};

/** What counts for sound, and through how many names of a file it is sought. */
interface Search {
  readonly workspaces: ReadonlySet<string>;
  readonly moves: number;
}

const MOST_MOVES = 3;

const search = async (
  git: RunGit,
  commit: string,
  broken: readonly string[],
  how: Search,
): Promise<readonly ParsedFile[]> => {
  const files = broken.slice(0, MOST_FILES);
  if (files.length === 0) return [];
  const sound: ParsedFile[] = [];
  const [odd, plain] = [files.filter(isOdd), files.filter(file => !isOdd(file))];
  const versionsOfAll = [...(await versionsOf(git, commit, plain)), ...(await versionsOf(git, commit, odd))];
  for (const [file, versions] of versionsOfAll) {
    const found =
      (await firstSound(git, file, versions.hashes, how.workspaces)) ??
      (await inherited(git, file, versions, how));
    if (found) sound.push(found);
  }
  return sound;
};

/**
 * Files that are broken, as they were when last nothing was wrong with them, in a commit or on its way of first parents:
 * what a process that had followed them would know. A file of which no such version is near is left out.
 */
export const lastSound = (
  git: RunGit,
  commit: string,
  broken: readonly string[],
  workspaces: ReadonlySet<string>,
): Promise<readonly ParsedFile[]> => search(git, commit, broken, {workspaces, moves: MOST_MOVES});
