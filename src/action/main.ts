import {EXIT} from '../cli/io.ts';
import {systemIo} from '../cli/system-io.ts';
import {readContext} from './context.ts';
import {annotate} from './publish.ts';
import {runAction} from './run.ts';

process.exitCode = await systemIo(async io => {
  const {env} = io;
  try {
    const context = readContext(env);
    process.chdir(context.workspace);
    const inputs = {
      config: env['ROLLCALL_ACTION_CONFIG'] || 'rollcall.yaml',
      base: env['ROLLCALL_ACTION_BASE'] || undefined,
      token: env['ROLLCALL_ACTION_TOKEN'] || undefined,
    };
    return await runAction(inputs, context, io);
  } catch (error) {
    annotate('error', error instanceof Error ? error.message : String(error), io);
    return EXIT.failed;
  }
});
