/** What a command talks to: given in, so that it can be run without a process of its own. */
export interface Io {
  readonly stdout: NodeJS.WritableStream & {readonly isTTY?: boolean};
  readonly stderr: NodeJS.WritableStream & {readonly isTTY?: boolean};
  readonly stdin: NodeJS.ReadableStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the process is asked to end. */
  readonly stopping: AbortSignal;
}

/** Exit codes, the same for every command. */
export const EXIT = {
  ok: 0,
  failed: 1,
  differs: 2,
  invalid: 3,
  guarded: 4,
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Help on the exit codes, for the end of each command's help. */
export const EXIT_HELP = `
Exit codes: 0 done and nothing differs, 1 failed, 2 done and something differs or would be changed,
3 declarations are invalid, 4 refused by a guard, 64 wrong usage.`;

/** Colours on a terminal, unless NO_COLOR is set to anything. */
export const wantsColour = (stream: {readonly isTTY?: boolean}, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env['NO_COLOR'];

export const print = (stream: NodeJS.WritableStream, text: string): void => {
  stream.write(text.endsWith('\n') ? text : `${text}\n`);
};
