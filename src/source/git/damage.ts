import type {RunGit} from './command.ts';

/**
 * What is looked at in a repository: whether the objects of a ref are there, what they hold as well, or what all objects do, those of
 * no ref among them.
 */
export type Depth = 'connections' | 'contents' | 'everything';

const lookedAt = (depth: Depth, ref: string): readonly string[] => {
  if (depth === 'everything') return ['--full'];
  return [depth === 'contents' ? '--full' : '--connectivity-only', ref];
};

/** True where it is shown that something is no repository, lacks the commit of a ref, or what that is made of. */
export const isBrokenRepository = async (git: RunGit, ref: string, depth: Depth): Promise<boolean> => {
  const fails = (args: readonly string[]): Promise<boolean> =>
    git(args).then(
      () => false,
      () => true,
    );
  return (
    (await fails(['rev-parse', '--git-dir'])) ||
    (await fails(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])) ||
    (await fails(['fsck', '--no-dangling', '--no-reflogs', '--progress', ...lookedAt(depth, ref)]))
  );
};
