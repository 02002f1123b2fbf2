import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
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

/** A running Rollcall: the real process. */
export class Rollcall {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #exited: Promise<number | null>;

  constructor(args: readonly string[], options: RunOptions) {
    const {action, cwd, now} = options;
    const frozen = now === undefined ? [] : ['--import', FROZEN_CLOCK];
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      TZ: 'UTC',
      TEST_NOW: String(now),
      ...options.env,
    };
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
    const [, url = ''] = await eventually(() => /metrics at (http:\/\/[^/]+)\/metrics/.exec(this.stderr));
    return url;
  }

  async ready(): Promise<string> {
    const url = await this.url();
    await eventually(async () => (await fetch(`${url}/readyz`)).ok);
    return url;
  }
}

/** Runs a command to its end. */
export const run = async (args: readonly string[], options: RunOptions) => {
  const process = new Rollcall(args, options);
  const code = await process.exited();
  return {code, stdout: process.stdout, stderr: process.stderr};
};
