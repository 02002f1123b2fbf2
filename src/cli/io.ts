import type {Reader} from '../domain/time.ts';

/** Where a command writes: a terminal says so, and how wide it is. */
export type Output = NodeJS.WritableStream & {readonly isTTY?: boolean; readonly columns?: number};

/** What a command talks to: given in, so that it can be run without a process of its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the process is asked to end. */
  readonly stopping: AbortSignal;
  /** The zone of whoever reads what is printed. */
  readonly timezone: string;
  /** Calls back at each SIGHUP, which then no longer ends the process; returns what ends that. */
  onHangup(callback: () => void): () => void;
}

/** How whoever runs a command is shown times. */
export const readerOf = ({timezone}: Pick<Io, 'timezone'>, now: number): Reader => ({timezone, now});

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

/** What an exit code means, where a command has nothing more exact to say. */
const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done, and nothing differs',
  failed: 'failed',
  differs: 'done, and something differs or would be changed',
  invalid: 'declarations are invalid',
  guarded: 'refused by a guard',
  usage: 'wrong usage',
};

/** Help on the exit codes that a command has, for the end of its help. */
export const exitHelp = (meanings: Readonly<Partial<Record<keyof typeof EXIT, string | true>>>): string => {
  const parts = Object.entries(meanings).map(([name, text]) => {
    const key = name as keyof typeof EXIT;
    return `  ${String(EXIT[key]).padEnd(3)} ${text === true ? MEANINGS[key] : text}`;
  });
  return `\nExit codes:\n${parts.join('\n')}`;
};

/** Help on all exit codes. */
export const ALL_EXITS = exitHelp({
  ok: true,
  failed: true,
  differs: true,
  invalid: true,
  guarded: true,
  usage: true,
});

/** Colours on a terminal that has some, unless NO_COLOR is set to anything. */
export const wantsColour = (stream: {readonly isTTY?: boolean}, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

/** How many cells a line of a table may have; undefined where it is read by a program. */
export const widthOf = ({columns, isTTY}: Output): number | undefined =>
  isTTY ? columns || undefined : undefined;

export const print = (stream: NodeJS.WritableStream, text: string): void => {
  stream.write(text.endsWith('\n') ? text : `${text}\n`);
};
