import {rollcall} from './cli/program.ts';
import {systemIo} from './cli/system-io.ts';

process.exitCode = await systemIo(io => rollcall(process.argv.slice(2), io));
