import {homedir, tmpdir} from 'node:os';
import {isAbsolute, join} from 'node:path';

/** Where what may be lost at any time is kept, unless the configuration says otherwise. */
export const defaultCache = (env: NodeJS.ProcessEnv): string => {
  const given = env['XDG_CACHE_HOME'];
  if (given && isAbsolute(given)) return join(given, 'rollcall');
  const home = env['HOME'] || homedir();
  return home && home !== '/' && home !== '/nonexistent'
    ? join(home, '.cache', 'rollcall')
    : join(tmpdir(), 'rollcall');
};
