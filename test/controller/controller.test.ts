import {afterEach, describe, expect, it} from 'vitest';
import {DAY} from '../support/campaigns.ts';
import {yaml} from '../support/fixtures.ts';
import {bare, START, simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
let world: World;

const open = (campaigns: WorldOptions['workspaces'][string], options: Partial<WorldOptions> = {}): World => {
  world = new World({workspaces: {[WS]: campaigns}, ...options});
  return world;
};

const file = (campaignId: string, desired: string, extra?: string) => ({
  [`${campaignId}.yaml`]: yaml({name: campaignId, campaignId, desired, ...(extra && {extra})}),
});

afterEach(() => world.close());

describe('a commit', () => {
  it('brings every campaign where Git wants it: pauses, then cancels, then resumes', async () => {
    const world = open([
      simulated('a', 'paused'),
      simulated('b', 'active'),
      simulated('c', 'active'),
      simulated('d', 'scheduled', {startsAt: START + DAY}),
    ]);
    await world.start({
      ...file('a', 'active'),
      ...file('b', 'cancelled', 'confirmCancel: b'),
      ...file('c', 'paused'),
      ...file('d', 'active'),
    });
    expect(world.statuses(WS)).toEqual({a: 'active', b: 'cancelled', c: 'paused', d: 'scheduled'});
    expect(world.actions()).toEqual(['pause c', 'cancel b', 'resume a']);
    expect(world.finding('d')?.state).toBe('awaiting');
    expect(world.controller.report().conditions[0]).toMatchObject({type: 'Ready', status: 'True'});
  });

  it('is told to be in force once it is known of each campaign what it asks for', async () => {
    const world = open([simulated('a', 'active'), simulated('b', 'active')]);
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    const told: unknown[] = [];
    world.listeners.push(({kind}) => {
      if (kind !== 'revision-adopted') return;
      const {conditions, revision, summary} = world.controller.report();
      told.push([revision, conditions[0]?.status, summary]);
    });
    world.commit({...file('a', 'paused'), ...file('b', 'active')});
    await world.pass(MINUTE);
    expect(told).toEqual([['r2', 'False', expect.objectContaining({pending: 1, satisfied: 1})]]);
  });

  it('that is refused for another reason, or in other words, is told again', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    const tell = async (message: string, stalls: boolean): Promise<void> => {
      world.source.fail(message, stalls);
      await world.pass(1_000);
    };
    for (const message of ['one', 'one', 'two']) await tell(message, true);
    for (const message of ['three', 'four']) await tell(message, false);
    const told = world.events.flatMap(event =>
      event.kind === 'source-trouble' ? event.trouble?.message : [],
    );
    expect(told).toEqual(['one', 'two']);
  });

  it('is not reported ready while it is taken in, nor is the one before', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    const told: unknown[] = [];
    world.listeners.push(({kind}) => {
      if (kind !== 'wish-changed') return;
      const {conditions, revision} = world.controller.report();
      told.push([revision, conditions[0]?.status, conditions[0]?.reason]);
    });
    world.commit(file('a', 'paused'));
    await world.pass(MINUTE);
    expect(told).toEqual([['r1', 'False', 'Progressing']]);
    expect(world.controller.report().conditions[0]?.status).toBe('True');
  });

  it('whose action is refused shows how that ended among the campaigns that differ', async () => {
    const world = open([simulated('a', 'active')]);
    world.answer(({method}) => (method === 'PUT' ? bare(403) : undefined));
    await world.start(file('a', 'paused'));
    const [shown] = world.controller.campaigns.offenders.differing(10).first;
    expect(shown?.lastOutcome?.outcome).toMatchObject({kind: 'refused', action: 'pause'});
  });

  it('reads a campaign by itself right before it acts on it', async () => {
    const world = open([simulated('a', 'paused')]);
    await world.start(file('a', 'active'));
    const about = world.sent.filter(({campaignId}) => campaignId === 'a').map(({method}) => method);
    expect(about).toEqual(['GET', 'PUT']);
  });

  it('with an empty set of declarations, where there were some, leads to no action and is reported', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    world.commit({});
    await world.pass(MINUTE);
    expect(world.actions()).toEqual([]);
    expect(world.finding('a')?.state).toBe('unmanaged');
    expect(world.controller.report().conditions.find(({type}) => type === 'Stalled')).toMatchObject({
      status: 'True',
      reason: 'EmptyRevision',
    });
  });

  it('that removes a file leaves the campaign as it is', async () => {
    const world = open([simulated('a', 'active'), simulated('b', 'active')]);
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    world.commit(file('b', 'active'));
    world.dashboard(WS).act('a', 'pause', 'ops', world.now);
    await world.pass(MINUTE);
    expect(world.actions()).toEqual([]);
    expect(world.finding('a')).toMatchObject({state: 'unmanaged', live: {known: 'paused'}});
  });

  it('that cannot be read keeps the last good revision, from which drift is still corrected', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    world.source.fail('the remote is down');
    world.dashboard(WS).act('a', 'pause', 'ops', world.now);
    await world.pass(MINUTE);
    expect(world.actions()).toEqual(['resume a']);
    expect(world.controller.report().conditions[0]).toMatchObject({status: 'False', reason: 'SourceFailed'});
  });

  it('that wants a pause does not wait for the resumes of the one before', async () => {
    const ids = Array.from({length: 60}, (_, i) => `c${i}`);
    const world = open([...ids.map(id => simulated(id, 'paused')), simulated('z', 'active')], {
      latency: () => 20,
    });
    const resumes = Object.assign({}, ...ids.map(id => file(id, 'active')));
    await world.start({...resumes, ...file('z', 'active')});
    const before = world.actions().length;
    expect(before).toBeLessThan(60);
    world.commit({...resumes, ...file('z', 'paused')});
    await world.pass(2_000);
    expect(world.statuses(WS)['z']).toBe('paused');
    expect(world.actions().indexOf('pause z')).toBeLessThan(before + 5);
    await world.pass(2 * MINUTE);
    expect(Object.values(world.statuses(WS)).filter(status => status === 'active')).toHaveLength(60);
  });
});

describe('drift', () => {
  it('is named with who and when, corrected, and counted once', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    await world.pass(2 * MINUTE);
    world.dashboard(WS).act('a', 'pause', 'ops@example.com', world.now);
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    expect(world.drifts.map(({liveUpdatedBy, reason}) => [liveUpdatedBy, reason])).toEqual([
      [
        'ops@example.com',
        'drifted from active to paused, changed by ops@example.com at 2026-01-05T00:02:05.000Z',
      ],
    ]);
    expect(world.outcomes.map(({planned}) => planned.cause)).toEqual(['drifted']);
  });

  it('is only reported in detect mode', async () => {
    const world = open([simulated('a', 'active')], {mode: 'detect'});
    await world.start(file('a', 'active'));
    world.dashboard(WS).act('a', 'pause', 'ops', world.now);
    await world.pass(10 * MINUTE);
    expect(world.actions()).toEqual([]);
    expect(world.finding('a')?.state).toBe('drifted');
    expect(world.drifts).toHaveLength(1);
  });

  it('into a cancel is an alarm, and nothing is ever sent', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    world.dashboard(WS).act('a', 'cancel', 'ops', world.now);
    await world.pass(10 * MINUTE);
    expect(world.actions()).toEqual([]);
    expect(world.finding('a')?.state).toBe('terminal');
    expect(world.drifts).toHaveLength(1);
  });

  it('is not told again because of a commit that changes something else', async () => {
    const world = open([simulated('a', 'paused', {updatedAt: START + 1}), simulated('b', 'active')], {
      mode: 'detect',
    });
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    expect(world.drifts).toHaveLength(1);
    world.commit({...file('a', 'active'), ...file('b', 'paused')});
    await world.pass(MINUTE);
    expect(world.drifts).toHaveLength(1);
  });

  it('waits for a hold, and is corrected when the hold ends', async () => {
    const until = new Date(START + 5 * MINUTE).toISOString();
    const world = open([simulated('a', 'paused')]);
    await world.start(file('a', 'active', `hold: {reason: repair, until: ${until}}`));
    expect(world.finding('a')?.state).toBe('held');
    await world.pass(4 * MINUTE);
    expect(world.actions()).toEqual([]);
    await world.pass(MINUTE + 2_000);
    expect(world.statuses(WS)).toEqual({a: 'active'});
  });
});

describe('a pass under way', () => {
  const ids = Array.from({length: 100}, (_, i) => `c${i}`);
  const resumes = Object.assign({}, ...ids.map(id => file(id, 'active')));

  it('gives way to a pause that a poll finds due', async () => {
    const world = open([...ids.map(id => simulated(id, 'paused')), simulated('z', 'paused')], {
      pollInterval: 1_000,
      latency: () => 20,
    });
    world.commit({...resumes, ...file('z', 'paused')});
    await world.controller.start();
    await world.pass(2_000);
    world.dashboard(WS).act('z', 'resume', 'ops', world.now);
    await world.pass(4_000);
    expect(world.statuses(WS)['z']).toBe('paused');
    expect(world.actions().length).toBeLessThan(30);
    await world.pass(3 * MINUTE);
    expect(Object.values(world.statuses(WS)).filter(status => status === 'active')).toHaveLength(100);
  });

  it('shows how far it has come with each poll', async () => {
    const world = open(
      ids.map(id => simulated(id, 'paused')),
      {pollInterval: 2_000},
    );
    world.commit(resumes);
    await world.controller.start();
    await world.pass(20_000);
    const {satisfied = 0} = world.controller.report().summary;
    expect(satisfied).toBeGreaterThan(10);
    expect(satisfied).toBeLessThan(100);
  });
});

describe('a revision that comes while an action is on its way', () => {
  it('is not delayed by the failure of that action, nor spins where it only detects', async () => {
    const world = open([simulated('a', 'active')], {latency: () => 2_000});
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(2_500);
    world.faults({dropBefore: 1});
    world.commit(file('a', 'paused', 'mode: detect'));
    await world.pass(3_000);
    world.faults({});
    const before = world.passes;
    await world.pass(10 * MINUTE);
    expect(world.passes - before).toBeLessThan(60);
    expect(world.finding('a')?.state).toBe('pending');
  });

  it('and takes the change back, is not called drift', async () => {
    const world = open([simulated('a', 'active')], {latency: () => 1_000});
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(1_600);
    world.commit(file('a', 'active'));
    await world.pass(5 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    expect(world.drifts).toEqual([]);
  });
});

describe('when the platform misbehaves', () => {
  it('believes the answer to an action, although its time is older than one seen before', async () => {
    const world = open([simulated('a', 'active', {updatedAt: START + DAY})]);
    await world.start(file('a', 'paused'));
    await world.pass(20_000);
    expect(world.actions()).toEqual(['pause a']);
    expect(world.finding('a')?.state).toBe('satisfied');
  });

  it('reads again before anything else, after an action whose answer was lost', async () => {
    const world = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    world.faults({dropAfter: 1});
    await world.pass(300);
    world.faults({});
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.actions().filter(action => action === 'pause a').length).toBeLessThanOrEqual(1);
  });

  it('takes an answer about another campaign for a failure, not for a status', async () => {
    const world = open([simulated('a', 'active')]);
    world.faults({otherCampaign: 1});
    await world.start(file('a', 'paused'));
    expect(world.actions()).toEqual([]);
    expect(world.finding('a')?.state).toBe('failed');
    world.faults({});
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
  });

  it('confirms by a Get before it calls a campaign missing, and acts on none that a list lacks', async () => {
    const world = open([simulated('a', 'active'), simulated('b', 'active'), simulated('c', 'active')]);
    await world.start({
      ...file('a', 'active'),
      ...file('b', 'active'),
      ...file('c', 'active'),
      ...file('gone', 'active'),
    });
    expect(world.finding('gone')?.state).toBe('missing');
    world.faults({emptyList: 1});
    await world.pass(2 * MINUTE);
    expect(['a', 'b', 'c'].map(id => world.finding(id)?.state)).toEqual([
      'satisfied',
      'satisfied',
      'satisfied',
    ]);
    expect(world.actions()).toEqual([]);
  });

  it('stops asking with a key that is refused, tries slowly, and goes on when it is good again', async () => {
    const world = open([simulated('a', 'paused')]);
    world.faults({unauthorised: 1});
    await world.start(file('a', 'active'));
    const before = world.sent.length;
    await world.pass(10 * MINUTE);
    expect(world.sent.length - before).toBeLessThanOrEqual(14);
    expect(world.controller.report().conditions.find(({type}) => type === 'Stalled')?.reason).toBe(
      'Unauthorised',
    );
    world.faults({});
    await world.pass(3 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    expect(world.controller.report().conditions[0]?.status).toBe('True');
  });

  it('sends nothing before the time that Retry-After asks for', async () => {
    const world = open([simulated('a', 'paused')]);
    world.faults({throttled: 1});
    world.commit(file('a', 'active'));
    await world.controller.start();
    await world.pass(1_900);
    expect(world.sent).toHaveLength(1);
    world.faults({});
    await world.pass(2 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
  });

  it('backs off from a campaign that is refused, and is tried again when a slot is free', async () => {
    const world = open([simulated('a', 'paused'), simulated('b', 'active')], {concurrentCampaigns: 1});
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    await world.pass(30 * MINUTE);
    const tries = world.actions().length;
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(25);
    expect(world.finding('a')).toMatchObject({state: 'failed'});
    expect(world.finding('a')?.reason).toContain('limit of 1 concurrent');
    world.commit({...file('a', 'active'), ...file('b', 'paused')});
    await world.pass(3_000);
    expect(world.statuses(WS)).toEqual({a: 'active', b: 'paused'});
  });

  it('never acts on a status that it does not know', async () => {
    const world = open([simulated('a', 'archived')]);
    await world.start(file('a', 'cancelled', 'confirmCancel: a'));
    await world.pass(MINUTE);
    expect(world.actions()).toEqual([]);
    expect(world.finding('a')?.state).toBe('unrecognised');
  });
});

describe('workspaces', () => {
  it('never wait for one another', async () => {
    world = new World({
      workspaces: {slow: [simulated('s', 'paused')], [WS]: [simulated('a', 'paused')]},
      onSent: ({workspace}) => world.faults(workspace === 'slow' ? {unauthorised: 1} : {}),
    });
    await world.start({
      ...file('a', 'active'),
      's.yaml': yaml({workspace: 'slow', campaignId: 's', name: 's'}),
    });
    expect(world.statuses(WS)).toEqual({a: 'active'});
    expect(world.statuses('slow')).toEqual({s: 'paused'});
  });

  it('that are not configured are reported, and nothing is done', async () => {
    const world = open([simulated('a', 'paused')]);
    await world.start({'a.yaml': yaml({workspace: 'elsewhere', campaignId: 'a'})});
    expect(
      [...world.controller.campaigns.findings()].map(({state, workspace}) => [workspace, state]),
    ).toContainEqual(['elsewhere', 'invalid']);
    expect(world.actions()).toEqual([]);
  });
});

describe('stopping', () => {
  it('takes up no more work, and finishes what is in flight', async () => {
    const ids = Array.from({length: 20}, (_, i) => `c${i}`);
    const world = open(
      ids.map(id => simulated(id, 'paused')),
      {latency: () => 500},
    );
    world.commit(Object.assign({}, ...ids.map(id => file(id, 'active'))));
    await world.controller.start();
    await world.pass(3_000);
    const stopped = world.controller.stop();
    const sent = world.sent.length;
    await world.pass(10_000);
    await stopped;
    expect(world.sent.length).toBe(sent);
    await world.pass(10 * MINUTE);
    expect(world.sent.length).toBe(sent);
  });
});

describe('a controller that is told to stop', () => {
  it('ends the watch of its source, also where that began while it was told', async () => {
    open([]);
    let isClosed = false;
    let begin = (): void => {};
    world.source.watch = () =>
      new Promise(resolve => {
        begin = () =>
          resolve(async () => {
            isClosed = true;
          });
      });
    const started = world.controller.start();
    await world.controller.stop();
    begin();
    await started;
    expect(isClosed).toBe(true);
  });

  it('waits for what is in flight of workspaces that leave', async () => {
    let latency = 0;
    open([simulated('a', 'active')], {
      latency: () => latency,
      onSent: ({action}) => {
        latency = action ? 6_000 : 0;
      },
    });
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(1_000);
    void world.controller.configure({
      workspaces: [],
      sourceInterval: MINUTE,
      pollInterval: MINUTE,
      resyncInterval: DAY,
    });
    await world.pass(10);
    let isStopped = false;
    void world.controller.stop().then(() => {
      isStopped = true;
    });
    await world.pass(100);
    expect(isStopped).toBe(false);
    await world.pass(6_000);
    expect(isStopped).toBe(true);
  });

  it('reads everything as often as it is told to', async () => {
    const campaigns = Array.from({length: 150}, (_, index) => simulated(`c${index}`, 'active'));
    open(campaigns, {resyncInterval: DAY, pollInterval: 5 * MINUTE});
    await world.start({});
    await world.pass(10 * MINUTE);
    const whole = (): number => world.sent.filter(({url}) => url.includes('created_at')).length;
    const before = whole();
    const {workspaces} = world;
    const settings = {workspaces, sourceInterval: 5 * MINUTE, pollInterval: 5 * MINUTE};
    await world.controller.configure({...settings, resyncInterval: 10 * MINUTE});
    await world.pass(2 * 60 * MINUTE);
    expect(whole()).toBeGreaterThan(before);
  });
});
