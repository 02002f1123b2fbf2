import {rollcall} from './cli/program.ts';

const stopping = new AbortController();

const onSignal = (): void => {
  if (stopping.signal.aborted) process.exit(1);
  stopping.abort();
};

process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);

const {env, stderr, stdin, stdout} = process;
process.exitCode = await rollcall(process.argv.slice(2), {
  env,
  stderr,
  stdin,
  stdout,
  stopping: stopping.signal,
});
process.off('SIGTERM', onSignal);
process.off('SIGINT', onSignal);
