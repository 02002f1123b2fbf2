import {realpath, stat} from 'node:fs/promises';
import {dirname, join, normalize, relative, resolve} from 'node:path';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {errorText} from '../domain/text.ts';
import {declarationFiles, FolderUnreadable, type FoundFile} from '../source/files.ts';
import {placeOf} from '../source/git/place.ts';

/** Says of a file or folder that it cannot be read. */
export const unreadable = (file: string, message: string): Diagnostic => ({
  code: 'unreadable',
  message,
  file,
  line: 1,
  column: 1,
});

/** A file to be checked: named by itself, or found below a folder that was. */
export type Wanted = {readonly file: string; readonly found?: FoundFile};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const whyNot = (path: string, error: unknown): string =>
  isMissing(error)
    ? path === ''
      ? 'a path is empty: an unset variable?'
      : 'the file or folder does not exist'
    : `the file or folder cannot be read: ${errorText(error)}`;

const linkIgnored = (file: string): Diagnostic => ({
  code: 'link-ignored',
  message:
    'this is a symbolic link, leads through one, or stands in a submodule: none is read from a Git repository, so that nothing is declared by it',
  hint: 'put the file itself into this repository',
  file,
  line: 1,
  column: 1,
});

/** What a path stands for: the files, what could not be read, and what is not read. */
interface Stands {
  readonly files: readonly Wanted[];
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** True where a path of a Git repository is a symbolic link, or leads through one: a commit holds nothing behind it. */
const isBehindLink = async (path: string): Promise<boolean> => {
  const {top} = placeOf(dirname(resolve(path)), false) ?? {};
  if (top === undefined) return false;
  return (await realpath(path)) !== join(await realpath(top), relative(top, resolve(path)));
};

/**
 * The files that a path stands for: itself, or the declarations below it.
 *
 * @param fromGit whether symbolic links are left out where the path is part of a Git repository, as a controller does
 */
export const filesOf = async (path: string, fromGit: boolean): Promise<Stands> => {
  try {
    const isFolder = (await stat(path)).isDirectory();
    if (fromGit && (await isBehindLink(path)))
      return {files: [], problems: [], warnings: [linkIgnored(normalize(path))]};
    if (!isFolder) return {files: [{file: normalize(path)}], problems: [], warnings: []};
    const problems: Diagnostic[] = [];
    const find = (links: boolean): Promise<FoundFile[]> =>
      declarationFiles(path, links, ({folder, message}) => problems.push(unreadable(folder, message)));
    const nameOf = ({file}: FoundFile): string => normalize(join(path, file));
    const isInGit = fromGit && placeOf(path, false) !== undefined;
    const found = await find(!isInGit);
    const names = new Set(found.map(nameOf));
    const left = isInGit ? (await declarationFiles(path, true, () => {})).map(nameOf) : [];
    return {
      files: found.map(one => ({file: nameOf(one), found: one})),
      problems,
      warnings: left.filter(name => !names.has(name)).map(linkIgnored),
    };
  } catch (error) {
    const inside = error instanceof FolderUnreadable;
    return {
      files: [],
      problems: [unreadable(inside ? error.folder : path, inside ? error.message : whyNot(path, error))],
      warnings: [],
    };
  }
};
