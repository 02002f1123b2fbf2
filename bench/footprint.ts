/** What campaigns hold of memory, in a process of their own: prints bytes a campaign. Needs `--expose-gc`. */
import {open} from './memory.ts';

const NUMBER = 100_000;

const used = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/** What a module holds lives as long as the process. */
const kept = [await open(1)];
const before = used();
kept.push(await open(NUMBER));
console.log((used() - before) / NUMBER);
