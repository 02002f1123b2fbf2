import {parseEntries} from '../parse-entries.ts';
import {readBlobs} from './blobs.ts';
import type {RunGit} from './command.ts';
import {listFiles} from './objects.ts';

/** How many commits that took files away are gone through. */
const MOST_COMMITS = 50;

/** The last commits on the way to a commit that took away something of a folder, the latest first. */
const takings = async (git: RunGit, commit: string, path: string): Promise<readonly string[]> => {
  const ask = ['--no-show-signature', '--no-renames', '--diff-filter=D', '--format=%H'];
  const below = path ? ['--', path] : [];
  const args = [...ask, `--max-count=${MOST_COMMITS}`, '--end-of-options', commit, ...below];
  const said = await git(['--literal-pathspecs', 'log', ...args]).catch(() => Buffer.of());
  return said.toString('utf8').split('\n').filter(Boolean);
};

const hasDeclarations = async (git: RunGit, commit: string, path: string): Promise<boolean> => {
  const entries = await listFiles(git, commit, path).catch(() => []);
  const files = await parseEntries(entries, hashes => readBlobs(git, hashes));
  return files.some(({documents}) => documents.some(({campaignId}) => campaignId !== undefined));
};

/** True where all that was declared in a folder was taken away on the way to a commit, which declares nothing. */
export const isEmptiedBy = async (git: RunGit, commit: string, path: string): Promise<boolean> => {
  for (const one of await takings(git, commit, path))
    if (await hasDeclarations(git, `${one}^`, path)) return true;
  return hasDeclarations(git, `${commit}^`, path);
};
