import type {ExitCode, Io} from './io.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const A_LONG_TIME = 2 ** 30;
const FAILED = 1;

/**
 * Says what could not be written, and that the command failed. Somebody who stopped reading, as `head` does, is no
 * failure.
 */
const watchStream = (stream: NodeJS.WriteStream, onFailure: () => void): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    onFailure();
    if (stream === process.stderr) return;
    process.stderr.write(`rollcall: the result could not be written: ${error.message}\n`);
  });
};

/**
 * Runs a command on this process's own streams, and gives its exit code. The first signal asks it to end, the second
 * ends it. The process lives until the command has ended, whatever it waits for.
 */
export const systemIo = async (command: (io: Io) => Promise<ExitCode>): Promise<number> => {
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(FAILED);
    stopping.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const {env, stderr, stdin, stdout} = process;
  const fail = (): void => {
    process.exitCode = FAILED;
  };
  for (const stream of [stdout, stderr]) watchStream(stream, fail);
  const alive = setInterval(() => {}, A_LONG_TIME);
  const code = await command({env, stderr, stdin, stdout, stopping: stopping.signal});
  clearInterval(alive);
  for (const signal of SIGNALS) process.off(signal, onSignal);
  return process.exitCode === FAILED ? FAILED : code;
};
