import {mkdirSync, mkdtempSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

const isFolder = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'its file system takes no folders there',
  EACCES: 'permission is denied',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
  ENOSPC: 'its disk is full',
};

const notMade = (path: string, error: unknown): Error => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = WHY[code] ?? (error instanceof Error ? error.message : String(error));
  return Object.assign(new Error(`the folder ${path} cannot be made: ${why}`), {code, syscall: 'mkdir'});
};

/** A new folder of the system's for what is needed for a moment. Throws, naming TMPDIR, where there can be none. */
export const temporaryFolder = (prefix: string): string => {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    throw new Error(`${notMade(join(tmpdir(), `${prefix}…`), error).message}; choose another with TMPDIR`);
  }
};

/**
 * Makes a folder and what is missing above it. Throws, in words, what keeps it from being made. The runtime's own way never comes back
 * where a file system has no such folder and takes none, as below /proc.
 *
 * @param mode of the folders that are made
 */
export const makeFolder = (path: string, mode = 0o777): void => {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, {mode});
  } catch (error) {
    if (!isFolder(path)) throw notMade(path, error);
  }
};
