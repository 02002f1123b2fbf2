import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';

/** Where what may be lost at any time is kept, unless the configuration says otherwise. */
export const defaultCache = (env: NodeJS.ProcessEnv): string => {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'rollcall');
  const home = env['HOME'] || homedir();
  return home && home !== '/' && home !== '/nonexistent'
    ? join(home, '.cache', 'rollcall')
    : join(tmpdir(), 'rollcall');
};
