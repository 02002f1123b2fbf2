import {systemIo} from '../cli/system-io.ts';
import {readContext} from './context.ts';
import {runAction} from './run.ts';

const {env} = process;
const context = readContext(env);
process.chdir(context.workspace);
process.exitCode = await systemIo(io =>
  runAction(
    {
      config: env['ROLLCALL_ACTION_CONFIG'] || 'rollcall.yaml',
      base: env['ROLLCALL_ACTION_BASE'] || undefined,
      token: env['ROLLCALL_ACTION_TOKEN'] || undefined,
    },
    context,
    io,
  ),
);
