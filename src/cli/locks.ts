import {createHash} from 'node:crypto';
import {hostname} from 'node:os';
import {join, resolve} from 'node:path';
import {defaultCache} from '../config/load.ts';
import type {Config} from '../config/schema.ts';
import {errorText} from '../domain/text.ts';
import {rfc3339} from '../domain/time.ts';
import {type Lock, lockFolder} from '../source/git/lock.ts';
import {mirrorHome} from '../source/git/mirror.ts';
import {systemClock} from '../system.ts';

const CACHE_SETTING = 'choose another folder with source.git.cacheDirectory, or XDG_CACHE_HOME';

const aboutMe = (): string => `process ${process.pid} on ${hostname()}, since ${rfc3339(systemClock.now())}`;

/** A plain folder needs no room of its own: where there is none for a lock, there is no lock. */
const tryLock = (folder: string): ReturnType<typeof lockFolder> | undefined => {
  try {
    return lockFolder(folder, aboutMe());
  } catch {
    return undefined;
  }
};

/** Takes the lock of a folder of declarations. Throws, naming the other, where another controller goes by it. */
const lockDirectory = (path: string, env: NodeJS.ProcessEnv): Lock => {
  const name = createHash('sha256').update(resolve(path)).digest('hex').slice(0, 24);
  const lock = tryLock(join(defaultCache(env), 'folder', name)) ?? {release: () => {}};
  if ('release' in lock) return lock;
  throw new Error(`another rollcall run already goes by the folder ${path}: ${lock.holder}; stop it first`);
};

/** Takes the lock of the source, so that no two controllers go by it. Throws, naming the other, where one does. */
export const lockSource = ({source: {directory, git}}: Config, env: NodeJS.ProcessEnv): Lock => {
  if (!git) return lockDirectory(directory?.path ?? '.', env);
  const folder = mirrorHome(
    {url: git.url, ...(git.branch !== undefined && {branch: git.branch})},
    git.cacheDirectory ?? '',
  );
  let lock: ReturnType<typeof lockFolder>;
  try {
    lock = lockFolder(folder, aboutMe());
  } catch (error) {
    throw new Error(`${errorText(error)}: ${CACHE_SETTING}`);
  }
  if ('release' in lock) return lock;
  throw new Error(
    `another rollcall run already follows this repository with this cache: ${lock.holder}; stop it, or ${CACHE_SETTING}`,
  );
};
