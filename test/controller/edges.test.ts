/** Nothing that one campaign, one workspace or the machine's clock does ends the work for the others. */
import {afterEach, describe, expect, it} from 'vitest';
import {Controller} from '../../src/controller/controller.ts';
import type {ControllerEvent} from '../../src/controller/events.ts';
import type {Platform} from '../../src/controller/ports.ts';
import {WorkspaceReconciler} from '../../src/controller/workspace.ts';
import {Register} from '../../src/domain/register.ts';
import {parseFile} from '../../src/source/parse.ts';
import {live, WHOLE_READING, yaml} from '../support/fixtures.ts';
import {takeOverTimers, timerClock} from '../support/timer-clock.ts';
import {bare, START, simulated, World} from '../support/world.ts';

const HOUR = 3_600_000;
let world: World | undefined;
const create = (...args: ConstructorParameters<typeof World>): World => {
  world = new World(...args);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const eventsOf = <K extends ControllerEvent['kind']>(events: readonly ControllerEvent[], kind: K) =>
  events.filter((event): event is Extract<ControllerEvent, {kind: K}> => event.kind === kind);

const file = (id: string, desired: string, extra = '', workspace = 'collections') => ({
  [`${id}.yaml`]: yaml({name: id, campaignId: id, desired, workspace, extra}),
});

describe('a declaration with an id that is none', () => {
  it('is a diagnostic, and every other campaign has its turn', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active'), simulated('b', 'paused')]}});
    await w.start({
      ...file('a', 'paused'),
      'bad.yaml': yaml({name: 'bad', campaignId: '"\\uD800"'}),
      'dots.yaml': yaml({name: 'dots', campaignId: '".."'}),
    });
    expect(w.statuses('collections')).toMatchObject({a: 'paused'});
    expect(w.controller.report().diagnostics.map(one => one.message)).toEqual([
      expect.stringContaining('well-formed Unicode'),
      expect.stringContaining('must not be ..'),
    ]);
    expect(eventsOf(w.events, 'unexpected-error')).toEqual([]);
  });
  it('of the platform’s is left out of the list, and told in the report', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active'), simulated('..', 'active')]}});
    await w.start(file('a', 'paused'));
    expect(w.statuses('collections')).toMatchObject({a: 'paused'});
    expect(w.controller.report().diagnostics).toEqual([
      {
        code: 'unusable-campaign',
        message: 'campaign "..": its id must not be .., which would lead to another path',
        workspace: 'collections',
      },
    ]);
    expect(eventsOf(w.events, 'unusable-changed')).toHaveLength(1);
  });
});

describe('an unexpected error', () => {
  /** A controller of two workspaces, of which the first has a platform that breaks as it is told. */
  const openBroken = (broken: Partial<Platform>) => {
    const timers = takeOverTimers(START);
    const events: ControllerEvent[] = [];
    const listener = (event: ControllerEvent): void => void events.push(event);
    const readAll: Platform['poll'] = async ({open, take}) => {
      take([...open].map(campaignId => ({campaign: live('active', {campaignId}), askedAt: Date.now()})));
      return WHOLE_READING;
    };
    const sent: string[] = [];
    const platform = (name: string): Platform => ({
      rate: {slots: 5, window: 1_000, used: 0},
      keysUsed: 1,
      tookEffect: () => {},
      poll: readAll,
      resync: readAll,
      read: async campaignId => ({
        ok: true,
        value: {campaign: live('active', {campaignId}), askedAt: Date.now()},
      }),
      update: async (campaignId, action) => {
        sent.push(`${name}: ${action} ${campaignId}`);
        return {ok: true, value: live('paused', {campaignId, updatedAt: Date.now()})};
      },
      ...(name === 'broken' && broken),
    });
    const ports = {clock: timerClock, random: () => 0.5, listener};
    const settings = {mode: 'enforce', concurrency: 4, dryRun: false} as const;
    const workspaces = ['broken', 'sound'].map(
      name => new WorkspaceReconciler(name, settings, {...ports, platform: platform(name)}),
    );
    const files = ['broken', 'sound'].flatMap(workspace =>
      ['a', 'b'].map(id =>
        parseFile(
          `${workspace}-${id}.yaml`,
          new TextEncoder().encode(yaml({name: id, campaignId: id, desired: 'paused', workspace})),
        ),
      ),
    );
    const declarations = new Register(new Set(['broken', 'sound']));
    const changes = declarations.change(new Map(files.map(file => [file.file, file])));
    let read = false;
    const controller = new Controller({
      ...ports,
      settings: {workspaces, pollInterval: 30_000, resyncInterval: 600_000, sourceInterval: 30_000},
      source: {
        know: () => {},
        text: async () => undefined,
        watch: async () => async () => {},
        read: async () => {
          if (read) return {kind: 'unchanged'};
          read = true;
          return {kind: 'read', revision: {id: 'r1'}, declarations, changes};
        },
      },
    });
    return {controller, events, sent, timers};
  };
  const play = async (world: ReturnType<typeof openBroken>, milliseconds: number) => {
    try {
      await world.controller.start();
      await world.timers.tickAsync(milliseconds);
      const stopped = world.controller.stop();
      await world.timers.tickAsync(60_000);
      await stopped;
    } finally {
      world.timers.uninstall();
    }
  };

  it('in one campaign’s turn is that campaign’s outcome, and is tried again after a rest', async () => {
    let failures = 0;
    const broken = openBroken({
      read: async campaignId => {
        if (campaignId === 'a' && failures++ < 2) throw new TypeError('boom');
        return {ok: true, value: {campaign: live('active', {campaignId}), askedAt: Date.now()}};
      },
    });
    await play(broken, 30_000);
    expect(broken.sent.toSorted()).toEqual(
      ['sound: pause a', 'sound: pause b', 'broken: pause a', 'broken: pause b'].toSorted(),
    );
    expect(eventsOf(broken.events, 'unexpected-error')).toMatchObject([
      {work: 'turn', workspace: 'broken', campaignId: 'a', error: expect.objectContaining({message: 'boom'})},
      {work: 'turn'},
    ]);
    const outcomes = eventsOf(broken.events, 'action-ended').filter(
      ({outcome}) => outcome.kind === 'deferred',
    );
    expect(outcomes[0]?.outcome).toMatchObject({message: 'an unexpected error: boom'});
  });
  it('while a revision is taken in is told, and all of the revision is taken in at the next try', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active'), simulated('b', 'active')]}});
    await w.start({...file('a', 'active'), ...file('b', 'active')});
    let faults = 0;
    w.listeners.push(event => {
      if (event.kind === 'wish-changed' && event.campaignId === 'b' && faults++ === 0)
        throw new TypeError('boom');
    });
    w.commit({...file('a', 'paused'), ...file('b', 'paused')});
    await w.pass(2 * 60_000);
    expect(w.statuses('collections')).toEqual({a: 'paused', b: 'paused'});
    expect(eventsOf(w.events, 'unexpected-error').length).toBeGreaterThan(0);
    w.commit({...file('a', 'active'), ...file('b', 'paused')});
    await w.pass(2 * 60_000);
    expect(w.statuses('collections')).toEqual({a: 'active', b: 'paused'});
  });

  it('in a poll ends neither the loop nor another workspace’s work', async () => {
    let polls = 0;
    const broken = openBroken({
      poll: async () => {
        polls += 1;
        throw new RangeError('boom');
      },
    });
    await play(broken, 60_000);
    expect([...new Set(broken.sent)]).toEqual(['sound: pause a', 'sound: pause b']);
    expect(broken.controller.troubles.map(({message}) => message)).toEqual([
      'workspace broken: an unexpected error: boom',
    ]);
    expect(polls).toBeGreaterThan(2);
    expect(
      eventsOf(broken.events, 'unexpected-error').every(
        ({work, workspace}) => work === 'poll' && workspace === 'broken',
      ),
    ).toBe(true);
  });
});

describe('the time of day', () => {
  const holdFor = (milliseconds: number) =>
    file('a', 'paused', `hold: {reason: repair, until: ${new Date(START + milliseconds).toISOString()}}`);

  it('that is set forward ends a hold at once, and is told', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}, pollInterval: 10 * HOUR});
    await w.start(holdFor(HOUR));
    expect(w.statuses('collections')).toEqual({a: 'active'});
    w.setClockBy = HOUR;
    await w.pass(15_000);
    expect(w.statuses('collections')).toEqual({a: 'paused'});
    expect(eventsOf(w.events, 'clock-jumped').map(({seconds}) => Math.round(seconds))).toEqual([3600]);
  });
  it('that is set back does not end a hold before its date', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    w.setClockBy = 30 * 60_000;
    await w.start(holdFor(HOUR));
    w.setClockBy = 0;
    await w.pass(45 * 60_000);
    expect(w.statuses('collections')).toEqual({a: 'active'});
    await w.pass(20 * 60_000);
    expect(w.statuses('collections')).toEqual({a: 'paused'});
  });
  it('that is set changes nothing about a rest or a rate', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    w.faults({throttled: 1});
    await w.start(file('a', 'paused'));
    w.faults({});
    w.setClockBy = -10 * HOUR;
    await w.pass(60_000);
    expect(w.statuses('collections')).toEqual({a: 'paused'});
  });
});

describe('a campaign that somebody cancels against Git', () => {
  it.each([
    ['in mode detect', 'mode: detect', 'active'],
    ['while its change is still pending', '', 'paused'],
  ])('is an alarm of its own, counted once: %s', async (_name, extra, from) => {
    const w = create({workspaces: {collections: [simulated('a', from)]}, concurrentCampaigns: 0});
    await w.start(file('a', 'active', extra));
    w.dashboard('collections').act('a', 'cancel', 'ops', w.now);
    await w.pass(120_000);
    expect(eventsOf(w.events, 'became-terminal').map(({finding}) => finding.campaignId)).toEqual(['a']);
    const stalled = w.controller.report().conditions.find(({type}) => type === 'Stalled');
    expect(stalled).toMatchObject({status: 'True', reason: 'Terminal'});
    expect(stalled?.message).toContain(
      'collections/a (a): Git asks for active, but nothing leaves cancelled; changed by ops',
    );
  });
});

describe('a workspace whose key is refused', () => {
  it('gives the refusal as each campaign’s reason', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    w.faults({unauthorised: 1});
    await w.start(file('a', 'paused'));
    expect(w.finding('a')).toMatchObject({state: 'unknown'});
    expect(w.finding('a')?.reason).toContain('the platform answered 401');
  });
});

describe('a trouble', () => {
  it('is told once, and its end too, however long it lasts', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    await w.start(file('a', 'active'));
    w.source.fail('gone');
    await w.pass(300_000);
    w.faults({unavailable: 1});
    await w.pass(300_000);
    w.faults({});
    w.commit(file('a', 'active'));
    await w.pass(600_000);
    expect(eventsOf(w.events, 'source-trouble').map(({trouble}) => trouble?.reason)).toEqual([
      'SourceFailed',
      undefined,
    ]);
    expect(eventsOf(w.events, 'workspace-trouble').map(({trouble}) => trouble?.reason)).toEqual([
      'Throttled',
      undefined,
    ]);
  });
  it('of a platform that asks for a rest says until when, and who wants it so', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    await w.start(file('a', 'active'));
    w.faults({throttled: 1});
    await w.pass(35_000);
    const ready = w.controller.report().conditions.find(({type}) => type === 'Ready');
    expect(ready?.message).toMatch(
      /the platform answered 429: Too Many Requests; it rests until 2026-01-05T\S+Z, as the platform’s Retry-After asks/,
    );
  });
});

describe('a pause, while the platform asks for a long rest', () => {
  const resting = async (perform: (w: World) => void, pollInterval = 30_000) => {
    const workspaces = {collections: [simulated('a', 'active'), simulated('b', 'active')]};
    const w = create({workspaces, pollInterval});
    await w.start({...file('a', 'active'), ...file('b', 'active')});
    w.commit({...file('a', 'paused'), ...file('b', 'active')});
    perform(w);
    return w;
  };
  const throttledFor = (seconds: number) => (w: World, only?: 'PUT') => {
    const handle = w.api.handle.bind(w.api);
    w.api.handle = (request, now) =>
      only === undefined || request.method === only
        ? {status: 429, headers: {'retry-after': String(seconds)}, body: '{}'}
        : handle(request, now);
    return () => {
      w.api.handle = handle;
    };
  };

  it.each([1, 60])(
    'that was itself answered with it is tried again within five minutes (polls every %i min)',
    async minutes => {
      let lift = (): void => {};
      const w = await resting(world => {
        lift = throttledFor(24 * 3600)(world, 'PUT');
      }, minutes * 60_000);
      await w.pass(10_000);
      lift();
      await w.pass(6 * 60_000);
      expect(w.statuses('collections')).toMatchObject({a: 'paused'});
    },
  );
  it.each([1, 60])(
    'that is answered with it each time is still tried every five minutes (polls every %i min)',
    async minutes => {
      let lift = (): void => {};
      const w = await resting(world => {
        lift = throttledFor(24 * 3600)(world, 'PUT');
      }, minutes * 60_000);
      await w.pass(2 * 3_600_000);
      lift();
      await w.pass(6 * 60_000);
      expect(w.statuses('collections')).toMatchObject({a: 'paused'});
    },
  );
  it('that was asked for in answer to pauses lets no resume go before them, when it is over', async () => {
    const w = create({
      workspaces: {collections: [...['a', 'b'].map(id => simulated(id, 'active')), simulated('c', 'paused')]},
    });
    let refused = 0;
    w.answer(({method}) => (method === 'PUT' && refused++ < 2 ? bare(429, {'retry-after': '5'}) : undefined));
    await w.start({...file('a', 'paused'), ...file('b', 'paused'), ...file('c', 'active')});
    await w.pass(60_000);
    expect(w.statuses('collections')).toMatchObject({a: 'paused', b: 'paused', c: 'active'});
    const actions = w.actions();
    expect(actions.indexOf('resume c')).toBe(actions.length - 1);
  });
  it('whose try met another failure is tried again, and does not wait for the end of the rest', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    await w.start(file('a', 'active'));
    const lift = throttledFor(7200)(w);
    await w.pass(40_000);
    w.commit(file('a', 'paused'));
    await w.pass(2 * 60_000);
    lift();
    w.faults({serverError: 1});
    await w.pass(4 * 60_000);
    w.faults({});
    await w.pass(6 * 60_000);
    expect(w.statuses('collections')).toMatchObject({a: 'paused'});
  });
});

describe('a commit that touches one workspace', () => {
  it('interrupts no other, and clears none of its backoffs', async () => {
    const w = create({
      workspaces: {
        collections: [simulated('a', 'paused'), simulated('b', 'active')],
        growth: [simulated('g', 'active')],
      },
      concurrentCampaigns: 1,
    });
    const of = (n: number) => ({
      ...file('a', 'active'),
      ...file('b', 'active'),
      'g.yaml': yaml({name: `g${n}`, campaignId: 'g', desired: 'active', workspace: 'growth'}),
    });
    await w.start(of(0));
    for (let n = 1; n <= 60; n++) {
      w.commit(of(n));
      await w.pass(30_000);
    }
    expect(w.actions().filter(action => action === 'resume a').length).toBeLessThan(25);
  });
  it('lets a resume that was refused go as soon as a campaign less runs', async () => {
    const w = create({
      workspaces: {collections: [simulated('a', 'paused'), simulated('b', 'active')]},
      concurrentCampaigns: 1,
    });
    await w.start({...file('a', 'active'), ...file('b', 'active')});
    await w.pass(30 * 60_000);
    w.commit({...file('a', 'active'), ...file('b', 'paused')});
    await w.pass(5_000);
    expect(w.statuses('collections')).toEqual({a: 'active', b: 'paused'});
  });
});

describe('a resume', () => {
  it('waits until the workspace has been read whole since its revision came, and pauses do not', async () => {
    const ids = Array.from({length: 150}, (_, i) => `c${i}`);
    const w = create({
      workspaces: {
        collections: ids.map((id, i) =>
          simulated(id, i < 20 ? 'paused' : 'active', {createdAt: START - 1_000_000 + i}),
        ),
      },
      rate: {requests: 50, per: 1000},
    });
    const handle = w.api.handle.bind(w.api);
    let broken = true;
    w.api.handle = (request, now) =>
      broken && request.url.includes('offset=100') ? 'drop' : handle(request, now);
    await w.start(
      Object.assign({}, ...ids.map((id, i) => file(id, i === 50 || i === 149 ? 'paused' : 'active'))),
    );
    await w.pass(60_000);
    expect(w.actions()).toEqual(['pause c50']);
    expect(w.finding('c0')?.reason).toContain('waits until every campaign of the workspace has been read');
    broken = false;
    await w.pass(120_000);
    expect(w.actions().slice(0, 3)).toEqual(['pause c50', 'pause c149', 'resume c0']);
    expect(w.actions().filter(action => action.startsWith('resume'))).toHaveLength(20);
  });
});

describe('a controller that was told to stop', () => {
  it('takes no other configuration in any more', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active')]}});
    await w.start(file('a', 'active'));
    const stopped = w.controller.stop();
    await w.controller.configure({
      workspaces: [],
      pollInterval: 1_000,
      resyncInterval: 600_000,
      sourceInterval: 1_000,
    });
    await w.pass(1_000);
    await stopped;
    expect([...w.controller.campaigns.findings()]).toHaveLength(1);
  });
});

describe('what fails, of a campaign or of the platform', () => {
  type Handle = World['api']['handle'];
  /** Answers some requests instead of the platform, until it is lifted. */
  const instead = (
    w: World,
    choose: (request: Parameters<Handle>[0]) => number | undefined,
    headers = {},
  ) => {
    const handle = w.api.handle.bind(w.api);
    w.api.handle = (request, now) => {
      const status = choose(request);
      return status === undefined ? handle(request, now) : {status, headers, body: '{"detail":"no"}'};
    };
    return () => {
      w.api.handle = handle;
    };
  };
  const ids = Array.from({length: 20}, (_, i) => `c${String(i).padStart(2, '0')}`);
  const all = (desired: string) => Object.assign({}, ...ids.map(id => file(id, desired)));

  it('one «too many» on the read before an action costs the rest that it asks for, and no poll interval', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'paused')]}, pollInterval: 10 * 60_000});
    await w.start(file('a', 'paused'));
    let reads = 0;
    instead(w, ({method}) => (method === 'GET' && ++reads === 2 ? 429 : undefined), {'retry-after': '1'});
    w.commit(file('a', 'active'));
    await w.pass(4_000);
    expect(w.statuses('collections')).toEqual({a: 'active'});
  });
  it.each([
    ['«too many»', 429, {'retry-after': '1'}],
    ['a server’s error', 503, {}],
  ])('one %s in answer to a list costs seconds, and no poll interval', async (_what, status, headers) => {
    const w = create({workspaces: {collections: [simulated('a', 'paused')]}, pollInterval: 10 * 60_000});
    await w.start(file('a', 'paused'));
    let lists = 0;
    instead(w, ({url}) => (url.includes('?') && ++lists === 1 ? status : undefined), headers);
    w.commit(file('a', 'active'));
    await w.pass(8_000);
    expect([lists > 0, w.statuses('collections')]).toEqual([true, {a: 'active'}]);
  });
  it('a list that is refused again and again is asked for ever more rarely', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'paused')]}, pollInterval: 60_000});
    await w.start(file('a', 'paused'));
    let lists = 0;
    instead(w, ({url}) => (url.includes('?') && ++lists > 0 ? 503 : undefined));
    await w.pass(3_600_000);
    expect(lists).toBeLessThan(90);
  });
  it('an outage of writes that ends lets no resume go before the pauses that failed in it', async () => {
    const w = create({
      workspaces: {
        collections: [...['a', 'b', 'c'].map(id => simulated(id, 'active')), simulated('z', 'paused')],
      },
    });
    const paused = Object.assign({}, ...['a', 'b', 'c'].map(id => file(id, 'paused')));
    let refused = 0;
    w.answer(({method}) => (method === 'PUT' && refused++ < 3 ? bare(500) : undefined));
    await w.start({...paused, ...file('z', 'active')});
    await w.pass(60_000);
    const actions = w.actions();
    expect([w.statuses('collections')['z'], actions.indexOf('resume z')]).toEqual([
      'active',
      actions.length - 1,
    ]);
  });

  it('an outage of writes delays no campaign beyond it by more than a minute', async () => {
    const w = create({
      workspaces: {collections: ids.map(id => simulated(id, 'active'))},
      pollInterval: 20_000,
    });
    await w.start(all('active'));
    let puts = 0;
    const lift = instead(w, ({method}) => (method === 'PUT' && ++puts % 10 !== 0 ? 500 : undefined));
    w.commit(all('paused'));
    await w.pass(30 * 60_000);
    const duringOutage = puts;
    lift();
    await w.pass(75_000);
    expect(new Set(Object.values(w.statuses('collections')))).toEqual(new Set(['paused']));
    expect(duringOutage).toBeLessThan(250);
  });
  it('a campaign that always fails delays nobody else', async () => {
    const w = create({workspaces: {collections: ids.map(id => simulated(id, 'active'))}});
    await w.start(all('active'));
    instead(w, ({method, url}) => (method === 'PUT' && url.includes('c00') ? 500 : undefined));
    w.commit({...all('active'), ...file('c00', 'paused')});
    await w.pass(10 * 60_000);
    w.commit({...all('active'), ...file('c00', 'paused'), ...file('c01', 'paused')});
    await w.pass(3_000);
    expect(w.statuses('collections')).toMatchObject({c00: 'active', c01: 'paused'});
  });
  it('a declared campaign of somebody else, which is forbidden, stops nothing of the workspace', async () => {
    const w = create({workspaces: {collections: ids.map(id => simulated(id, 'active'))}});
    instead(w, ({url}) => (url.includes('not-ours') ? 403 : undefined));
    await w.start({...all('paused'), ...file('not-ours', 'paused')});
    await w.pass(60_000);
    expect(new Set(Object.values(w.statuses('collections')))).toEqual(new Set(['paused']));
    expect(w.controller.troubles).toEqual([]);
    expect(w.finding('not-ours')).toMatchObject({state: 'unknown'});
  });
  it('a Get that has no answer is that campaign’s own failure', async () => {
    const w = create({workspaces: {collections: [simulated('a', 'active'), simulated('b', 'active')]}});
    await w.start({...file('a', 'active'), ...file('b', 'active')});
    instead(w, ({method, url}) => (method === 'GET' && url.endsWith('/a') ? 500 : undefined));
    w.dashboard('collections').act('b', 'pause', 'ops', w.now);
    await w.pass(40_000);
    expect(w.statuses('collections')).toEqual({a: 'active', b: 'active'});
    expect(w.controller.troubles).toEqual([]);
  });
});

describe('a process that stood still', () => {
  const ids = Array.from({length: 60}, (_, at) => `c${at}`);
  const files = (desired: string) => Object.assign({}, ...ids.map(id => file(id, desired)));

  /** A world in which resumes are under way, and that then stands still while a commit asks for pauses. */
  const freeze = async (read: (w: World) => Promise<unknown>): Promise<World> => {
    const w = create({
      workspaces: {collections: ids.map(id => simulated(id, 'paused'))},
      pollInterval: 10 * HOUR,
      latency: () => 10,
    });
    await w.start(files('paused'));
    w.commit(files('active'));
    await w.pass(2_000);
    const readNow = w.source.read.bind(w.source);
    w.source.read = async () => {
      await read(w);
      return readNow();
    };
    w.source.commit(files('paused'), Date.now(), 'nobody is told');
    w.stoodStillFor = 20_000;
    return w;
  };
  const later = (milliseconds: number): Promise<void> =>
    new Promise(resolve => void timerClock.after(milliseconds, resolve));
  const resumes = (w: World): number => w.sent.filter(({action}) => action === 'resume').length;

  it('asks Git before it goes on with what Git said before', async () => {
    const sent: number[] = [];
    const w = await freeze(async world => {
      sent.push(resumes(world));
      await later(3_000);
      sent.push(resumes(world));
    });
    await w.pass(60_000);
    const [before = 0, after] = sent;
    expect(before).toBeGreaterThan(0);
    expect([after, resumes(w)]).toEqual([before, before]);
    expect(Object.values(w.statuses('collections')).filter(status => status !== 'paused')).toEqual([]);
  });

  it('waits no longer than five seconds for that', async () => {
    const w = await freeze(() => later(45_000));
    await w.pass(40_000);
    expect(resumes(w)).toBe(ids.length);
  });
});
