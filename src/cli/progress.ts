import type {Io} from './io.ts';

const CLEAR_LINE = '\r\x1b[2K';
const LEAST_BETWEEN = 100;

/** One line on a terminal that says how far a command is, and is gone when it is done. Silent elsewhere. */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

export const createProgress = ({stderr}: Io, now: () => number): Progress => {
  if (stderr.isTTY !== true) return {show: () => {}, clear: () => {}};
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show: text => {
      if (now() - shownAt < LEAST_BETWEEN) return;
      shownAt = now();
      stderr.write(CLEAR_LINE + text);
    },
    clear: () => {
      if (shownAt !== Number.NEGATIVE_INFINITY) stderr.write(CLEAR_LINE);
    },
  };
};
