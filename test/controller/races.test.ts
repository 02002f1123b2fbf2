import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {BY_WORKSPACE} from '../../src/domain/order.ts';
import {all, filesOf, many, passInSlices} from '../support/many.ts';
import {simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
let world: World;

const open = (campaigns: WorldOptions['workspaces'][string], options: Partial<WorldOptions> = {}): World => {
  world = new World({workspaces: {[WS]: campaigns}, rate: {requests: 50, per: 1000}, ...options});
  return world;
};
const number = (status: string): number =>
  Object.values(world.statuses(WS)).filter(one => one === status).length;
const dashboard = (id: string, action: 'pause' | 'resume' | 'cancel'): void => {
  world.dashboard(WS).act(id, action, 'ops', world.now);
};
afterEach(() => world.close());

describe('the last changes', () => {
  it('are read on from where a reading of them failed', async () => {
    let fails = false;
    const campaigns = many(250, 'active');
    const world = open(campaigns, {
      onSent: ({url}) => world.faults(fails && url.includes('offset=100') ? {serverError: 1} : {}),
    });
    await world.start(filesOf(all(campaigns, 'active')));
    await world.pass(MINUTE);
    for (const {campaignId} of campaigns) {
      dashboard(campaignId, 'pause');
      await world.pass(1);
    }
    fails = true;
    await world.pass(32_000);
    fails = false;
    await world.pass(3 * MINUTE);
    expect([number('paused'), world.drifts.length]).toEqual([0, 250]);
  });

  it('are found behind more than a page of Rollcall’s own', async () => {
    const campaigns = [...many(150, 'active'), simulated('zz', 'paused')];
    const world = open(campaigns);
    await world.start(filesOf(Object.fromEntries(campaigns.map(one => [one.campaignId, one.status]))));
    await world.pass(40_000);
    world.commit(filesOf(all(campaigns, 'paused')));
    await world.pass(600);
    dashboard('zz', 'resume');
    await world.pass(5 * MINUTE);
    expect(number('paused')).toBe(151);
  });

  it('are all found by the next poll, where they were made while everything was read', async () => {
    let done = false;
    const campaigns = many(300, 'paused').map((one, i) => ({...one, createdAt: one.createdAt + i}));
    const world = open(campaigns, {
      latency: () => 100,
      onSent: ({url}) => {
        if (done || !url.includes('created_at') || !url.includes('offset=100')) return;
        done = true;
        dashboard('c00000', 'resume');
        for (const {campaignId} of campaigns.slice(150)) dashboard(campaignId, 'cancel');
      },
    });
    await world.start(filesOf(all(campaigns, 'paused')));
    await world.pass(3 * MINUTE);
    expect(world.statuses(WS)['c00000']).toBe('paused');
  });

  it('that could not be read keep resumes waiting', async () => {
    let fails = false;
    const campaigns = [...many(250, 'paused'), simulated('zz', 'paused')];
    const world = open(campaigns, {
      onSent: ({url}) =>
        world.faults(
          fails && url.includes('updated_at') && url.includes('offset=100') ? {serverError: 1} : {},
        ),
    });
    await world.start(filesOf(all(campaigns, 'paused')));
    await world.pass(MINUTE);
    for (const {campaignId} of campaigns.slice(0, 250)) {
      dashboard(campaignId, 'resume');
      await world.pass(1);
    }
    fails = true;
    await world.pass(30_000);
    fails = false;
    world.commit(filesOf({...all(campaigns, 'paused'), zz: 'active'}));
    await world.pass(2 * MINUTE);
    expect(world.actions().indexOf('resume zz')).toBe(world.actions().length - 1);
    expect(number('active')).toBe(1);
  });

  it.each([0, MINUTE])('show that a campaign was deleted %d ms after the first reading', async wait => {
    const campaigns = many(20, 'paused');
    const world = open(campaigns);
    await world.start(filesOf(all(campaigns, 'paused')));
    await world.pass(wait);
    world.dashboard(WS).remove('c00003');
    world
      .dashboard(WS)
      .create(simulated('new', 'scheduled', {createdAt: world.now, updatedAt: world.now}), world.now);
    await world.pass(MINUTE);
    expect(world.finding('c00003')?.state).toBe('missing');
  });

  it('are one request again after a deletion was followed by a reading that failed', async () => {
    let fails = false;
    const campaigns = many(1000, 'paused');
    const world = open(campaigns, {
      onSent: ({url}) => world.faults(fails && url.includes('offset=500') ? {serverError: 1} : {}),
    });
    await world.start(filesOf(all(campaigns.slice(1), 'paused')));
    await world.pass(90_000);
    world.dashboard(WS).remove('c00000');
    fails = true;
    await world.pass(30_000);
    fails = false;
    await world.pass(MINUTE);
    const before = world.sent.length;
    await world.pass(2 * MINUTE);
    expect(world.sent.length - before).toBeLessThanOrEqual(5);
  });
});

describe('a campaign', () => {
  it('is listed, whoever asked for a page while its revision was taken in', async () => {
    const campaigns = many(3000, 'paused');
    const world = open(campaigns, {rate: {requests: 500, per: 1000}});
    world.commit(filesOf(all(campaigns, 'paused')));
    await world.controller.start();
    await turn();
    void world.controller.campaigns.page({selection: {}, order: BY_WORKSPACE, limit: 100});
    await passInSlices(world, 20_000);
    expect([...world.controller.campaigns.findings()]).toHaveLength(3000);
  });

  it('whose file goes and comes back while its action is under way stays declared', async () => {
    let latency = 0;
    const world = open([simulated('a', 'active'), simulated('b', 'active')], {
      latency: () => latency,
      onSent: ({method}) => {
        latency = method === 'PUT' ? 8_000 : 0;
      },
    });
    await world.start(filesOf({a: 'active', b: 'active'}));
    await world.pass(20_000);
    world.commit(filesOf({a: 'cancelled', b: 'active'}));
    await world.pass(4_500);
    world.commit(filesOf({b: 'active'}));
    await world.pass(1_000);
    world.commit(filesOf({a: 'cancelled', b: 'active'}));
    await world.pass(2 * MINUTE);
    expect(world.finding('a')?.state).toBe('satisfied');
  });
});

describe('a workspace that is opened while a revision comes', () => {
  it('goes by that revision', async () => {
    const campaigns = many(1200, 'paused');
    world = new World({workspaces: {[WS]: campaigns, second: []}, rate: {requests: 500, per: 1000}});
    const [first, second] = world.workspaces;
    if (!first || !second) throw new Error('the world lacks its workspaces');
    const settings = {pollInterval: 30_000, resyncInterval: 600_000, sourceInterval: 30_000};
    await world.controller.configure({...settings, workspaces: [second]});
    await world.start(filesOf({...all(campaigns, 'paused'), c01190: 'active'}));
    await passInSlices(world, MINUTE);
    void world.controller.configure({...settings, workspaces: [second, first]});
    for (let i = 0; i < 1000 && first.store.declared.size === 0; i++) await Promise.resolve();
    world.commit(filesOf(all(campaigns, 'paused')));
    await passInSlices(world, 2 * MINUTE);
    expect([world.finding('c01190')?.desired, world.actions()]).toEqual(['paused', []]);
  });
});

describe('a workspace that is given to a process which takes its first revision in', () => {
  it('goes by that revision', async () => {
    const campaigns = many(1200, 'active');
    world = new World({workspaces: {[WS]: campaigns, second: []}, rate: {requests: 500, per: 1000}});
    const [first, second] = world.workspaces;
    if (!first || !second) throw new Error('the world lacks its workspaces');
    const settings = {pollInterval: 30_000, resyncInterval: 600_000, sourceInterval: 30_000};
    await world.controller.configure({...settings, workspaces: [second]});
    world.commit(filesOf(all(campaigns, 'paused')));
    await world.controller.start();
    await turn();
    expect(world.controller.revision).toBeUndefined();
    void world.controller.configure({...settings, workspaces: [second, first]});
    await passInSlices(world, 2 * MINUTE);
    expect(world.actions()).toHaveLength(1200);
  });
});

describe('run --once', () => {
  it('asks for all that the lists lack before it gives a resume up', async () => {
    const world = open([simulated('zz', 'paused')]);
    world.commit(filesOf({...all(many(150, ''), 'paused'), zz: 'active'}));
    const once = world.controller.once();
    await world.pass(2 * MINUTE);
    await once;
    expect(world.actions()).toEqual(['resume zz']);
  });
});

describe('campaigns whose Get is refused', () => {
  it('cost a few requests in each poll, however many they are', async () => {
    const world = open([simulated('zz', 'paused')]);
    const handle = world.api.handle.bind(world.api);
    world.api.handle = (request, now) =>
      /campaigns\/c\d+/.test(request.url)
        ? {status: 403, headers: {'content-type': 'application/json'}, body: '{}'}
        : handle(request, now);
    await world.start(filesOf({...all(many(90, ''), 'paused'), zz: 'paused'}));
    await world.pass(2 * MINUTE);
    const before = world.sent.length;
    await world.pass(5 * MINUTE);
    expect(world.sent.length - before).toBeLessThan(80);
  });
});
