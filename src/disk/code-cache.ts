import {statSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {makeFolder} from './folder.ts';

/** What nobody but its owner may be allowed to do: write as the group, write as anybody. */
const OTHERS_WRITE = 0o022;

/** A folder that is this user's, and that nobody else may write. */
const isOwn = (folder: string, uid: number): boolean => {
  const {mode, uid: owner} = statSync(folder);
  return owner === uid && (mode & OTHERS_WRITE) === 0;
};

/**
 * The folder of this user's home in which compiled code may be kept; undefined where somebody else could put other code there, which
 * would run with this process's keys: where the home or a folder below it is not this user's alone, or where the environment
 * names another. Throws where the folder cannot be made.
 */
export const codeFolder = (
  {homedir: home, uid}: {readonly homedir: string; readonly uid: number},
  {HOME, XDG_CACHE_HOME}: NodeJS.ProcessEnv,
): string | undefined => {
  const cache = join(home, '.cache');
  if ((HOME ?? home) !== home || (XDG_CACHE_HOME || cache) !== cache) return undefined;
  const folders = [home, cache, join(cache, 'rollcall'), join(cache, 'rollcall', 'code')];
  if (!isOwn(home, uid)) return undefined;
  const folder = folders.at(-1) ?? '';
  makeFolder(folder, 0o700);
  return folders.every(one => isOwn(one, uid)) ? folder : undefined;
};

/** Keeps the compiled code for the next start, where it can be kept safely. */
export const keepCode = (env: NodeJS.ProcessEnv): void => {
  try {
    const folder = codeFolder(userInfo(), env);
    if (folder !== undefined) enableCompileCache(folder);
  } catch {
    // It is compiled anew.
  }
};
