/**
 * npm run soak [-- --seeds N] [--first N] [--seed N]: the controller through simulated days of random faults,
 * commits and changes in the dashboard. A seed that fails prints itself; --seed N runs it again.
 */
import {parseArgs} from 'node:util';
import {type SoakResult, soak} from './run.ts';

const {values} = parseArgs({
  options: {
    seeds: {type: 'string', default: '1000'},
    first: {type: 'string', default: '1'},
    seed: {type: 'string'},
  },
});
const first = Number(values.seed ?? values.first);
const count = values.seed === undefined ? Number(values.seeds) : 1;

const results: SoakResult[] = [];
const startedAt = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const result = await soak(seed);
  results.push(result);
  if (result.violations.length === 0) continue;
  console.error(`seed ${seed} failed; run it again with: npm run soak -- --seed ${seed}`);
  for (const violation of result.violations.slice(0, 10)) console.error(`  ${violation}`);
}

const sum = (of: (result: SoakResult) => number): number =>
  Math.round(results.reduce((total, result) => total + of(result), 0));
const failed = results.filter(({violations}) => violations.length > 0).length;
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
console.log(
  `soak: ${count} seeds, ${sum(r => r.days)} simulated days, ${sum(r => r.requests)} requests, ${sum(r => r.actions)} actions in ${seconds} s`,
);
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
