import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import {action} from '../../src/action/action.ts';
import {GitHub} from '../../src/action/github.ts';
import type {Io} from '../../src/cli/io.ts';
import {command, runWith} from './command.ts';
import {eventually} from './wait.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const MAIN = pathOf('../../src/main.ts');
const ACTION = pathOf('../../src/action/main.ts');
const FROZEN_CLOCK = pathOf('./frozen-clock.ts');

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
  /** When the process believes that it starts, in epoch milliseconds. */
  readonly now?: number;
  /** Run the GitHub action instead of the command line. */
  readonly action?: true;
}

interface Serving {
  readonly metrics: string;
}

/** The fields of a line of the log; none of a line that is no such line. */
const fieldsOf = (line: string): Partial<Serving> => {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
};

const isServing = (fields: Partial<Serving>): fields is Serving => fields.metrics !== undefined;

/** A running Rollcall: the real process. */
export class Rollcall {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #exited: Promise<number | null>;

  constructor(args: readonly string[], options: RunOptions) {
    const {action, cwd, now} = options;
    const frozen = now === undefined ? [] : ['--import', FROZEN_CLOCK];
    const env = {TEST_NOW: String(now), ...environmentOf(options)};
    this.child = spawn(process.execPath, [...frozen, action ? ACTION : MAIN, ...args], {
      cwd,
      env,
      stdio: 'pipe',
    });
    this.child.stdout?.on('data', chunk => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', chunk => {
      this.stderr += chunk;
    });
    this.child.stdin?.end(options.stdin ?? '');
    this.#exited = new Promise(resolve => this.child.once('close', code => resolve(code)));
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.#exited;
    });
  }

  /** Resolves with the exit code once the process has ended. */
  exited(): Promise<number | null> {
    return this.#exited;
  }

  /** Sends a signal, and resolves with the exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.#exited;
  }

  /** The address of its HTTP server, once it says so. */
  async url(): Promise<string> {
    const {metrics} = await eventually(() => this.stderr.split('\n').map(fieldsOf).find(isServing));
    return new URL(metrics).origin;
  }

  async ready(): Promise<string> {
    const url = await this.url();
    await eventually(async () => (await fetch(`${url}/readyz`)).ok);
    return url;
  }
}

/** The environment that a process of a test has. */
const environmentOf = ({cwd, env}: RunOptions): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: cwd,
  TZ: 'UTC',
  ...env,
});

/** Runs a command to its end, in a process of its own. */
export const runProcess = async (args: readonly string[], options: RunOptions) => {
  const process = new Rollcall(args, options);
  const code = await process.exited();
  return {code, stdout: process.stdout, stderr: process.stderr};
};

/** The environment itself changes, and not only what `process.env` is: the system looks there, too. */
const setEnvironment = (env: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
};

/** The action against a GitHub on loopback, which needs no rests. */
const impatientAction = (io: Io) =>
  action(io, (context, token) => new GitHub(context, token, {patient: false}));

let isRunningHere = false;

/** The same in the test's own process, which lends it its folder, environment and clock. */
const runHere = async (args: readonly string[], options: RunOptions) => {
  const before = {cwd: process.cwd(), env: {...process.env}, now: Date.now};
  const env = environmentOf(options);
  const offset = options.now === undefined ? 0 : options.now - Date.now();
  isRunningHere = true;
  try {
    process.chdir(options.cwd);
    setEnvironment(env);
    Date.now = () => before.now() + offset;
    return await (options.action ? runWith(impatientAction, env) : command(args, env, options.stdin));
  } finally {
    isRunningHere = false;
    Date.now = before.now;
    setEnvironment(before.env);
    process.chdir(before.cwd);
  }
};

/**
 * Runs a command to its end: in the test's own process, which takes a tenth of the time; in one of its own where that is
 * busy with another.
 */
export const run = (args: readonly string[], options: RunOptions) =>
  isRunningHere ? runProcess(args, options) : runHere(args, options);
