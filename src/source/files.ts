import {type Dirent, existsSync} from 'node:fs';
import {lstat, readdir, realpath, stat} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {readAtMost} from '../disk/read-file.ts';
import {readSmallFile} from '../disk/read-small-file.ts';
import {MAX_FILE_BYTES} from '../document/decode.ts';
import {type Problem, START} from '../document/problem.ts';
import {compareText} from '../domain/diagnostic.ts';
import {errorText} from '../domain/text.ts';
import {isDeclarationPath} from './parse.ts';
import {pathName} from './path-name.ts';

/** A declaration file on disk. */
export interface FoundFile {
  /** Where it is opened; undefined for a link that leads where nothing is read. */
  readonly path: Buffer | undefined;
  /** Its path from the folder that was searched, with slashes, as it is shown. */
  readonly file: string;
  readonly problem?: Problem;
}

/** A folder that could not be searched: named by itself, however far below the one that was asked for. */
export class FolderUnreadable extends Error {
  readonly folder: string;

  constructor(folder: string, error: unknown) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    super(
      isMissing
        ? `there is no folder ${folder}`
        : `the folder ${folder} could not be read: ${errorText(error)}`,
    );
    this.folder = folder;
  }
}

interface Search {
  /** Where the folder really is: links may lead below it, and nowhere else. */
  readonly root: string;
  /** Whether symbolic links to files are followed, and repositories inside entered. */
  readonly links: boolean;
  readonly onUnreadable?: (error: FolderUnreadable) => void;
}

const LINK_OUTSIDE: Problem = {
  code: 'link-outside',
  message:
    'this is a symbolic link that leads to no file below the folder of the declarations, and is not followed',
  hint: 'put the file itself there',
  ...START,
};

const LINK_NOWHERE: Problem = {...LINK_OUTSIDE, message: 'this is a symbolic link that leads nowhere'};

const NOT_A_FILE: Problem = {
  code: 'not-a-file',
  message: 'this is no regular file: a pipe, a socket or a device',
  hint: 'put a file there, or give it another name',
  ...START,
};

const joined = (directory: Buffer, name: Buffer): Buffer =>
  Buffer.concat([directory, Buffer.from(sep), name]);

const list = async (directory: Buffer): Promise<Dirent<Buffer>[]> => {
  try {
    return await readdir(directory, {withFileTypes: true, encoding: 'buffer'});
  } catch (error) {
    throw new FolderUnreadable(pathName(directory).file, error);
  }
};

/** Where a link leads, if that is a regular file below the root. */
const targetOf = async (path: Buffer, {root}: Search): Promise<Buffer | undefined> => {
  try {
    const target = await realpath(path, {encoding: 'buffer'});
    const inside = target.subarray(0, root.length + 1).equals(Buffer.from(root + sep));
    return inside && (await stat(target)).isFile() ? target : undefined;
  } catch {
    return undefined;
  }
};

const link = async (
  path: Buffer,
  name: {file: string; problem?: Problem},
  search: Search,
): Promise<FoundFile[]> => {
  if (!search.links) return [];
  const target = await targetOf(path, search);
  if (target) return [{path: target, ...name}];
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) return [];
  return [{path: undefined, ...name, problem: there ? LINK_OUTSIDE : LINK_NOWHERE}];
};

const found = async (
  directory: Buffer,
  prefix: Buffer,
  entry: Dirent<Buffer>,
  search: Search,
): Promise<FoundFile[]> => {
  if (entry.name[0] === '.'.charCodeAt(0)) return [];
  const path = joined(directory, entry.name);
  const below = prefix.length === 0 ? entry.name : Buffer.concat([prefix, Buffer.from('/'), entry.name]);
  if (entry.isDirectory()) {
    const isRepository = !search.links && existsSync(joined(path, Buffer.from('.git')));
    return isRepository ? [] : searchFolder(path, below, search);
  }
  const name = pathName(below);
  if (!isDeclarationPath(name.file)) return [];
  if (entry.isSymbolicLink()) return link(path, name, search);
  return entry.isFile() ? [{path, ...name}] : [{path: undefined, ...name, problem: NOT_A_FILE}];
};

const searchFolder = async (directory: Buffer, prefix: Buffer, search: Search): Promise<FoundFile[]> => {
  const entries = await list(directory).catch((error: unknown) => {
    if (!search.onUnreadable || !(error instanceof FolderUnreadable)) throw error;
    search.onUnreadable(error);
    return [];
  });
  const parts = await Promise.all(entries.map(entry => found(directory, prefix, entry, search)));
  return parts.flat();
};

/**
 * The declaration files below a folder, in order. A symbolic link to a folder is never followed, so that no loop is
 * walked; one to a file is, where the file lies below the folder, as a mounted ConfigMap has it. Throws
 * `FolderUnreadable`.
 *
 * @param links false where the folder is part of a Git repository: symbolic links are not read then, and neither are
 *   the repositories inside it, as in a commit
 * @param onUnreadable told of each folder that cannot be read, in place of being thrown it: the others are read
 */
export const declarationFiles = async (
  directory: string,
  links = true,
  onUnreadable?: (error: FolderUnreadable) => void,
): Promise<FoundFile[]> => {
  const root = await realpath(directory).catch((error: unknown) => {
    throw new FolderUnreadable(directory, error);
  });
  const files = await searchFolder(Buffer.from(directory), Buffer.alloc(0), {
    root,
    links,
    ...(onUnreadable && {onUnreadable}),
  });
  return files.toSorted((a, b) => compareText(a.file, b.file));
};

/** The bytes of a declaration file; none of one that is not to be read. */
export const contentsOf = async ({path}: FoundFile): Promise<Uint8Array> =>
  path === undefined ? new Uint8Array() : readAtMost(path, false);

/** The same at once, for whoever has nothing else to do meanwhile: it takes a fifth of the time. */
export const contentsNow = ({path}: FoundFile): Uint8Array =>
  path === undefined ? new Uint8Array() : readSmallFile(path, MAX_FILE_BYTES + 1, false);

/** What keeps a path from being a folder of a work tree, part by part; undefined where nothing does. */
export const folderProblem = async (
  top: string,
  path: string,
): Promise<{message: string; isGone: boolean} | undefined> => {
  const problem = (part: string, kind: Parameters<typeof notAFolder>[1]) => ({
    message: notAFolder(part, kind),
    isGone: kind === undefined,
  });
  const parts = path.split('/').filter(Boolean);
  for (const [index] of parts.entries()) {
    const part = parts.slice(0, index + 1).join('/');
    const kind = await lstat(join(top, part)).catch(() => undefined);
    if (!kind) return problem(part, undefined);
    if (kind.isSymbolicLink()) return problem(part, 'link');
    if (!kind.isDirectory()) return problem(part, 'file');
    if (existsSync(join(top, part, '.git'))) return problem(part, 'submodule');
  }
  return undefined;
};

const KINDS = {
  link: 'a symbolic link',
  file: 'a file',
  submodule: 'a submodule, another repository',
} as const;

/** Says why a path holds no declarations, the same wherever it is found out. */
export const notAFolder = (path: string, kind: keyof typeof KINDS | undefined): string =>
  kind === undefined
    ? `there is no folder ${path}: check source.git.path`
    : `${path} is ${KINDS[kind]}, and no folder of this repository: no declarations are read from there; check source.git.path`;
