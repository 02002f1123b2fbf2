import {afterEach, describe, expect, it} from 'vitest';
import {all, filesOf, many, passInSlices} from '../support/many.ts';
import {World} from '../support/world.ts';

const WS = 'collections';
const CAMPAIGNS = 10_000;
let world: World;

const campaigns = many(CAMPAIGNS, 'active');

afterEach(() => world.close());

describe('one change among ten thousand campaigns', () => {
  it('takes the work of one: few entries are settled, and only its own requests are sent', async () => {
    world = new World({
      workspaces: {[WS]: campaigns},
      rate: {requests: 500, per: 1000},
      pollInterval: 120_000,
    });
    await world.start(filesOf(all(campaigns, 'active')));
    await passInSlices(world, 30_000);
    const [workspace] = world.workspaces;
    expect(world.controller.report().summary).toEqual({satisfied: CAMPAIGNS});
    const before = {settled: workspace?.store.settled ?? 0, requests: world.sent.length};
    world.commit(filesOf({...all(campaigns, 'active'), c00007: 'paused'}));
    await passInSlices(world, 10_000);
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
      workspaces: {[WS]: campaigns},
      rate: {requests: 500, per: 1000},
    });
    await world.start(filesOf(all(campaigns, 'active')));
    await passInSlices(world, 40_000);
    const [workspace] = world.workspaces;
    const before = {settled: workspace?.store.settled, requests: world.sent.length};
    await passInSlices(world, 30_000);
    expect(workspace?.store.settled).toBe(before.settled);
    expect(world.sent.length - before.requests).toBe(1);
  });
});
