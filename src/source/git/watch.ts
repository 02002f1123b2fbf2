import {join} from 'node:path';
import {watchPaths} from '../watch.ts';
import type {RunGit} from './command.ts';

/** What changes when a commit lands, a branch moves, or another branch is checked out. */
const inGitDirectory = ['HEAD'];
const inCommonDirectory = ['HEAD', 'refs', 'packed-refs', 'reftable'];

/**
 * Watches a local repository for commits; a linked work tree has a HEAD of its own beside the refs that it
 * shares. A path that is no repository (yet) is not watched: the timer finds it.
 *
 * @param git runs in that repository
 */
export const watchRepository = async (git: RunGit, onChange: () => void): Promise<() => Promise<void>> => {
  const ask = ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir'];
  const answer = await git(ask).catch(() => undefined);
  const [gitDirectory, commonDirectory] = answer?.toString('utf8').split('\n') ?? [];
  if (!gitDirectory || !commonDirectory) return async () => {};
  const paths = [
    ...inGitDirectory.map(name => join(gitDirectory, name)),
    ...inCommonDirectory.map(name => join(commonDirectory, name)),
  ];
  return watchPaths([...new Set(paths)], onChange, path => path.endsWith('.lock'));
};
