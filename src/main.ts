import {keepCode} from './disk/code-cache.ts';

keepCode(process.env);

// Loaded now, so that what is loaded is kept.
const {rollcall} = await import('./cli/program.ts');
const {systemIo} = await import('./cli/system-io.ts');

process.exitCode = await systemIo(io => rollcall(process.argv.slice(2), io));
