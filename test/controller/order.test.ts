/** No resume of a revision goes before its pauses, whatever pauses meet; and no pause that fails for good keeps resumes waiting. */
import {afterEach, describe, expect, it} from 'vitest';
import {inPhases} from '../../src/controller/phases.ts';
import type {Failure} from '../../src/controller/ports.ts';
import {guard} from '../../src/domain/guard.ts';
import {seeded} from '../soak/random.ts';
import {plannedAction, yaml} from '../support/fixtures.ts';
import {bare, simulated, World} from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const PAUSED = ['p0', 'p1', 'p2'];
const RESUMED = ['r0', 'r1', 'r2', 'r3'];

const files = (pausedAs: string, resumedAs: string): Record<string, string> =>
  Object.fromEntries(
    [...PAUSED.map(id => [id, pausedAs] as const), ...RESUMED.map(id => [id, resumedAs] as const)].map(
      ([id, desired]) => [`${id}.yaml`, yaml({name: id, campaignId: id, desired, workspace: 'collections'})],
    ),
  );

const SEEDS = Array.from({length: 12}, (_, seed) => seed);

/** A world in place, in which a commit then asks for three pauses and four resumes. */
const create = async (seed: number): Promise<World> => {
  world = new World({
    workspaces: {
      collections: [
        ...PAUSED.map(id => simulated(id, 'active')),
        ...RESUMED.map(id => simulated(id, 'paused')),
      ],
    },
    random: seeded(seed),
    latency: () => 10,
  });
  await world.start(files('active', 'paused'));
  return world;
};

/** When each action last went, and when the first resume did. */
const timesIn = (w: World) => {
  const at = (action: string, ids: readonly string[]): readonly number[] =>
    w.sent.flatMap(one => (one.action === action && ids.includes(one.campaignId ?? '') ? [one.at] : []));
  return {
    firstResume: Math.min(...at('resume', RESUMED)),
    lastPause: Math.max(...at('pause', PAUSED)),
  };
};

const expectInOrder = async (w: World, within: number): Promise<void> => {
  await w.pass(within);
  const {firstResume, lastPause} = timesIn(w);
  expect(lastPause).toBeLessThanOrEqual(firstResume);
  expect(Object.values(w.statuses('collections')).filter(status => status === 'paused')).toHaveLength(3);
};

describe('a resume goes after the pauses of its revision where', () => {
  it.each(SEEDS)('one of them is throttled a few times (%i)', async seed => {
    const w = await create(seed);
    let times = 3;
    w.answer(({method, url}) =>
      method === 'PUT' && url.includes('p1') && times-- > 0 ? bare(429, {'retry-after': '1'}) : undefined,
    );
    w.commit(files('paused', 'active'));
    await expectInOrder(w, 30_000);
  });

  it.each(SEEDS)('the platform asks for a rest without a time (%i)', async seed => {
    const w = await create(seed);
    let times = 2;
    w.answer(({method}) => (method === 'PUT' && times-- > 0 ? bare(503) : undefined));
    w.commit(files('paused', 'active'));
    await expectInOrder(w, 60_000);
  });

  it.each(SEEDS)('one of them fails once (%i)', async seed => {
    const w = await create(seed);
    let times = 1;
    const status = [500, 409, 502][seed % 3] ?? 500;
    w.answer(({method, url}) =>
      method === 'PUT' && url.includes('p1') && times-- > 0 ? bare(status) : undefined,
    );
    w.commit(files('paused', 'active'));
    await expectInOrder(w, 30_000);
  });

  it.each(SEEDS)('nothing is answered for a time (%i)', async seed => {
    const w = await create(seed);
    let isDown = true;
    w.answer(() => (isDown ? bare(500) : undefined));
    w.commit(files('paused', 'active'));
    await w.pass(5_000 + 5_000 * (seed % 5));
    isDown = false;
    await expectInOrder(w, 90_000);
  });

  it.each(SEEDS)('no action is answered for a time (%i)', async seed => {
    const w = await create(seed);
    let isDown = true;
    w.answer(({method}) => (isDown && method === 'PUT' ? bare(500) : undefined));
    w.commit(files('paused', 'active'));
    await w.pass(4_000);
    isDown = false;
    await w.pass(90_000);
    const {firstResume} = timesIn(w);
    for (const id of PAUSED)
      expect(
        w.sent.filter(one => one.action === 'pause' && one.campaignId === id && one.at <= firstResume).length,
      ).toBeGreaterThanOrEqual(
        w.sent.some(one => one.action === 'pause' && one.campaignId === id && one.at > firstResume) ? 2 : 1,
      );
    expect(Object.values(w.statuses('collections')).filter(status => status === 'paused')).toHaveLength(3);
  });
});

describe('a resume does not wait for a pause', () => {
  it.each([500, 409, 403])('that is always answered %i', async status => {
    const w = await create(1);
    w.answer(({method, url}) => (method === 'PUT' && url.includes('p1') ? bare(status) : undefined));
    w.commit(files('paused', 'active'));
    await w.pass(20_000);
    const statuses = w.statuses('collections');
    expect(RESUMED.map(id => statuses[id])).toEqual(RESUMED.map(() => 'active'));
  });

  it.each([500, 409])('where all of several are always answered %i', async status => {
    const w = await create(1);
    w.answer(({method, url}) => (method === 'PUT' && /p\d/.test(url) ? bare(status) : undefined));
    w.commit(files('paused', 'active'));
    await w.pass(2 * 60_000);
    const statuses = w.statuses('collections');
    expect(RESUMED.map(id => statuses[id])).toEqual(RESUMED.map(() => 'active'));
  });

  it.each([1, 10, 40, 70])('that is always throttled for %i s, after a few rests', async seconds => {
    const w = await create(1);
    w.answer(({method, url}) =>
      method === 'PUT' && url.includes('p1') ? bare(429, {'retry-after': String(seconds)}) : undefined,
    );
    w.commit(files('paused', 'active'));
    await w.pass(60_000 + 8 * 1_000 * seconds);
    const statuses = w.statuses('collections');
    expect(RESUMED.map(id => statuses[id])).toEqual(RESUMED.map(() => 'active'));
  });

  it('that has failed once and is wanted no more', async () => {
    const w = await create(1);
    w.answer(({method, url}) => (method === 'PUT' && url.includes('p1') ? bare(500) : undefined));
    w.commit(files('paused', 'active'));
    await w.pass(60);
    w.commit({...files('paused', 'active'), ...{'p1.yaml': files('active', 'active')['p1.yaml'] ?? ''}});
    await w.pass(10_000);
    expect(w.statuses('collections')['r0']).toBe('active');
  });
});

const PLANNED = ['a', 'b', 'c', 'd'].map(campaignId => plannedAction({}, {campaignId}));
const REST: Failure = {kind: 'throttled', message: '429'};
const DROPPED: Failure = {kind: 'dropped', message: 'called off'};

it('every pause is answered before a cancel goes, and every cancel before a resume', async () => {
  const kinds = {
    r: ['resume', 'paused', 'active'],
    c: ['cancel', 'active', 'cancelled'],
    p: ['pause', 'active', 'paused'],
  } as const;
  const planned = ['r1', 'c1', 'p1', 'p2', 'c2', 'r2'].flatMap(campaignId => {
    const [action, from, desired] = kinds[campaignId[0] as 'r' | 'c' | 'p'];
    return guard([plannedAction({action, from, desired}, {campaignId})], {now: 0}).passed;
  });
  const log: string[] = [];
  await inPhases(planned, 2, new AbortController().signal, async one => {
    const {campaignId} = one.declaration;
    log.push(`${campaignId} goes`);
    await Promise.resolve();
    log.push(`${campaignId} done`);
    return undefined;
  });
  const pairs = (ids: readonly string[]): readonly string[] =>
    ['goes', 'done'].flatMap(what => ids.map(id => `${id} ${what}`));
  expect(log).toEqual([...pairs(['p1', 'p2']), ...pairs(['c1', 'c2']), ...pairs(['r1', 'r2'])]);
});

it('a rest that one of several workers met ends the work of all of them, whichever answer comes last', async () => {
  const begun: string[] = [];
  const {promise, resolve} = Promise.withResolvers<void>();
  const halt = await inPhases(guard(PLANNED, {now: 0}).passed, 2, new AbortController().signal, async one => {
    const {campaignId} = one.declaration;
    begun.push(campaignId);
    if (campaignId === 'a') await promise;
    if (campaignId !== 'b') return undefined;
    queueMicrotask(resolve);
    return REST;
  });
  expect([halt, begun]).toEqual([REST, ['a', 'b']]);
});

it.each<[string, Failure | undefined, Failure | undefined, Failure]>([
  ['a rest, and then that one was called off', REST, DROPPED, REST],
  ['that one was called off, and then a rest', DROPPED, REST, REST],
  ['that one was called off, and no more', DROPPED, undefined, DROPPED],
  ['one rest, and then another', REST, {...REST, message: 'later'}, REST],
])('of what several workers met the most telling is told: %s', async (_what, first, second, told) => {
  const answers = [first, second];
  const halt = await inPhases(guard(PLANNED, {now: 0}).passed, 2, new AbortController().signal, async () =>
    answers.shift(),
  );
  expect(halt).toEqual(told);
});
