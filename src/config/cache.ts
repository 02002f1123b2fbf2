import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';

/** This user's own folder for what may be lost at any time; undefined where the user has no home. */
const ownCache = (env: NodeJS.ProcessEnv): string | undefined => {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'rollcall');
  const home = env['HOME'] || homedir();
  return home && home !== '/' && home !== '/nonexistent' ? join(home, '.cache', 'rollcall') : undefined;
};

/** Where what may be lost at any time is kept, unless the configuration says otherwise. */
export const defaultCache = (env: NodeJS.ProcessEnv): string => ownCache(env) ?? join(tmpdir(), 'rollcall');

/**
 * Where the program's compiled code is kept for its next start; undefined where only a folder of everybody would do, in
 * which somebody else could put other code.
 */
export const codeCache = (env: NodeJS.ProcessEnv): string | undefined => {
  const own = ownCache(env);
  return own && join(own, 'code');
};
