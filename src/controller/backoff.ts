import type {Random} from './ports.ts';

const FIRST_CEILING = 2_000;
const HIGHEST_CEILING = 5 * 60_000;

/**
 * How long to wait after the `failures`-th failure in a row (from 1), in milliseconds: exponential from two
 * seconds to five minutes, with full jitter, so that what failed together does not come back together.
 */
export const backoff = (failures: number, random: Random): number => {
  const ceiling = Math.min(HIGHEST_CEILING, FIRST_CEILING * 2 ** Math.min(failures - 1, 20));
  return Math.round(random() * ceiling);
};
