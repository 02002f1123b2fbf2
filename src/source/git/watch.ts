import {join} from 'node:path';
import {simpleGit} from 'simple-git';
import {watchPaths} from '../watch.ts';

/** What changes when a commit lands, a branch moves, or another branch is checked out. */
const inGitDirectory = ['HEAD'];
const inCommonDirectory = ['HEAD', 'refs', 'packed-refs', 'reftable'];

/**
 * Watches a local repository for commits; a linked work tree has a HEAD of its own beside the refs that it
 * shares. A path that is no repository (yet) is not watched: the timer finds it.
 */
export const watchRepository = async (path: string, onChange: () => void): Promise<() => Promise<void>> => {
  const ask = ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir'];
  const answer = await (async () => simpleGit({baseDir: path, trimmed: true}).raw(ask))().catch(
    () => undefined,
  );
  const [gitDirectory, commonDirectory] = answer?.split('\n') ?? [];
  if (gitDirectory === undefined || commonDirectory === undefined) return async () => {};
  const paths = [
    ...inGitDirectory.map(name => join(gitDirectory, name)),
    ...inCommonDirectory.map(name => join(commonDirectory, name)),
  ];
  return watchPaths([...new Set(paths)], onChange, path => path.endsWith('.lock'));
};
