/**
 * npm run soak:week: the heap of a controller over a simulated week of commits, drift, and campaigns that come and go. Fails where
 * it has grown between the second day's end and the last one's.
 */
import {Metrics} from '../../src/observe/metrics.ts';
import {OPERATIONS} from '../../src/platform/refusal.ts';
import {yaml} from '../support/fixtures.ts';
import {simulated, World} from '../support/world.ts';
import {pick, seeded} from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 7;
const WORKSPACE = 'alpha';
/** How many campaigns there are at any time, and how many of them go in an hour, each for one that comes. */
const NUMBER = 1_000;
const GONE = 20;
/** Of what is noise in a heap after a collection: bytes. */
const NOISE = 1_000_000;

const random = seeded(1);
let born = 0;
const newId = (): string => `c${born++}`;
const wishes = new Map<string, string>();
const wish = (id: string): void => void wishes.set(id, pick(random, ['active', 'paused']));
const files = (): Record<string, string> =>
  Object.fromEntries(
    [...wishes].map(([name, desired]) => [
      `${name}.yaml`,
      yaml({name, campaignId: name, workspace: WORKSPACE, desired}),
    ]),
  );
const newCampaign = () => {
  const id = newId();
  wish(id);
  return simulated(id, pick(random, ['active', 'paused', 'scheduled']));
};

const metrics = new Metrics('0', [WORKSPACE], OPERATIONS, () => Date.now());
const world = new World({
  workspaces: {[WORKSPACE]: Array.from({length: NUMBER}, newCampaign)},
  rate: {requests: 10, per: 1000},
  random,
  concurrentCampaigns: NUMBER * 2,
  pollInterval: 5 * MINUTE,
  resyncInterval: HOUR,
  metrics,
});

/** What the world writes down for tests is none of the controller's. */
const forgetLogs = (): void => {
  for (const log of [world.sent, world.events, world.outcomes, world.drifts, world.api.journal])
    log.length = 0;
};

const hour = async (): Promise<void> => {
  const platform = world.dashboard(WORKSPACE);
  for (const id of [...wishes.keys()].slice(0, GONE)) {
    wishes.delete(id);
    platform.remove(id);
    platform.create(newCampaign(), world.now);
  }
  for (const id of wishes.keys()) if (random() < 0.05) wish(id);
  world.commit(files());
  await world.pass(30 * MINUTE);
  for (const id of wishes.keys())
    if (random() < 0.02) platform.act(id, pick(random, ['pause', 'resume']), 'ops@example.com', world.now);
  await world.pass(30 * MINUTE);
  forgetLogs();
};

const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

await world.start(files());
const heaps: number[] = [];
for (let day = 0; day < DAYS; day++) {
  for (let passed = 0; passed < 24; passed++) await hour();
  heaps.push(heap());
  console.log(
    `day ${day + 1}: ${(heaps[day] ?? 0).toLocaleString('en')} bytes of heap, ${born} campaigns so far`,
  );
}
await world.close();
const grown = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0);
const isFlat = grown < NOISE;
console.log(
  `${isFlat ? 'flat' : 'FAILED'}: ${grown.toLocaleString('en')} bytes since the end of the second day`,
);
process.exitCode = isFlat ? 0 : 1;
