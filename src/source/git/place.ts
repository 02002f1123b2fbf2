import {existsSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';

/** Where a repository is on this machine. */
interface Place {
  readonly at: string;
  readonly gitDirectory: string;
  /** The top folder of the work tree; undefined for a bare repository. */
  readonly top: string | undefined;
}

const hasGit = (directory: string): boolean => existsSync(join(directory, '.git'));

const isBare = (directory: string): boolean =>
  ['HEAD', 'objects', 'refs'].every(name => existsSync(join(directory, name)));

const withWorkTree = (top: string): Place => ({at: top, gitDirectory: join(top, '.git'), top});

/**
 * The repository that a folder is in: the nearest folder above it that has `.git`, by its path as it was given. Undefined
 * where there is none.
 *
 * @param exact only the repository that the folder itself is, with or without a work tree
 */
export const placeOf = (directory: string, exact: boolean): Place | undefined => {
  const path = resolve(directory);
  if (hasGit(path)) return withWorkTree(path);
  if (exact) return isBare(path) ? {at: path, gitDirectory: path, top: undefined} : undefined;
  for (let at = path; at !== dirname(at); at = dirname(at))
    if (hasGit(dirname(at))) return withWorkTree(dirname(at));
  return undefined;
};
