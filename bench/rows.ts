import {writeFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {setImmediate as turn} from 'node:timers/promises';

/** One line of the table: how many times something costs what something else costs, in the same run. */
interface Row {
  readonly id: string;
  readonly work: string;
  readonly against: string;
  readonly ratio: number;
  /** Undefined where there is none. */
  readonly goal?: string;
  /** What it took, and of how many files or campaigns: what a plot shows. */
  readonly milliseconds?: number;
  readonly size?: number;
}

const rows: Row[] = [];

/** The middle one of an odd number of values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Milliseconds. */
export const timed = async (work: () => unknown): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/** For how long at the most nothing else has its turn while this works. Milliseconds. */
export const stalls = async (work: () => Promise<unknown>): Promise<number> => {
  const delay = monitorEventLoopDelay({resolution: 1});
  delay.enable();
  await turn();
  await work();
  await turn();
  delay.disable();
  return delay.max / 1e6;
};

/** Adds a line to the table, and prints it. */
export const addRow = (row: Row): void => {
  rows.push(row);
  const goal = row.goal === undefined ? '' : `; goal ${row.goal}`;
  console.log(`${row.id}  ${row.work}: ${row.ratio.toFixed(2)} x ${row.against}${goal}`);
};

/** Adds a line of what has no row of its own in the table of goals. */
export const say = (what: string, milliseconds: number, against: string, base: number): void =>
  addRow({id: '--', work: `${what} (${milliseconds.toFixed(0)} ms)`, against, ratio: milliseconds / base});

/** Writes the table as JSON, with the machine that it was measured on. */
export const writeRows = (file: string): void => {
  const machine = {node: process.version, processors: cpus().length, model: cpus()[0]?.model ?? ''};
  writeFileSync(
    file,
    `${JSON.stringify({measuredAt: new Date().toISOString(), machine, rows}, undefined, 2)}\n`,
  );
};
