import type {ParsedFile} from '../../domain/declarations.ts';
import {parseAside} from '../parse-aside.ts';
import {BlobMissing, readBlobs} from './blobs.ts';
import type {RunGit} from './command.ts';
import {parts} from './parts.ts';

/** How many files are looked for, and how many commits that changed any of them are gone through. */
const MOST_FILES = 100;
const MOST_COMMITS = 200;

/** A change of a tree as `log --raw` says it: the hashes before and after. */
const CHANGE = /:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*$/;
const NOTHING = /^0+$/;

/** What files hold, and held before each of their last changes, the newest first, back to where they were added: hashes by path. */
const versionsOf = async (
  git: RunGit,
  commit: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const versions = new Map<string, string[]>(files.map(file => [file, []]));
  const ask = ['-m', '--first-parent', '--no-show-signature', '--no-renames', '--no-ext-diff', '--format='];
  const output = await git(
    [
      '--literal-pathspecs',
      'log',
      ...ask,
      '--raw',
      '--no-abbrev',
      '-z',
      `--max-count=${MOST_COMMITS}`,
      '--stdin',
    ],
    `${commit}\n--\n${files.join('\n')}\n`,
  );
  const fields = [...parts(output)].map(field => field.toString('utf8'));
  const added = new Set<string>();
  for (const [index, field] of fields.entries()) {
    const [, before = '', after = ''] = CHANGE.exec(field) ?? [];
    const file = fields[index + 1] ?? '';
    const known = versions.get(file);
    if (!known || before === '' || added.has(file)) continue;
    if (known.length === 0 && !NOTHING.test(after)) known.push(after);
    if (NOTHING.test(before)) added.add(file);
    else known.push(before);
  }
  return versions;
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

/**
 * Files that are broken, as they were when last nothing was wrong with them, in a commit or on its way of first parents:
 * what a process that had followed them would know. A file of which no such version is near is left out.
 */
export const lastSound = async (
  git: RunGit,
  commit: string,
  broken: readonly string[],
): Promise<readonly ParsedFile[]> => {
  const files = broken.filter(file => !file.includes('\n')).slice(0, MOST_FILES);
  if (files.length === 0) return [];
  const sound: ParsedFile[] = [];
  for (const [file, hashes] of await versionsOf(git, commit, files)) {
    for (const hash of hashes) {
      const bytes = await contentOf(git, hash);
      const parsed = bytes && (await parseAside(file, bytes));
      if (!parsed || parsed.diagnostics.length > 0) continue;
      sound.push(parsed);
      break;
    }
  }
  return sound;
};
