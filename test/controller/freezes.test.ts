import {afterEach, describe, expect, it} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {simulated, World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let world: World;

const file = (id: string, desired: string) => ({
  [`${id}.yaml`]: yaml({
    name: id,
    campaignId: id,
    desired,
    ...(desired === 'cancelled' && {extra: `confirmCancel: ${id}`}),
  }),
});

const freeze = (from: number, until: number) => ({
  'freeze.yaml': `apiVersion: rollcall.dev/v1
kind: Freeze
metadata: {name: migration}
spec: {selector: {}, from: "${new Date(from).toISOString()}", until: "${new Date(until).toISOString()}", reason: billing moves, owner: billing-oncall}
`,
});

const open = (...campaigns: readonly (readonly [string, string])[]): World => {
  world = new World({workspaces: {[WS]: campaigns.map(([id, status]) => simulated(id, status))}});
  return world;
};

afterEach(() => world.close());

describe('while a freeze holds', () => {
  it.each([
    ['its file breaks', (text: string) => ({'freeze.yaml': text.replace('until:', 'until')})],
    ['its file is moved and broken', (text: string) => ({'other.yaml': text.replace('until:', 'until')})],
    [
      'its workspace is mistyped',
      (text: string) => ({'freeze.yaml': text.replace('{}', '{workspace: colections}')}),
    ],
  ])('nothing is resumed where %s', async (_what, next) => {
    const world = open(['a', 'paused']);
    const [text = ''] = Object.values(freeze(world.now - HOUR, world.now + 9 * HOUR));
    await world.start({...file('a', 'active'), 'freeze.yaml': text});
    world.commit({...file('a', 'active'), ...next(text)});
    await world.pass(HOUR);
    expect([world.actions(), world.finding('a')?.restraint?.reason]).toEqual([[], 'frozen']);
    expect(world.controller.report().diagnostics.length).toBeGreaterThan(0);
    world.commit(file('a', 'active'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
  });

  it('nothing is resumed or cancelled, pauses pass, and what was kept follows by itself when it ends', async () => {
    const world = open(['a', 'paused'], ['b', 'active'], ['c', 'paused'], ['d', 'active']);
    const ends = world.now + 2 * HOUR;
    await world.start({
      ...file('a', 'active'),
      ...file('b', 'paused'),
      ...file('c', 'cancelled'),
      ...file('d', 'cancelled'),
      ...freeze(world.now - HOUR, ends),
    });
    await world.pass(HOUR);
    expect(world.statuses(WS)).toEqual({a: 'paused', b: 'paused', c: 'paused', d: 'active'});
    expect(world.finding('a')).toMatchObject({state: 'pending', restraint: {reason: 'frozen', until: ends}});
    expect(world.finding('a')?.reason).toContain(
      `frozen until ${new Date(ends).toISOString()} by migration: billing moves (billing-oncall)`,
    );
    const [standing] = world.controller.campaigns.standings;
    expect(standing?.oldest).toEqual({pending: undefined, drifted: undefined});
    expect(standing?.blocked).toMatchObject({guard: 3});
    const {conditions} = world.controller.report();
    expect(conditions).toContainEqual(expect.objectContaining({type: 'Uncorrected', reason: 'Frozen'}));
    expect(conditions).toContainEqual(expect.objectContaining({type: 'Ready', status: 'True'}));
    expect(await world.controller.campaigns.upcoming(ends)).toMatchObject([
      {kind: 'freeze-ends', at: ends},
      {kind: 'freeze-ends'},
    ]);
    await world.pass(HOUR + MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active', b: 'paused', c: 'cancelled', d: 'cancelled'});
  });

  it('whoever resumes by hand is paused, and who pauses by hand is not corrected before its end', async () => {
    const world = open(['a', 'active'], ['b', 'paused']);
    await world.start({
      ...file('a', 'active'),
      ...file('b', 'paused'),
      ...freeze(world.now, world.now + HOUR),
    });
    world.dashboard(WS).act('a', 'pause', 'ops@example.com', world.now);
    world.dashboard(WS).act('b', 'resume', 'ops@example.com', world.now);
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused', b: 'paused'});
    await world.pass(HOUR);
    expect(world.statuses(WS)).toEqual({a: 'active', b: 'paused'});
  });
});

describe('a freeze', () => {
  it('that begins later keeps what is wanted from then on, and what is taken away lets go at once', async () => {
    const world = open(['a', 'active']);
    const [begins, ends] = [world.now + HOUR, world.now + 5 * HOUR];
    await world.start({...file('a', 'active'), ...freeze(begins, ends)});
    const pause = async () => {
      world.dashboard(WS).act('a', 'pause', 'ops@example.com', world.now);
      await world.pass(5 * MINUTE);
      return world.statuses(WS)['a'];
    };
    expect(await pause()).toBe('active');
    await world.pass(HOUR);
    expect(await pause()).toBe('paused');
    world.commit(file('a', 'active'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)['a']).toBe('active');
  });

  it('that begins while resumes are on their way stops those that were not sent yet', async () => {
    const ids = Array.from({length: 300}, (_, i) => `c${i}`);
    world = new World({workspaces: {[WS]: ids.map(id => simulated(id, 'paused'))}});
    const files = Object.assign({}, ...ids.map(id => file(id, 'active')));
    const begins = world.now + MINUTE;
    await world.start({...files, ...freeze(begins, begins + 10 * HOUR)});
    await world.pass(10 * MINUTE);
    const resumes = world.sent.filter(({action}) => action === 'resume');
    expect(resumes.length).toBeGreaterThan(50);
    expect(resumes.length).toBeLessThan(300);
    expect(Math.max(...resumes.map(({at}) => at))).toBeLessThanOrEqual(begins + 2_000);
    const states = [...world.controller.campaigns.findings()].filter(
      ({restraint}) => restraint?.reason === 'frozen',
    );
    expect(states.length).toBe(300 - resumes.length);
  });
});
