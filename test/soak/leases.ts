/**
 * Runs the protocol of the leases with random faults, by seeds.
 * Usage: node test/soak/leases.ts [--seeds N] [--seed N]
 */
import {parseArgs} from 'node:util';
import {runLeases} from './lease-world.ts';

const {values} = parseArgs({options: {seeds: {type: 'string'}, seed: {type: 'string'}}});
const first = Number(values.seed ?? 1);
const seeds = values.seed === undefined ? Number(values.seeds ?? 1000) : 1;
const startedAt = performance.now();
for (let seed = first; seed < first + seeds; seed++)
  await runLeases(seed).catch((error: unknown) => {
    console.error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
console.log(`leases: ${seeds} seeds in ${Math.round((performance.now() - startedAt) / 1000)} s`);
