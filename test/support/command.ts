import {PassThrough, Readable} from 'node:stream';
import type {ExitCode, Io} from '../../src/cli/io.ts';
import {rollcall} from '../../src/cli/program.ts';

/** Every verb of the command line. */
export const VERBS = [
  'run',
  'get',
  'doctor',
  'history',
  'evidence',
  'forecast',
  'calendar',
  'plan',
  'apply',
  'export',
  'init',
  'validate',
  'simulate',
  'schema',
  'completion',
];

/** Runs a program in the test's own process, with its streams, environment and zone passed in. */
export const runWith = async (
  program: (io: Io) => Promise<ExitCode>,
  env: NodeJS.ProcessEnv = {},
  stdin = '',
) => {
  const written = {stdout: '', stderr: ''};
  const stream = (name: keyof typeof written): PassThrough =>
    new PassThrough().on('data', chunk => {
      written[name] += String(chunk);
    });
  const io: Io = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    env: {PATH: process.env['PATH'], ...env},
    stopping: new AbortController().signal,
    timezone: env['TZ'] ?? 'UTC',
    onHangup: () => () => {},
  };
  const code = await program(io);
  return {code, ...written};
};

/** Runs one command line like that. */
export const command = (args: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = '') =>
  runWith(io => rollcall(args, io), env, stdin);
