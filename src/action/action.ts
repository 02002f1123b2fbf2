import {EXIT, type ExitCode, type Io} from '../cli/io.ts';
import {errorText} from '../domain/text.ts';
import {readContext} from './context.ts';
import {connectGitHub} from './github.ts';
import {annotate} from './publish.ts';
import {runAction} from './run.ts';

/**
 * The GitHub action, from its environment to its exit code; whatever it fails by stands in an annotation.
 * @param connect how it reaches GitHub
 */
export const action = async (io: Io, connect = connectGitHub): Promise<ExitCode> => {
  const {env} = io;
  try {
    const context = readContext(env);
    process.chdir(context.workspace);
    const inputs = {
      config: env['ROLLCALL_ACTION_CONFIG'] || 'rollcall.yaml',
      base: env['ROLLCALL_ACTION_BASE'] || undefined,
      token: env['ROLLCALL_ACTION_TOKEN'] || undefined,
    };
    return await runAction(inputs, context, io, connect);
  } catch (error) {
    annotate('error', errorText(error), io);
    return EXIT.failed;
  }
};
