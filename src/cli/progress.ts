import {cutTo} from './cells.ts';
import type {Io} from './io.ts';

const CLEAR_LINE = '\r\x1b[2K';
const LEAST_BETWEEN = 100;

/** One line on a terminal that says how far a command is, and is gone when it is done. Silent elsewhere. */
export interface Progress {
  /** @param important shown though the line was changed a moment ago */
  show(text: string, important?: boolean): void;
  clear(): void;
}

/** @param ticks a clock that is never set, in milliseconds */
export const createProgress = ({env, stderr}: Io, ticks: () => number): Progress => {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return {show: () => {}, clear: () => {}};
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show: (text, important = false) => {
      if (!important && ticks() - shownAt < LEAST_BETWEEN) return;
      shownAt = ticks();
      stderr.write(CLEAR_LINE + cutTo(text, (stderr.columns || 80) - 1));
    },
    clear: () => {
      if (shownAt !== Number.NEGATIVE_INFINITY) stderr.write(CLEAR_LINE);
    },
  };
};
