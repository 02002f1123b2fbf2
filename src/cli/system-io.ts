import type {ExitCode, Io} from './io.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Unheard, it opens the runtime’s debugger on a port: to a process that holds keys. */
const DEBUGGER = 'SIGUSR1';
const A_LONG_TIME = 2 ** 30;
const FAILED = 1;
/**
 * Signals that follow within this time are one: whoever signals a whole group, as a terminal or `timeout` does, signals a
 * process and its parent, which passes it on. Milliseconds.
 */
const ONE_SIGNAL = 1_000;

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

const zoneOf = (name: string | undefined): string | undefined => {
  try {
    return name === undefined ? undefined : new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch {
    return undefined;
  }
};

/** The zone of this process, as the environment or the machine sets it; UTC where it is none that there is. */
const zone = (env: NodeJS.ProcessEnv): string =>
  zoneOf(env['TZ']) ?? zoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? 'UTC';

/**
 * Runs a command on this process's own streams, and gives its exit code. The first signal asks it to end, a
 * second one later on ends it; a SIGHUP is the command's own where it asks for it. The process lives until the command has ended,
 * whatever it waits for.
 */
export const systemIo = async (command: (io: Io) => Promise<ExitCode>): Promise<number> => {
  const stopping = new AbortController();
  let hangup: (() => void) | undefined;
  let stoppedAt = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) {
      if (performance.now() - stoppedAt < ONE_SIGNAL) return;
      process.stderr.write(
        'rollcall: ended at once, by a second signal: what was sent may have taken effect\n',
      );
      process.exit(FAILED);
    }
    if (signal === 'SIGHUP' && hangup) hangup();
    else {
      stoppedAt = performance.now();
      stopping.abort();
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on(DEBUGGER, () => {});
  const {env, stderr, stdin, stdout} = process;
  const fail = (): void => {
    process.exitCode = FAILED;
  };
  for (const stream of [stdout, stderr]) watchStream(stream, fail);
  const alive = setInterval(() => {}, A_LONG_TIME);
  const onHangup = (callback: () => void): (() => void) => {
    hangup = callback;
    return () => {
      hangup = undefined;
    };
  };
  const code = await command({
    env,
    stderr,
    stdin,
    stdout,
    stopping: stopping.signal,
    timezone: zone(env),
    onHangup,
  });
  clearInterval(alive);
  for (const signal of SIGNALS) process.off(signal, onSignal);
  return process.exitCode === FAILED ? FAILED : code;
};
