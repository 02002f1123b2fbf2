import {createHash} from 'node:crypto';
import {hostname} from 'node:os';
import {join, resolve} from 'node:path';
import {defaultCache} from '../config/cache.ts';
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

/** Where a controller keeps what it keeps of its source: the lock, the mirror, what files came to, the history. */
export const sourceHome = ({source: {directory, git}}: Config, env: NodeJS.ProcessEnv): string => {
  if (git) {
    const place = {url: git.url, ...(git.branch !== undefined && {branch: git.branch})};
    return mirrorHome(place, git.cacheDirectory ?? '');
  }
  const name = createHash('sha256')
    .update(resolve(directory?.path ?? '.'))
    .digest('hex')
    .slice(0, 24);
  return join(defaultCache(env), 'folder', name);
};

/** Takes the lock of a folder of declarations. Throws, naming the other, where another controller goes by it. */
const lockDirectory = (path: string, home: string): Lock => {
  const lock = tryLock(home) ?? {release: () => {}};
  if ('release' in lock) return lock;
  throw new Error(`another rollcall run already goes by the folder ${path}: ${lock.holder}; stop it first`);
};

/** Takes the lock of the source, so that no two controllers go by it. Throws, naming the other, where one does. */
export const lockSource = (config: Config, env: NodeJS.ProcessEnv): Lock => {
  const {directory, git} = config.source;
  const folder = sourceHome(config, env);
  if (!git) return lockDirectory(directory?.path ?? '.', folder);
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
