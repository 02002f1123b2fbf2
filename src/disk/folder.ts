import {mkdirSync, statSync} from 'node:fs';
import {dirname} from 'node:path';

const isFolder = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;

/**
 * Makes a folder and what is missing above it. Throws what the system says. The runtime's own way never comes back
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
    if (!isFolder(path)) throw error;
  }
};
