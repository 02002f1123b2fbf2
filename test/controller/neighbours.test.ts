/** What one campaign, or one kind of request, meets is nobody else's affair. */
import {afterEach, describe, expect, it} from 'vitest';
import {all, filesOf, many} from '../support/many.ts';
import {bare, START, simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let world: World;

afterEach(() => world.close());

/** A platform that answers as the simulator does, but for what is asked of some campaigns. */
const open = (options: WorldOptions, otherwise: Parameters<World['answer']>[0]): void => {
  world = new World(options);
  world.answer(otherwise);
};

const puts = (): number => world.sent.filter(({action}) => action !== undefined).length;
const troubles = (): number => world.events.filter(({kind}) => kind === 'workspace-trouble').length;

describe('a campaign that is well', () => {
  it.each([
    ['500', 6, 500],
    ['503', 1, 503],
    ['401', 1, 401],
  ])('is paused though others whose Get is answered %s come before it', async (_name, broken, status) => {
    const others = many(broken, 'active');
    open({workspaces: {[WS]: [...others, simulated('z', 'active')]}, latency: () => 50}, ({url}) =>
      /campaigns\/c\d+/.test(url) ? bare(status) : undefined,
    );
    await world.start(filesOf({...all(others, 'paused'), z: 'paused'}));
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)['z']).toBe('paused');
  });

  it('is paused beside one that is forbidden, on a platform that tells with each answer how much may be asked', async () => {
    const headers = {'ratelimit-limit': '100', 'ratelimit-remaining': '98', 'ratelimit-reset': '30'};
    open(
      {workspaces: {[WS]: [simulated('a', 'active'), simulated('z', 'active')]}, latency: () => 50},
      (request, handle, now) => {
        if (/campaigns\/a/.test(request.url)) return bare(403, headers);
        const answer = handle(request, now);
        return answer === 'drop' ? answer : {...answer, headers: {...answer.headers, ...headers}};
      },
    );
    await world.start(filesOf({a: 'paused', z: 'paused'}));
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)['z']).toBe('paused');
    expect(troubles()).toBe(0);
  });

  it('is resumed though some that no list holds cannot be read', async () => {
    const lost = many(4, 'active');
    open({workspaces: {[WS]: [simulated('z', 'paused')]}}, ({url}) =>
      /campaigns\/c\d+/.test(url) ? bare(500) : undefined,
    );
    await world.start(filesOf({...all(lost, 'paused'), z: 'active'}));
    await world.pass(20 * MINUTE);
    expect(world.statuses(WS)['z']).toBe('active');
  });

  it('is resumed, and corrected, beside one for which the key is refused', async () => {
    open({workspaces: {[WS]: [simulated('y', 'active'), simulated('z', 'paused')]}}, ({url}) =>
      /campaigns\/bad/.test(url) ? bare(401) : undefined,
    );
    await world.start(filesOf({bad: 'paused', y: 'active', z: 'active'}));
    await world.pass(MINUTE);
    expect(world.statuses(WS)['z']).toBe('active');
    world.dashboard(WS).act('y', 'pause', 'ops@example.com', world.now);
    await world.pass(MINUTE);
    expect(world.statuses(WS)['y']).toBe('active');
    expect(troubles()).toBe(0);
  });

  it('is resumed after the pauses of its revision, those among them that were hard to find', async () => {
    let fails = true;
    open(
      {workspaces: {[WS]: [simulated('p', 'active'), simulated('zz', 'paused')]}},
      (request, handle, now) => {
        if (!fails) return undefined;
        if (/campaigns\/p$/.test(request.url)) return bare(500);
        const answer = handle(request, now);
        if (answer === 'drop' || !/campaigns\?/.test(request.url)) return answer;
        const body = JSON.parse(answer.body);
        body.items = body.items.filter((one: {campaign_id: string}) => one.campaign_id !== 'p');
        return {...answer, body: JSON.stringify(body)};
      },
    );
    await world.start(filesOf({p: 'paused', zz: 'active'}));
    fails = false;
    await world.pass(5 * MINUTE);
    expect(world.actions()).toEqual(['pause p', 'resume zz']);
  });
});

describe('a platform that is slow', () => {
  it('takes actions though each Get takes longer than a status stays fresh', async () => {
    open({workspaces: {[WS]: [simulated('a', 'active')]}, latency: () => 7_000}, () => undefined);
    await world.start(filesOf({a: 'paused'}));
    await world.pass(2 * MINUTE);
    expect(world.statuses(WS)['a']).toBe('paused');
  });

  it('ends a run that goes through once', async () => {
    open({workspaces: {[WS]: [simulated('a', 'active')]}, latency: () => 7_000}, () => undefined);
    world.commit(filesOf({a: 'paused'}));
    let ended = false;
    void world.controller.once().then(() => {
      ended = true;
    });
    await world.pass(5 * MINUTE);
    expect([ended, world.statuses(WS)['a']]).toEqual([true, 'paused']);
  });
});

describe('a platform that takes reads and no actions', () => {
  it.each([401, 503])('and answers %s is tried at growing intervals, and told of once', async status => {
    const campaigns = many(50, 'active');
    open({workspaces: {[WS]: campaigns}}, ({method}) => (method === 'PUT' ? bare(status) : undefined));
    await world.start(filesOf(all(campaigns, 'paused')));
    await world.pass(30 * MINUTE);
    expect(puts()).toBeLessThan(200);
    expect(troubles()).toBeLessThan(5);
  });

  it('is in no trouble any more once nothing is to be done', async () => {
    const campaigns = many(5, 'active');
    open({workspaces: {[WS]: campaigns}}, ({method}) =>
      method === 'PUT' && world.now < START + 5 * MINUTE ? bare(500) : undefined,
    );
    await world.start(filesOf(all(campaigns, 'active')));
    world.commit(filesOf(all(campaigns, 'paused')));
    await world.pass(2 * MINUTE);
    world.commit(filesOf(all(campaigns, 'active')));
    await world.pass(HOUR);
    expect(world.workspaces[0]?.trouble).toBeUndefined();
  });

  it('for one campaign, days apart, is in no outage', async () => {
    const campaigns = many(4, 'active');
    let broken: string | undefined;
    open({workspaces: {[WS]: campaigns}, pollInterval: 10 * MINUTE}, ({method, url}) =>
      method === 'PUT' && broken !== undefined && url.includes(broken) ? bare(500) : undefined,
    );
    const wanted = all(campaigns, 'active');
    await world.start(filesOf(wanted));
    for (const id of ['c00000', 'c00001', 'c00002']) {
      broken = id;
      world.commit(filesOf({...wanted, [id]: 'paused'}));
      await world.pass(500);
      world.commit(filesOf(wanted));
      broken = undefined;
      await world.pass(DAY);
    }
    expect(troubles()).toBe(0);
  });

  it('and refuses a resume as one too many keeps no pause waiting, whatever its headers tell', async () => {
    const headers = {'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '98', 'x-ratelimit-reset': '30'};
    open({workspaces: {[WS]: [simulated('a', 'paused'), simulated('z', 'active')]}}, ({body}) =>
      /resume/.test(String(body)) ? bare(429, headers) : undefined,
    );
    await world.start(filesOf({a: 'active', z: 'active'}));
    await world.pass(2 * MINUTE);
    world.commit(filesOf({a: 'active', z: 'paused'}));
    await world.pass(5_000);
    expect([world.statuses(WS)['z'], troubles()]).toEqual(['paused', 0]);
  });
});
