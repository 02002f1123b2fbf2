import type {Patience} from '../controller/patiently.ts';
import {lengthOf} from '../domain/time.ts';
import {systemClock} from '../system.ts';
import {type Io, print} from './io.ts';
import type {Progress} from './progress.ts';
import {plain} from './render.ts';

const lengthText = (delay: number): string =>
  delay < 60_000 ? `${Math.max(1, Math.ceil(delay / 1000))} s` : lengthOf(delay);

/** Waits as a command does, and says of each failure that it sits out what it is, and for how long. */
export const patienceOf = (io: Io, progress: Progress): Patience => {
  const told = new Set<string>();
  return {
    clock: systemClock,
    signal: io.stopping,
    onWait: ({message}, delay) => {
      const line = plain(`${message}; trying again in ${lengthText(delay)}`);
      if (io.stderr.isTTY) return progress.show(line, true);
      if (!told.has(message)) print(io.stderr, line);
      told.add(message);
    },
  };
};
