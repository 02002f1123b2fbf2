import {expect, it} from 'vitest';
import {soak} from './run.ts';

const HALF_A_DAY = 12 * 3_600_000;
const SEEDS = Array.from({length: 20}, (_, seed) => seed + 1);

it.each(SEEDS)('seed %i of the soak comes to rest, and violates nothing', async seed => {
  expect((await soak(seed, HALF_A_DAY)).violations).toEqual([]);
});
