import {systemIo} from '../cli/system-io.ts';
import {action} from './action.ts';

process.exitCode = await systemIo(action);
