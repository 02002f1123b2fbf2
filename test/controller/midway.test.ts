/** What comes while a pass goes on. */
import {afterEach, describe, expect, it} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {all, filesOf, many} from '../support/many.ts';
import {START, simulated, World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let world: World;

afterEach(() => world.close());

const FREEZE = {
  'freeze.yaml':
    'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: stop}\nspec: {selector: {}, until: "2026-01-06T00:00:00Z", reason: stop}\n',
};
const allowance = (until: string) => ({
  'allowance.yaml': `apiVersion: rollcall.dev/v1\nkind: Allowance\nmetadata: {name: relaunch}\nspec: {workspace: ${WS}, resume: 400, cancel: 0, until: "${until}", reason: relaunch}\n`,
});

/** How many actions of a kind are sent after what is committed has been taken in. */
const sentAfter = async (files: Record<string, string>, action: string): Promise<number> => {
  world.commit(files);
  await world.pass(1_000);
  const at = world.now;
  await world.pass(20 * MINUTE);
  return world.sent.filter(one => one.action === action && one.at > at).length;
};

describe('in the middle of a pass', () => {
  it.each([
    ['paused', 'active', 'resume'],
    ['active', 'cancelled', 'cancel'],
  ])('a freeze stops what is still to come of %s campaigns', async (status, desired, action) => {
    const campaigns = many(200, status);
    world = new World({workspaces: {[WS]: campaigns}, rate: {requests: 2, per: 1_000}, latency: () => 20});
    const files = filesOf(all(campaigns, desired));
    await world.start(files);
    await world.pass(10_000);
    expect(await sentAfter({...files, ...FREEZE}, action)).toBe(0);
  });

  it('an allowance that is taken away lets nothing more through', async () => {
    const campaigns = many(200, 'paused');
    world = new World({
      workspaces: {[WS]: campaigns},
      rate: {requests: 2, per: 1_000},
      latency: () => 20,
      guardrails: {
        limits: {resume: {most: 5, share: 0.01, per: DAY}, cancel: {most: 2, share: 0.1, per: DAY}},
      },
    });
    const files = filesOf(all(campaigns, 'active'));
    await world.start({...files, ...allowance('2026-01-06T00:00:00Z')});
    await world.pass(10_000);
    expect(world.sent.some(({action}) => action === 'resume')).toBe(true);
    expect(await sentAfter(files, 'resume')).toBe(0);
  });

  it('a pause that becomes due by its timetable waits for no poll, and for none of the resumes', async () => {
    const campaigns = [...many(400, 'paused'), simulated('z', 'active')];
    world = new World({
      workspaces: {[WS]: campaigns},
      rate: {requests: 2, per: 1_000},
      pollInterval: 10 * MINUTE,
      latency: () => 20,
    });
    const timetable = 'timetable: {until: "2026-01-05T00:05:00Z"}';
    const z = {'z.yaml': yaml({name: 'z', campaignId: 'z', desired: 'active', extra: timetable})};
    await world.start({...filesOf(all(many(400, ''), 'active')), ...z});
    await world.pass(10 * MINUTE);
    const paused = world.sent.find(({action}) => action === 'pause');
    expect(paused && paused.at - START).toBeLessThanOrEqual(5 * MINUTE);
  });

  it('a fault of the program’s own takes no turn from the others', async () => {
    world = new World({workspaces: {[WS]: [...many(5, 'active'), simulated('z', 'active')]}});
    await world.start(filesOf({...all(many(5, ''), 'active'), z: 'active'}));
    const [workspace] = world.workspaces;
    if (!workspace) throw new Error('the world has a workspace');
    const finding = workspace.finding.bind(workspace);
    let faults = 0;
    workspace.finding = entry => {
      if (entry.campaignId === 'z' && entry.verdict?.state === 'pending' && faults++ === 0)
        throw new Error('a fault');
      return finding(entry);
    };
    world.commit(filesOf({...all(many(5, ''), 'paused'), z: 'paused'}));
    await world.pass(10 * MINUTE);
    expect(new Set(Object.values(world.statuses(WS)))).toEqual(new Set(['paused']));
  });

  it.each(['hold', 'detect'] as const)(
    'a %s that arrives between what is settled and what is taken is heeded',
    async kind => {
      for (let turns = 0; turns < 14; turns++) {
        world = new World({workspaces: {[WS]: [simulated('a', 'active')]}, mode: 'detect'});
        await world.start({
          'a.yaml': yaml({name: 'a', campaignId: 'a', desired: 'cancelled', extra: 'confirmCancel: a'}),
        });
        const [workspace] = world.workspaces;
        const claim = workspace?.store.claims.get('a');
        if (!workspace || claim?.kind !== 'valid') throw new Error('a is declared');
        const settings = {concurrency: 4, dryRun: false};
        workspace.configure({...settings, mode: 'enforce'});
        const before = world.sent.length;
        await workspace.store.settle({now: world.now, ticks: world.now});
        const passing = workspace.pass(new AbortController().signal);
        for (let i = 0; i < turns; i++) await Promise.resolve();
        const held = {...claim, declaration: {...claim.declaration, hold: {reason: 'stop'}}};
        const isSent = world.sent.length > before;
        if (kind === 'detect') workspace.configure({...settings, mode: 'detect'});
        else void workspace.adopt({id: 'r2'}, {claims: new Map([['a', held]]), wishes: new Set(['a'])});
        await world.pass(1_000);
        await passing;
        if (!isSent) expect([turns, world.statuses(WS)['a']]).toEqual([turns, 'active']);
        if (turns < 13) await world.close();
      }
    },
  );
});

describe('a pause of a new commit', () => {
  it.each(['PUT', 'GET'])('waits for no %s of a campaign that is not answered yet', async method => {
    let latency = 0;
    world = new World({
      workspaces: {[WS]: [...many(4, 'paused'), simulated('z', 'active')]},
      latency: () => latency,
      onSent: sent => {
        latency = sent.method === method && sent.campaignId?.startsWith('c') ? 9_000 : 0;
      },
    });
    const wanted = all(many(4, ''), 'active');
    await world.start(filesOf({...all(many(4, ''), 'paused'), z: 'active'}));
    world.commit(filesOf({...wanted, z: 'active'}));
    await world.pass(1_000);
    world.commit(filesOf({...wanted, z: 'paused'}));
    await world.pass(2_000);
    expect(world.statuses(WS)['z']).toBe('paused');
    await world.pass(MINUTE);
    expect(world.drifts).toEqual([]);
    expect(world.actions().toSorted()).toEqual(
      ['pause z', ...Object.keys(wanted).map(id => `resume ${id}`)].toSorted(),
    );
  });
});
