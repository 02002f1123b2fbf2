/** What campaigns hold of memory, in a process of their own: prints bytes a campaign. Needs `--expose-gc`. */
import {clock, open} from './memory.ts';

const NUMBER = 100_000;

const used = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const few = await open(1);
const before = used();
const many = await open(NUMBER);
console.log((used() - before) / NUMBER);
if (few.wire.requests + many.wire.requests + clock.now() < 0) console.log('never');
