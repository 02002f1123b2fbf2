import {afterEach, describe, expect, it} from 'vitest';
import {NO_PAST} from '../../src/controller/store/known-past.ts';
import type {Limits} from '../../src/domain/limits.ts';
import {parseFile} from '../../src/source/parse.ts';
import {yaml} from '../support/fixtures.ts';
import {bare, simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LIMITS: Limits = {
  resume: {most: 5, share: 0.3, per: DAY},
  cancel: {most: 2, share: 0.1, per: DAY},
};
let world: World;

const ids = (number: number, from = 0) => Array.from({length: number}, (_, index) => `c${from + index}`);
const files = (names: readonly string[], desired: string, extra = ''): Record<string, string> =>
  Object.fromEntries(
    names.map(id => [
      `${id}.yaml`,
      yaml({
        name: id,
        campaignId: id,
        desired,
        extra: desired === 'cancelled' ? `confirmCancel: ${id}` : extra,
      }),
    ]),
  );
const allowance = (spec: string) => ({
  'allowance.yaml': `apiVersion: rollcall.dev/v1\nkind: Allowance\nmetadata: {name: relaunch}\nspec: {workspace: ${WS}, ${spec}, reason: relaunch}\n`,
});

const open = (
  number: number,
  status: string,
  guardrails: WorldOptions['guardrails'] = {limits: LIMITS},
  more: Partial<WorldOptions> = {},
): World => {
  world = new World({
    workspaces: {[WS]: ids(number).map(id => simulated(id, status))},
    guardrails,
    pollInterval: 5 * MINUTE,
    ...more,
  });
  return world;
};

const number = (status: string): number =>
  Object.values(world.statuses(WS)).filter(one => one === status).length;
const stalled = () => world.controller.conditions.find(({type}) => type === 'Stalled');

/** What was told of limits, each time that it became otherwise. */
const toldLimits = () =>
  world.events.flatMap(event => (event.kind === 'limits-changed' ? [event.texts] : []));

afterEach(() => world.close());

describe('a limit', () => {
  it('that is narrowed stops a pass that goes on by the old one', async () => {
    const all = (most: number) => ({limits: {...LIMITS, resume: {...LIMITS.resume, most, share: 0}}});
    const world = open(40, 'paused', all(40), {rate: {requests: 4, per: 1_000}});
    await world.start(files(ids(40), 'paused'));
    world.commit(files(ids(40), 'active'));
    await world.pass(4_000);
    const before = number('active');
    expect(before).toBeGreaterThan(0);
    world.workspaces[0]?.configure({mode: 'enforce', concurrency: 4, dryRun: false, guardrails: all(1)});
    await world.pass(10 * MINUTE);
    expect(number('active') - before).toBeLessThanOrEqual(4);
  });

  it('stops as a whole what is more than both of its numbers, says so, and an Allowance that is pasted lets it through', async () => {
    const world = open(20, 'paused');
    await world.start(files(ids(20), 'paused'));
    world.commit(files(ids(20), 'active'));
    await world.pass(HOUR);
    expect(number('active')).toBe(0);
    expect(stalled()).toMatchObject({status: 'True', reason: 'LimitExceeded'});
    const message = stalled()?.message ?? '';
    expect(message).toContain(
      'the limit of the workspace collections: 20 resumes are more than 5, and more than 30% of 20 campaigns, within 1 day; none of the 20 is sent',
    );
    expect(world.controller.conditions.find(({type}) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'LimitExceeded',
    });
    expect(toldLimits()).toEqual([[expect.stringContaining('20 resumes are more than 5')]]);
    expect(world.finding('c0')).toMatchObject({state: 'pending', restraint: {reason: 'limited'}});
    const [document = ''] = /\{apiVersion.*\}$/.exec(message) ?? [];
    expect(parseFile('a.yaml', Buffer.from(document))).toMatchObject({
      diagnostics: [],
      allowances: [{workspace: WS, resume: 20, cancel: 0}],
    });
    world.commit({...files(ids(20), 'active'), 'allowance.yaml': document});
    await world.pass(MINUTE);
    expect(number('active')).toBe(20);
    expect(stalled()).toMatchObject({status: 'False'});
    expect(toldLimits().at(-1)).toEqual([]);
  });

  it('lets through what is no more than one of its numbers', async () => {
    const world = open(20, 'paused');
    await world.start(files(ids(20), 'paused'));
    world.commit({...files(ids(20), 'paused'), ...files(ids(6), 'active')});
    await world.pass(MINUTE);
    expect(number('active')).toBe(6);
  });

  it('counts over revisions, until they are too long ago', async () => {
    const world = open(20, 'paused');
    await world.start(files(ids(20), 'paused'));
    world.commit({...files(ids(20), 'paused'), ...files(ids(5), 'active')});
    await world.pass(HOUR);
    world.commit({...files(ids(20), 'paused'), ...files(ids(9), 'active')});
    await world.pass(HOUR);
    expect(number('active')).toBe(5);
    expect(stalled()?.message).toContain('9 resumes, of which 5 were sent within 1 day, are more than 5');
    await world.pass(DAY);
    expect(number('active')).toBe(9);
  });

  it('counts over a restart what the history knows', async () => {
    const sent = ids(6).map(() => ({action: 'resume' as const, at: Date.UTC(2026, 0, 4, 12)}));
    const past = {...NO_PAST, sent, inForceAt: () => undefined, moves: () => []};
    const world = open(20, 'paused', {limits: LIMITS}, {past});
    await world.start({...files(ids(20), 'paused'), ...files(['c0'], 'active')});
    await world.pass(HOUR);
    expect(number('active')).toBe(0);
  });

  it('counts corrections of drift, and lets every pause pass', async () => {
    const world = open(20, 'active');
    await world.start(files(ids(20), 'active'));
    for (const id of ids(20)) world.dashboard(WS).act(id, 'pause', 'ops@example.com', world.now);
    await world.pass(HOUR);
    expect(number('active')).toBe(0);
    expect(stalled()?.reason).toBe('LimitExceeded');
    world.commit(files(ids(20), 'paused'));
    await world.pass(MINUTE);
    expect(stalled()?.status).toBe('False');
    for (const id of ids(20)) world.dashboard(WS).act(id, 'resume', 'ops@example.com', world.now);
    await world.pass(HOUR);
    expect(number('paused')).toBe(20);
  });

  it('counts no opening of a timetable', async () => {
    const world = open(20, 'paused');
    const hours = {
      'hours.yaml':
        'apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: hours}\nspec: {timezone: UTC, weekly: {mon-fri: "09:00-19:00"}}\n',
    };
    await world.start({...hours, ...files(ids(20), 'active', 'timetable: {calendar: hours}')});
    await world.pass(10 * HOUR);
    expect(number('active')).toBe(20);
  });

  it('stops cancels before the first, even while statuses are still being read', async () => {
    const world = open(
      250,
      'active',
      {limits: {...LIMITS, cancel: {most: 2, share: 0.1, per: DAY}}},
      {rate: {requests: 1, per: 5_000}},
    );
    await world.start({...files(ids(200), 'cancelled'), ...files(ids(50, 200), 'active')});
    await world.pass(2 * HOUR);
    expect(number('cancelled')).toBe(0);
    expect(stalled()?.message).toContain('200 cancels are more than 2, and more than 10% of 250 campaigns');
    world.commit({
      ...files(ids(200), 'active'),
      ...files(['c0', 'c1'], 'cancelled'),
      ...files(ids(50, 200), 'active'),
    });
    await world.pass(HOUR);
    expect(number('cancelled')).toBe(2);
  });

  it.each(['dropAfter', 'dropBefore'] as const)(
    'counts what took effect, and nothing else, where answers are lost: %s',
    async fault => {
      const world = open(
        20,
        'active',
        {limits: LIMITS},
        {onSent: ({action}) => world.faults(action ? {[fault]: 1} : {})},
      );
      await world.start(files(ids(20), 'active'));
      for (let n = 2; n <= 6; n += 2) {
        world.commit({...files(ids(20), 'active'), ...files(ids(n), 'cancelled')});
        await world.pass(HOUR);
      }
      expect(number('cancelled')).toBe(fault === 'dropAfter' ? 2 : 0);
    },
  );

  it.each([
    ['a repository', (at: number) => at],
    ['a folder', () => undefined],
  ])('stops what a commit wants that changes a timetable, in %s', async (_name, committedAt) => {
    const world = open(20, 'paused');
    const commit = (hours: string): void =>
      world.source.commit(
        {
          ...files(ids(20), 'active', 'timetable: {calendar: hours}'),
          'hours.yaml': `apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: hours}\nspec: {timezone: UTC, weekly: {mon-fri: "${hours}"}}\n`,
        },
        committedAt(world.now),
      );
    commit('20:00-23:00');
    await world.controller.start();
    await world.pass(12 * HOUR);
    commit('09:00-19:00');
    await world.pass(10 * MINUTE);
    expect(number('active')).toBe(0);
    expect(stalled()).toMatchObject({reason: 'LimitExceeded'});
  });

  it('does not let a resume through that is too old once the Allowance is over that lets them be of any age', async () => {
    let isDown = false;
    const world = open(2, 'paused', {resumeMaxAge: HOUR});
    world.answer(({method}) => (method === 'GET' && isDown ? bare(500) : undefined));
    const until = new Date(world.now + 1.5 * HOUR).toISOString();
    await world.start({...files(ids(1), 'paused'), ...allowance(`resume: 1, until: "${until}"`)});
    isDown = true;
    world.commit({...files(ids(1), 'active'), ...allowance(`resume: 1, until: "${until}"`)});
    await world.pass(5 * HOUR);
    isDown = false;
    await world.pass(10 * MINUTE);
    expect(number('active')).toBe(0);
    expect(world.finding('c0')?.restraint?.reason).toBe('stale');
  });

  it('and the age of a resume go by the time of day as it is, also where it was set forward and back', async () => {
    let isDown = true;
    const world = open(1, 'paused', {resumeMaxAge: DAY});
    world.answer(({method}) => (method === 'PUT' && isDown ? bare(500) : undefined));
    await world.start(files(ids(1), 'active'));
    world.setClockBy = 2 * DAY;
    await world.pass(MINUTE);
    world.setClockBy = 0;
    await world.pass(MINUTE);
    isDown = false;
    await world.pass(HOUR);
    expect(number('active')).toBe(1);
  });

  it('is widened by an Allowance once, up to its number, and never narrowed by it', async () => {
    const world = open(40, 'paused');
    const until = new Date(world.now + 2 * DAY).toISOString();
    const allowed = allowance(`resume: 10, until: "${until}"`);
    await world.start({...files(ids(40), 'paused'), ...allowed});
    world.commit({...files(ids(40), 'paused'), ...files(ids(20), 'active'), ...allowed});
    await world.pass(HOUR);
    expect(number('active')).toBe(20);
    world.commit({...files(ids(40), 'paused'), ...files(ids(23), 'active'), ...allowed});
    await world.pass(0.9 * DAY);
    expect(number('active')).toBe(20);
    expect(stalled()?.message).toContain('with 10 that are allowed besides');
    await world.pass(HOUR * 3);
    expect(number('active')).toBe(23);
  });

  it('proposes what lets everything through, also after another allowance was used up on the same day', async () => {
    const world = open(100, 'paused');
    const pasted = (): string => /\{apiVersion.*\}$/.exec(stalled()?.message ?? '')?.[0] ?? '';
    await world.start(files(ids(100), 'paused'));
    const first = {...files(ids(100), 'paused'), ...files(ids(60), 'active')};
    world.commit(first);
    await world.pass(MINUTE);
    world.commit({...first, 'one.yaml': pasted()});
    await world.pass(HOUR);
    expect(number('active')).toBe(60);
    world.commit(files(ids(100), 'active'));
    await world.pass(HOUR);
    expect(number('active')).toBe(60);
    const second = pasted();
    world.commit({...files(ids(100), 'active'), 'one.yaml': second});
    await world.pass(HOUR);
    expect(number('active')).toBe(100);
    expect(second).not.toContain('name: resumes-of-collections}');
  });

  it('counts by an Allowance what is sent while it is there, however old its commit is', async () => {
    const world = open(20, 'paused');
    await world.start(files(ids(20), 'paused'));
    world.commit({...files(ids(20), 'paused'), ...files(ids(6), 'active')});
    await world.pass(3 * DAY);
    const until = new Date(world.now + DAY).toISOString();
    const wanted = {...files(ids(20), 'paused'), ...files(ids(13), 'active')};
    world.source.commit({...wanted, ...allowance(`resume: 2, until: "${until}"`)}, world.now - 3 * DAY);
    await world.pass(HOUR);
    expect(number('active')).toBe(13);
  });

  it('that is taken out of the configuration stops nothing', async () => {
    const world = open(20, 'paused', {});
    await world.start(files(ids(20), 'active'));
    await world.pass(MINUTE);
    expect(number('active')).toBe(20);
  });
});

describe('a resume', () => {
  const guardrails = {resumeMaxAge: DAY};

  it('that has been due for longer than a day is not sent until its declaration is changed, if only by a word', async () => {
    const world = open(1, 'paused', guardrails);
    world.faults({serverError: 1});
    await world.start(files(['c0'], 'active'));
    await world.pass(DAY + HOUR);
    world.faults({});
    await world.pass(HOUR);
    expect(world.statuses(WS)).toEqual({c0: 'paused'});
    expect(world.finding('c0')?.reason).toContain('due since 2026-01-05T00:00:00');
    expect(world.controller.conditions).toContainEqual(
      expect.objectContaining({type: 'Uncorrected', reason: 'StaleResume'}),
    );
    world.commit(files(['c0'], 'active', 'reason: as agreed again'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({c0: 'active'});
  });

  it('of a drift is as old as the drift, over a restart too', async () => {
    const past = {...NO_PAST, moves: () => [], inForceAt: () => Date.UTC(2026, 0, 1)};
    const world = open(2, 'paused', guardrails, {
      past,
      workspaces: {
        [WS]: [
          simulated('c0', 'paused', {updatedAt: Date.UTC(2026, 0, 4, 12)}),
          simulated('c1', 'paused', {updatedAt: Date.UTC(2025, 11, 20)}),
        ],
      },
    });
    await world.start(files(ids(2), 'active'));
    await world.pass(HOUR);
    expect(world.statuses(WS)).toEqual({c0: 'paused', c1: 'paused'});
    expect(world.finding('c1')?.restraint?.reason).toBe('stale');
  });

  it('is let through by an Allowance of resumes', async () => {
    const past = {...NO_PAST, moves: () => [], inForceAt: () => Date.UTC(2026, 0, 1)};
    const world = open(1, 'paused', guardrails, {past});
    await world.start(files(['c0'], 'active'));
    await world.pass(HOUR);
    expect(world.statuses(WS)).toEqual({c0: 'paused'});
    const until = new Date(world.now + DAY).toISOString();
    world.commit({...files(['c0'], 'active'), ...allowance(`resume: 1, until: "${until}"`)});
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({c0: 'active'});
  });

  it('that a hold kept for days follows when the hold ends', async () => {
    const world = open(1, 'paused', guardrails);
    const until = new Date(world.now + 3 * DAY).toISOString();
    await world.start(files(['c0'], 'active', `hold: {reason: repair, until: "${until}"}`));
    await world.pass(3 * DAY + HOUR);
    expect(world.statuses(WS)).toEqual({c0: 'active'});
  });

  it('that a freeze kept for days follows when the freeze is taken out', async () => {
    const world = open(1, 'paused', guardrails);
    const freeze = {
      'freeze.yaml': `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: "${new Date(world.now + 30 * DAY).toISOString()}", reason: moving}\n`,
    };
    await world.start({...files(['c0'], 'active'), ...freeze});
    await world.pass(3 * DAY);
    expect(world.statuses(WS)).toEqual({c0: 'paused'});
    world.commit(files(['c0'], 'active'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({c0: 'active'});
  });

  it('pauses of any age are sent', async () => {
    const past = {...NO_PAST, moves: () => [], inForceAt: () => Date.UTC(2025, 0, 1)};
    const world = open(1, 'active', guardrails, {past});
    await world.start(files(['c0'], 'paused'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({c0: 'paused'});
  });
});
