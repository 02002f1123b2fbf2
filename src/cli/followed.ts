import {shortRevision} from '../domain/revision.ts';
import type {Checkout} from '../source/git/checkout.ts';

/** Which commits a controller with this configuration goes by. */
export interface Followed {
  readonly branch?: string;
  /** Where the branch is, if not in the repository itself. */
  readonly remoteUrl?: string;
  /** False for a plain folder, of which whatever stands there is in force. */
  readonly isCommitted?: boolean;
}

/** The base of a plan, where it is a branch of a repository of which the configuration names none. */
const branchNamed = async (
  checkout: Checkout,
  {remoteUrl}: Followed,
  base: string | undefined,
): Promise<string | undefined> => {
  if (base === undefined || remoteUrl !== undefined || /[~^@:]/.test(base)) return undefined;
  return (await checkout.followed(base, undefined)) && base;
};

/**
 * The commit that the controller would go by: at the branch that the configuration follows, or where it names none
 * at the branch that the plan was compared with.
 */
export const followedCommit = async (
  checkout: Checkout,
  follows: Followed,
  base: string | undefined,
): Promise<{commit: string; name: string} | {problem: string}> => {
  const {branch = await branchNamed(checkout, follows, base), remoteUrl} = follows;
  const found = await checkout.followed(branch, remoteUrl);
  if (found) return found;
  const name = branch ?? 'the default branch of its remote';
  return {problem: `this clone does not know ${name}, which the configuration follows: git fetch first`};
};

/** Why what somebody read does not count: a commit, or where it is undefined the files on disk. */
export const unmergedText = (commit: string | undefined, followed: string): string => {
  const what = commit === undefined ? 'what stands on disk' : `the commit ${shortRevision(commit)}`;
  return `${what} is not in ${followed}, which counts: nobody has merged it, and a controller will undo it, but for cancels, which nothing undoes`;
};
