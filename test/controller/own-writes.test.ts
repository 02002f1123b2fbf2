import {afterEach, describe, expect, it} from 'vitest';
import {NO_PAST} from '../../src/controller/store/known-past.ts';
import {yaml} from '../support/fixtures.ts';
import {bare, START, simulated, World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
let world: World;

const file = (campaignId: string, desired: string, extra?: string) => ({
  [`${campaignId}.yaml`]: yaml({name: campaignId, campaignId, desired, ...(extra && {extra})}),
});

/** A world in which each action of a kind on the campaign a meets a fault. */
const open = (
  status: string,
  action: string,
  fault: 'dropBefore' | 'dropAfter',
  changes?: Parameters<typeof simulated>[2],
): World => {
  world = new World({
    workspaces: {[WS]: [simulated('a', status, changes), simulated('b', 'paused')]},
    onSent: sent => world.faults(sent.campaignId === 'a' && sent.action === action ? {[fault]: 1} : {}),
  });
  return world;
};

/** What the platform does late, it does in the name of whoever sent it. */
const takesEffect = (action: 'pause' | 'resume' | 'cancel', by = 'api-key'): void => {
  world.dashboard(WS).act('a', action, by, world.now);
};

afterEach(() => world.close());

describe('an action of Rollcall’s own whose answer was lost', () => {
  it('is not drift where it takes effect after Git has moved on, and is taken back', async () => {
    const world = open('paused', 'resume', 'dropBefore');
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(1_000);
    expect(world.statuses(WS)['a']).toBe('paused');
    takesEffect('resume');
    await world.pass(2 * MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.statuses(WS)['a']).toBe('paused');
    expect(world.actions().at(-1)).toBe('pause a');
  });

  it('is not drift where it was a cancel and Git took it back; the report says whose it was', async () => {
    const world = open('active', 'cancel', 'dropAfter');
    await world.start(file('a', 'active'));
    world.commit(file('a', 'cancelled', 'confirmCancel: a'));
    await world.pass(500);
    world.commit(file('a', 'active'));
    await world.pass(2 * MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.finding('a')).toMatchObject({state: 'terminal'});
    expect(world.finding('a')?.reason).toContain('changed by Rollcall itself, as an earlier revision asked');
  });

  it('is not drift where a later one, which a poll has seen before its answer came, took effect before it', async () => {
    let resumes = 0;
    let latency = 0;
    world = new World({
      workspaces: {[WS]: [simulated('a', 'paused')]},
      pollInterval: 2_000,
      latency: () => latency,
      onSent: ({action}) => {
        resumes += action === 'resume' ? 1 : 0;
        latency = action === 'resume' && resumes === 2 ? 8_000 : 0;
        world.faults(action === 'resume' && resumes === 1 ? {dropBefore: 1} : {});
      },
    });
    await world.start(file('a', 'active'));
    await world.pass(30_000);
    world.commit(file('a', 'paused'));
    await world.pass(10_000);
    takesEffect('resume');
    await world.pass(2 * MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.statuses(WS)['a']).toBe('paused');
  });

  it('is not drift where a gateway said that it is busy, and passed it on all the same', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'paused')]}});
    let isBusy = true;
    world.answer(({method}) => {
      if (method !== 'PUT' || !isBusy) return undefined;
      isBusy = false;
      return bare(503);
    });
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(MINUTE);
    takesEffect('resume');
    await world.pass(2 * MINUTE);
    expect(world.drifts).toEqual([]);
  });

  it.each([
    ['an outage hides for an hour what it did', {serverError: 1}],
    ['the platform’s answers lag for an hour', {stale: 1}],
  ])('is not drift where %s', async (_name, faults) => {
    let isSent = false;
    world = new World({
      workspaces: {[WS]: [simulated('a', 'paused')]},
      onSent: ({action}) => {
        world.faults(isSent ? faults : action === undefined ? {} : {dropAfter: 1});
        isSent ||= action !== undefined;
      },
    });
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(60 * MINUTE);
    isSent = false;
    await world.pass(2 * MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
  });

  it('hides nothing that somebody else did meanwhile', async () => {
    const world = open('paused', 'resume', 'dropBefore');
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(MINUTE);
    takesEffect('cancel', 'ops@example.com');
    await world.pass(2 * MINUTE);
    expect(world.drifts.map(({liveUpdatedBy}) => liveUpdatedBy)).toEqual(['ops@example.com']);
  });

  it('hides not even the same change by somebody whom the platform names otherwise', async () => {
    const world = open('paused', 'resume', 'dropBefore', {startsAt: START + 60 * MINUTE});
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    world.commit({...file('a', 'paused'), ...file('b', 'active')});
    await world.pass(MINUTE);
    expect(world.statuses(WS)['b']).toBe('active');
    takesEffect('resume', 'ops@example.com');
    await world.pass(2 * MINUTE);
    expect(world.drifts.map(({campaignId, liveUpdatedBy}) => [campaignId, liveUpdatedBy])).toEqual([
      ['a', 'ops@example.com'],
    ]);
  });

  it('is not drift where the platform’s clock has gone on from it, whomever it names for that', async () => {
    const world = open('paused', 'resume', 'dropBefore', {startsAt: START + 65_000});
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    world.commit({...file('a', 'paused'), ...file('b', 'active')});
    await world.pass(MINUTE);
    world.answer((request, handle, now) => {
      const answer = handle(request, now);
      if (request.method === 'PUT' || answer === 'drop') return answer;
      return {...answer, body: answer.body.replaceAll('"late"', '"system"')};
    });
    takesEffect('resume', 'late');
    await world.pass(2 * MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.statuses(WS)['a']).toBe('paused');
  });

  it('is forgotten once it was answered: the same change later is somebody else’s', async () => {
    const world = open('paused', 'cancel', 'dropBefore');
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(MINUTE);
    takesEffect('resume');
    await world.pass(2 * MINUTE);
    expect(world.drifts).toHaveLength(1);
  });
});

describe('after a restart', () => {
  it('a change from before is not blamed on somebody: it is said that it may have been Rollcall itself', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}});
    takesEffect('pause');
    const before = world.now - MINUTE;
    world.source.commit(file('a', 'active'), before);
    await world.controller.start();
    await world.pass(MINUTE);
    expect(world.drifts.map(({reason}) => reason)).toEqual([
      expect.stringMatching(
        /changed by api-key at .*, which may have been Rollcall itself before it was started/,
      ),
    ]);
  });
});

describe('where everything is done once', () => {
  const once = async (fault: 'dropBefore' | 'dropAfter'): Promise<string | undefined> => {
    const world = open('active', 'pause', fault);
    world.source.commit(file('a', 'paused'), world.now);
    const done = world.controller.once();
    await world.pass(2 * MINUTE);
    await done;
    return world.finding('a')?.state;
  };

  it('what took effect although its answer was lost is in place', async () => {
    expect(await once('dropAfter')).toBe('satisfied');
  });

  it('what had no effect has failed', async () => {
    expect(await once('dropBefore')).toBe('failed');
  });

  it.each([
    ['a list', 'GET', 1],
    ['the read before an action', 'GET', 2],
    ['an action', 'PUT', 1],
  ])('a rest that is asked for in answer to %s is told, and sat out', async (_what, method, nth) => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}});
    world.source.commit(file('a', 'paused'), world.now);
    let asked = 0;
    world.answer(request =>
      request.method === method && ++asked === nth ? bare(429, {'retry-after': '2'}) : undefined,
    );
    const waits: number[] = [];
    const done = world.controller.once((_failure, delay) => waits.push(delay));
    await world.pass(MINUTE);
    await done;
    expect([waits.map(delay => Math.round(delay / 1000)), world.statuses(WS)]).toEqual([[2], {a: 'paused'}]);
  });

  it('a long rest is not sat out', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}});
    world.source.commit(file('a', 'paused'), world.now);
    world.answer(() => bare(429, {'retry-after': '600'}));
    const waits: number[] = [];
    const done = world.controller.once((_failure, delay) => waits.push(delay));
    await world.pass(1_000);
    await done;
    expect(waits).toEqual([]);
  });
});

describe('an action of a process before this one that takes effect late', () => {
  const restarted = async (by: string, after: number): Promise<string | undefined> => {
    world = new World({
      workspaces: {[WS]: [simulated('a', 'paused'), simulated('b', 'active')]},
      mode: 'detect',
    });
    await world.start(file('a', 'paused'));
    await world.pass(after);
    takesEffect('resume', by);
    await world.pass(MINUTE);
    return world.drifts[0]?.reason;
  };

  it('is not blamed on somebody, though the campaign was in place when it was first read', async () => {
    expect(await restarted('api-key', 5_000)).toMatch(
      /changed by api-key at .*, which may have been Rollcall itself/,
    );
  });

  it('is somebody’s after a minute', async () => {
    expect(await restarted('api-key', 2 * MINUTE)).not.toContain('Rollcall itself');
  });

  it('is said of a cancel as well', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'paused')]}});
    await world.start(file('a', 'paused'));
    takesEffect('cancel');
    await world.pass(MINUTE);
    expect(world.finding('a')?.reason).toMatch(
      /nothing leaves cancelled; changed by api-key at .*, which may have been Rollcall itself/,
    );
  });

  const TWO = {most: 2, share: 0, per: 3_600_000};

  const killed = async (action: 'resume' | 'cancel', ago: number, by: string) => {
    const live = simulated('a', action === 'resume' ? 'active' : 'cancelled', {
      updatedAt: START - 1_000,
      updatedBy: by,
    });
    const newest = {
      campaignId: 'a',
      name: 'a',
      status: {known: 'paused'},
      createdAt: 0,
      updatedAt: 0,
    } as const;
    world = new World({
      workspaces: {[WS]: [live, simulated('b', 'paused')]},
      guardrails: {limits: {resume: TWO, cancel: TWO}},
      past: {
        ...NO_PAST,
        sent: [{action, at: START - ago}],
        ownName: 'rollcall',
        begun: id => (id === 'a' ? [{action, at: START - ago}] : []),
        lastSeen: id => (id === 'a' ? newest : undefined),
        settledFor: () => 'paused',
      },
    });
    await world.start({...file('a', 'paused'), ...file('b', 'paused')});
    world.commit({...file('a', 'paused'), ...file('b', 'active')});
    await world.pass(MINUTE);
    return world;
  };

  it('is no drift where a history knows that it was being sent when that process was killed', async () => {
    const w = await killed('resume', 3_000, 'system');
    expect([w.drifts, w.statuses(WS)['a']]).toEqual([[], 'paused']);
    expect(w.finding('a')?.reason).not.toContain('system');
  });

  it('counts once against its limit, though it shows after a restart', async () => {
    const w = await killed('resume', 3_000, 'rollcall');
    expect(w.actions()).toEqual(['pause a', 'resume b']);
  });

  it('is somebody’s where that was long before', async () => {
    const w = await killed('resume', 30 * MINUTE, 'system');
    expect(w.drifts).toHaveLength(1);
  });

  it('is not said of whoever has another name than Rollcall', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'paused'), simulated('b', 'active')]}});
    await world.start({...file('a', 'paused'), ...file('b', 'paused')});
    takesEffect('resume', 'ops@example.com');
    await world.pass(MINUTE);
    expect(world.drifts[0]?.reason).toMatch(/changed by ops@example.com at [^,]*$/);
  });
});

describe('an action of Rollcall’s own that lands after later ones were answered', () => {
  it('is not drift', async () => {
    let lost = 0;
    world = new World({
      workspaces: {[WS]: [simulated('a', 'active')]},
      onSent: ({action}) => {
        lost += action === 'pause' ? 1 : 0;
        world.faults(action === 'pause' && lost === 1 ? {dropBefore: 1} : {});
      },
    });
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(30_000);
    world.commit(file('a', 'active'));
    await world.pass(10_000);
    takesEffect('pause');
    await world.pass(MINUTE);
    expect([world.drifts, world.statuses(WS)['a']]).toEqual([[], 'active']);
  });
});

describe('what nobody did', () => {
  it('is not drift where a campaign’s window opens while a hold keeps it', async () => {
    world = new World({
      workspaces: {[WS]: [simulated('a', 'scheduled', {startsAt: START + 30 * MINUTE})]},
    });
    await world.start(file('a', 'cancelled', 'confirmCancel: a\n  hold: {reason: audit}'));
    await world.pass(60 * MINUTE);
    expect(world.finding('a')).toMatchObject({live: {known: 'active'}, state: 'held', cause: 'pending'});
    expect(world.drifts).toEqual([]);
  });

  it('is one drift where the platform shows a drifted campaign as it was before, and then again as it is', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}, mode: 'detect'});
    await world.start(file('a', 'active'));
    world.dashboard(WS).act('a', 'pause', 'ops@example.com', world.now);
    await world.pass(5 * MINUTE);
    world.faults({stale: 1});
    await world.pass(5 * MINUTE);
    expect(world.finding('a')?.state).toBe('satisfied');
    world.faults({});
    await world.pass(5 * MINUTE);
    expect(world.finding('a')?.state).toBe('drifted');
    expect(world.drifts).toHaveLength(1);
  });

  it('is not blamed on anybody where the platform shows a campaign as it was before', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}, mode: 'detect'});
    await world.start(file('a', 'paused'));
    world.dashboard(WS).act('a', 'pause', 'ops@example.com', world.now);
    await world.pass(5 * MINUTE);
    world.faults({stale: 1});
    await world.pass(5 * MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.finding('a')?.reason).toBe(
      'Git asks for paused; the platform shows it as of 2026-01-04T00:00:00.000Z, and showed a later change before: it was set back, or its answers lag; detect only',
    );
  });

  it('stays drift where somebody resumed a campaign and then its window opens', async () => {
    world = new World({
      workspaces: {[WS]: [simulated('a', 'paused', {startsAt: START + 30 * MINUTE})]},
      mode: 'detect',
    });
    world.dashboard(WS).act('a', 'resume', 'ops@example.com', world.now + 1_000);
    await world.start(file('a', 'paused'));
    expect(world.finding('a')).toMatchObject({live: {known: 'scheduled'}, state: 'drifted'});
    await world.pass(60 * MINUTE);
    expect(world.finding('a')).toMatchObject({live: {known: 'active'}, state: 'drifted'});
    expect(world.drifts).toHaveLength(1);
  });

  it('is forgotten where the platform was set back for good: what somebody does later is drift', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}, mode: 'detect'});
    await world.start(file('a', 'active'));
    world.dashboard(WS).act('a', 'pause', 'ops@example.com', world.now);
    await world.pass(5 * MINUTE);
    world.faults({stale: 1});
    await world.pass(60 * MINUTE);
    expect(world.finding('a')?.state).toBe('satisfied');
    world.faults({});
    world.dashboard(WS).act('a', 'resume', 'ops@example.com', world.now);
    world.dashboard(WS).act('a', 'pause', 'eve@example.com', world.now);
    await world.pass(5 * MINUTE);
    expect(world.drifts.map(({liveUpdatedBy}) => liveUpdatedBy)).toEqual([
      'ops@example.com',
      'eve@example.com',
    ]);
  });

  it('is no opening that is overdue, where the platform shows a campaign as it was before its timetable opened', async () => {
    world = new World({workspaces: {[WS]: [simulated('a', 'paused', {startsAt: START + 600 * MINUTE})]}});
    await world.start(file('a', 'active', 'timetable: {from: "2026-01-05T01:00:00Z"}'));
    await world.pass(120 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'scheduled'});
    world.faults({stale: 1});
    await world.pass(3 * MINUTE);
    expect(world.finding('a')).toMatchObject({live: {known: 'paused'}, cause: 'pending'});
    const [standing] = world.controller.campaigns.standings;
    expect(standing?.edgesDue.open).toEqual({number: 0, edge: undefined});
  });
});

describe('the answer to an action of Rollcall’s own that comes late', () => {
  it('changes nothing where a later change was shown meanwhile: nothing is sent to what was cancelled', async () => {
    let latency = 0;
    world = new World({
      workspaces: {[WS]: [simulated('a', 'active')]},
      pollInterval: 1_000,
      latency: () => latency,
      onSent: ({action}) => {
        latency = action === 'pause' ? 8_000 : 0;
      },
    });
    await world.start(file('a', 'active'));
    world.commit(file('a', 'paused'));
    await world.pass(4_500);
    world.dashboard(WS).act('a', 'cancel', 'ops@example.com', world.now);
    await world.pass(2_000);
    world.commit(file('a', 'active'));
    await world.pass(MINUTE);
    expect(world.actions()).toEqual(['pause a']);
    expect(world.finding('a')).toMatchObject({state: 'terminal'});
  });
});
