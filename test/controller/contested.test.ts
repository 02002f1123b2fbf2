import {afterEach, describe, expect, it} from 'vitest';
import {NO_PAST} from '../../src/controller/store/known-past.ts';
import {yaml} from '../support/fixtures.ts';
import {START, simulated, World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const OTHER = yaml({name: 'b', campaignId: 'b', desired: 'active'});
let world: World;

const file = (desired: string, extra?: string) => ({
  'a.yaml': yaml({name: 'a', campaignId: 'a', desired, ...(extra && {extra})}),
});

const open = async (status: 'active' | 'paused'): Promise<World> => {
  world = new World({workspaces: {[WS]: [simulated('a', status)]}});
  await world.start(file(status));
  return world;
};

/** Somebody moves the campaign; what becomes of it within the next minutes. */
const moved = async (
  action: 'pause' | 'resume',
  by = 'night-shift@example.com',
  minutes = 5,
): Promise<string | undefined> => {
  world.dashboard(WS).act('a', action, by, world.now);
  await world.pass(minutes * MINUTE);
  return world.statuses(WS)['a'];
};

afterEach(() => world.close());

describe('a campaign that somebody pauses against Git', () => {
  it('is still contested after a restart, where a history knows of the moves, until Git says something else', async () => {
    const moves = [50, 30, 10].map(minutes => ({
      at: START - minutes * MINUTE,
      by: 'night-shift@example.com',
    }));
    const past = {...NO_PAST, inForceAt: () => undefined, moves: () => moves};
    world = new World({
      past,
      workspaces: {[WS]: [simulated('a', 'paused', {updatedAt: START - 10 * MINUTE})]},
    });
    await world.start(file('active'));
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.finding('a')?.restraint?.reason).toBe('contested');
    world.commit(file('active', 'reason: as agreed'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
  });

  it('has moved as often as it did, where a history knows of the move that is found at a start', async () => {
    const by = 'night-shift@example.com';
    const moves = [
      {at: START - 30 * MINUTE, by, correctedAt: START - 29 * MINUTE},
      {at: START - 10 * MINUTE, by},
    ];
    const past = {...NO_PAST, inForceAt: () => undefined, moves: () => moves};
    world = new World({
      past,
      workspaces: {[WS]: [simulated('a', 'paused', {updatedAt: START - 10 * MINUTE})]},
    });
    world.source.commit(file('active'), START - 60 * MINUTE);
    await world.controller.start();
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    expect(world.events.filter(({kind}) => kind === 'contested')).toHaveLength(1);
  });

  it('is resumed twice, and the third time left as it is, with names and times, until an hour of peace', async () => {
    const world = await open('active');
    expect([await moved('pause'), await moved('pause'), await moved('pause')]).toEqual([
      'active',
      'active',
      'paused',
    ]);
    const finding = world.finding('a');
    expect(finding).toMatchObject({
      state: 'drifted',
      cause: 'drifted',
      steps: ['resume'],
      restraint: {reason: 'contested'},
    });
    expect(finding?.reason).toMatch(
      /contested: moved against Git 3 times within an hour, by night-shift@example\.com \(\S+Z, corrected \S+Z; \S+Z, corrected \S+Z; \S+Z\); it is resumed once its declaration is changed in Git, or at .*Z if nobody moves it again/,
    );
    const conditions = world.controller.report().conditions;
    expect(conditions).toContainEqual(
      expect.objectContaining({type: 'Uncorrected', status: 'True', reason: 'Contested'}),
    );
    expect(conditions).toContainEqual(expect.objectContaining({type: 'Ready', status: 'True'}));
    await world.pass(50 * MINUTE);
    expect(world.statuses(WS)['a']).toBe('paused');
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)['a']).toBe('active');
  });

  it('is resumed once its declaration is changed in Git, if only by a word', async () => {
    const world = await open('active');
    for (let i = 0; i < 3; i++) await moved('pause');
    world.commit(file('active', 'reason: agreed with the night shift'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)['a']).toBe('active');
  });

  it.each([
    [
      'another campaign of its file',
      (texts: readonly string[]) => ({'a.yaml': [...texts, OTHER].join('---\n')}),
    ],
    [
      'a freeze',
      (texts: readonly string[]) => ({
        'a.yaml': texts.join('---\n'),
        'f.yaml':
          'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: "2026-01-05T00:20:00Z", reason: r}\n',
      }),
    ],
  ])('stays as it is where what is changed is %s', async (_name, changed) => {
    const world = await open('active');
    for (let i = 0; i < 3; i++) await moved('pause');
    world.commit(changed([file('active')['a.yaml']]));
    await world.pass(10 * MINUTE);
    expect(world.statuses(WS)['a']).toBe('paused');
  });

  it('is resumed each time where nobody is named, or the moves are far apart', async () => {
    await open('active');
    for (let i = 0; i < 4; i++) expect(await moved('pause', '')).toBe('active');
    await world.pass(60 * MINUTE);
    for (let i = 0; i < 4; i++) expect(await moved('pause', 'ops@example.com', 35)).toBe('active');
  });
});

describe('a campaign that somebody resumes against Git', () => {
  it('is paused each time, however often', async () => {
    const world = await open('paused');
    for (let i = 0; i < 6; i++) expect(await moved('resume')).toBe('paused');
    expect(world.finding('a')).not.toHaveProperty('restraint');
  });
});
