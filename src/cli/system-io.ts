import type {ExitCode, Io} from './io.ts';

/**
 * Runs a command on this process's own streams. The first signal asks it to end, the second ends it.
 */
export const systemIo = async (command: (io: Io) => Promise<ExitCode>): Promise<ExitCode> => {
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const {env, stderr, stdin, stdout} = process;
  const code = await command({env, stderr, stdin, stdout, stopping: stopping.signal});
  process.off('SIGTERM', onSignal);
  process.off('SIGINT', onSignal);
  return code;
};
