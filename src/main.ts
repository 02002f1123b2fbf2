import {enableCompileCache} from 'node:module';
import {codeCache} from './config/cache.ts';
import {makeFolder} from './disk/folder.ts';

/** Keeps the compiled code for the next start, where it can be kept. */
const keepCode = (folder: string): void => {
  try {
    makeFolder(folder, 0o700);
    enableCompileCache(folder);
  } catch {
    // It is compiled anew.
  }
};

const folder = codeCache(process.env);
if (folder !== undefined) keepCode(folder);

// Loaded now, so that what is loaded is kept.
const {rollcall} = await import('./cli/program.ts');
const {systemIo} = await import('./cli/system-io.ts');

process.exitCode = await systemIo(io => rollcall(process.argv.slice(2), io));
