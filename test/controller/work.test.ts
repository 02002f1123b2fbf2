import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {simulated, World} from '../support/world.ts';

const WS = 'collections';
const CAMPAIGNS = 10_000;
let world: World;

const ids = Array.from({length: CAMPAIGNS}, (_, i) => `c${String(i).padStart(5, '0')}`);
const files = (desired: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    ids.map(id => [`${id}.yaml`, yaml({name: id, campaignId: id, desired: desired[id] ?? 'active'})]),
  );
/** Lets long work take its slices, with virtual time between them. */
const settle = async (milliseconds: number): Promise<void> => {
  for (let i = 0; i < 50; i++) {
    for (let j = 0; j < 10; j++) await turn();
    await world.pass(milliseconds / 50);
  }
};

afterEach(() => world.close());

describe('one change among ten thousand campaigns', () => {
  it('takes the work of one: few entries are settled, and only its own requests are sent', async () => {
    world = new World({
      workspaces: {[WS]: ids.map(id => simulated(id, 'active'))},
      rate: {requests: 500, per: 1000},
      pollInterval: 120_000,
    });
    await world.start(files());
    await settle(30_000);
    const [workspace] = world.workspaces;
    expect(world.controller.report().summary).toEqual({satisfied: CAMPAIGNS});
    const before = {settled: workspace?.store.settled ?? 0, requests: world.sent.length};
    world.commit(files({c00007: 'paused'}));
    await settle(10_000);
    expect(world.statuses(WS)['c00007']).toBe('paused');
    expect((workspace?.store.settled ?? 0) - before.settled).toBeLessThanOrEqual(4);
    expect(
      world.sent
        .slice(before.requests)
        .map(({method}) => method)
        .toSorted(),
    ).toEqual(['GET', 'GET', 'PUT']);
  });

  it('and a poll that brings nothing new settles nothing, with one request', async () => {
    world = new World({
      workspaces: {[WS]: ids.map(id => simulated(id, 'active'))},
      rate: {requests: 500, per: 1000},
    });
    await world.start(files());
    await settle(40_000);
    const [workspace] = world.workspaces;
    const before = {settled: workspace?.store.settled, requests: world.sent.length};
    await settle(30_000);
    expect(workspace?.store.settled).toBe(before.settled);
    expect(world.sent.length - before.requests).toBe(1);
  });
});
