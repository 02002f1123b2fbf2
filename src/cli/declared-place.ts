import {relative, sep} from 'node:path';
import type {Config} from '../config/schema.ts';
import {Checkout} from '../source/git/checkout.ts';
import {localPathOf} from '../source/git/mirror.ts';
import type {Followed} from './followed.ts';
import {NotReadable} from './not-readable.ts';

/** Where declarations are on this machine. */
export interface DeclaredPlace {
  /** Undefined for a plain folder. */
  readonly checkout: Checkout | undefined;
  /** The folder of the declarations, from the top of the repository; empty for the top itself. */
  readonly path: string;
  /** The top folder of the work tree, or a plain folder; undefined in a repository without a work tree. */
  readonly top: string | undefined;
  readonly follows: Followed;
}

/** The repository that the configuration names, or where that is a remote one the checkout that this process runs in. */
export const placeInGit = async ({
  branch,
  path = '',
  url = '.',
}: Partial<NonNullable<Config['source']['git']>>): Promise<DeclaredPlace> => {
  const local = localPathOf(url);
  const checkout = await Checkout.open(local ?? '.', {exact: local !== undefined});
  const follows = {
    ...(branch !== undefined && {branch}),
    ...(local === undefined && {remoteUrl: url}),
    isCommitted: true,
  };
  if (checkout) return {checkout, path, top: checkout.top, follows};
  throw new NotReadable(
    local === undefined
      ? `this folder is not in a Git repository: run it in a clone of ${url}, or name a folder with --directory`
      : `there is no Git repository at ${local}`,
  );
};

/** A folder, whatever stands in it, in a repository or not. */
export const placeOfFolder = async (directory: string): Promise<DeclaredPlace> => {
  const checkout = await Checkout.open(directory);
  const top = checkout?.top ?? directory;
  return {checkout, path: relative(top, directory).replaceAll(sep, '/'), top, follows: {}};
};
