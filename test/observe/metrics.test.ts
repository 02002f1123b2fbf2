import {afterEach, describe, expect, it} from 'vitest';
import {sharesOf} from '../../src/controller/shares.ts';
import {Metrics} from '../../src/observe/metrics.ts';
import {OPERATIONS} from '../../src/platform/refusal.ts';
import {yaml} from '../support/fixtures.ts';
import {all, filesOf, many} from '../support/many.ts';
import {simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
let world: World;
let metrics: Metrics;

const file = (campaignId: string, desired: string, extra?: string, workspace = WS) => ({
  [`${workspace}-${campaignId}.yaml`]: yaml({
    name: campaignId,
    campaignId,
    desired,
    workspace,
    ...(extra && {extra}),
  }),
});

const open = (workspaces: WorldOptions['workspaces'], options: Partial<WorldOptions> = {}): World => {
  metrics = new Metrics('0', Object.keys(workspaces), OPERATIONS, () => Date.now());
  world = new World({workspaces, metrics, ...options});
  return world;
};

/** The samples of a metric now: labels as they are written, and the value. */
const samples = async (name: string): Promise<Record<string, number>> => {
  const text = await metrics.registry.metrics();
  const lines = text.split('\n').filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return Object.fromEntries(
    lines.map(line => {
      const at = line.lastIndexOf(' ');
      return [line.slice(name.length, at), Number(line.slice(at + 1))] as const;
    }),
  );
};

const sampleOf = async (name: string, labels: Readonly<Record<string, string>> = {}) =>
  Object.entries(await samples(name)).find(([text]) =>
    Object.entries(labels).every(([key, value]) => text.includes(`${key}="${value}"`)),
  )?.[1];

const blocked = async (): Promise<Record<string, number>> => {
  const all = await samples('rollcall_blocked');
  return Object.fromEntries(
    Object.entries(all).flatMap(([text, value]) =>
      value > 0 ? [[/reason="(\w+)"/.exec(text)?.[1] ?? '', value]] : [],
    ),
  );
};

const moved = (campaignId: string, action: 'pause' | 'resume' | 'cancel', by = 'night-shift'): void => {
  world.dashboard(WS).act(campaignId, action, by, world.now);
};

afterEach(() => world.close());

describe('the conditions', () => {
  it('call nothing ready while nobody leads a workspace', async () => {
    const world = open({[WS]: [simulated('a', 'active')]});
    await world.start(file('a', 'active'));
    await world.pass(MINUTE);
    const ready = (status: string) => sampleOf('rollcall_condition', {type: 'Ready', status});
    expect([await ready('True'), await ready('Unknown')]).toEqual([1, 0]);
    metrics = new Metrics('0', [WS], OPERATIONS, () => Date.now());
    metrics.watch(world.controller, () => ['led-by-nobody']);
    expect([await ready('True'), await ready('Unknown')]).toEqual([0, 1]);
  });
});

describe('what keeps campaigns from being corrected', () => {
  it('is a hold, for those that differ', async () => {
    const world = open({[WS]: [simulated('a', 'active'), simulated('b', 'paused')]});
    const hold = 'hold: {reason: under repair, until: 2026-01-07T00:00:00Z}';
    await world.start({...file('a', 'paused', hold), ...file('b', 'paused', hold)});
    expect(await blocked()).toEqual({hold: 1});
    const end = Date.UTC(2026, 0, 7) / 1000;
    expect(await samples('rollcall_hold_expiry_timestamp_seconds')).toEqual({
      '{workspace="collections"}': end,
    });
    expect(await sampleOf('rollcall_campaign_hold_expiry_timestamp_seconds', {campaign: 'a'})).toBe(end);
  });

  it('is shown without an end for a hold that has none', async () => {
    const world = open({[WS]: [simulated('a', 'active')]});
    await world.start(file('a', 'paused', 'hold: {reason: under repair}'));
    expect(await samples('rollcall_hold_expiry_timestamp_seconds')).toEqual({});
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/^rollcall_campaign_hold_expiry_timestamp_seconds\{.*campaign="a".*\} \+Inf$/m);
  });

  it('is the mode, where they are only reported', async () => {
    const world = open({[WS]: [simulated('a', 'active')]}, {mode: 'detect'});
    await world.start(file('a', 'paused'));
    expect(await blocked()).toEqual({detect: 1});
  });

  it('is the wait before another try, for one whose action failed', async () => {
    const world = open(
      {[WS]: [simulated('a', 'active')]},
      {onSent: ({action}) => world.faults(action ? {serverError: 1} : {})},
    );
    await world.start(file('a', 'paused'));
    expect(await blocked()).toEqual({backoff: 1});
  });

  it('is the key, where the platform refuses it', async () => {
    const world = open({[WS]: [simulated('a', 'active')]});
    await world.start(file('a', 'active'));
    world.faults({unauthorised: 1});
    await world.pass(MINUTE);
    world.commit(file('a', 'paused'));
    await world.pass(MINUTE);
    expect(await blocked()).toEqual({unauthorised: 1});
    expect(await sampleOf('rollcall_trouble', {workspace: WS, reason: 'Unauthorised'})).toBe(1);
    world.faults({});
    await world.pass(5 * MINUTE);
    expect(await blocked()).toEqual({});
    expect(await sampleOf('rollcall_trouble', {workspace: WS, reason: 'Unauthorised'})).toBe(0);
  });

  it('is the rate, where there is more to do than it allows', async () => {
    const campaigns = many(100, 'active');
    const world = open({[WS]: campaigns}, {rate: {requests: 2, per: SECOND}});
    await world.start(filesOf(all(campaigns, 'paused')));
    expect((await blocked())['rate']).toBeGreaterThan(50);
    expect(await sampleOf('rollcall_rate_used')).toBe(2);
    expect(await sampleOf('rollcall_rate_slots')).toBe(2);
    await world.pass(5 * MINUTE);
    expect(await blocked()).toEqual({});
  });
});

describe('since when campaigns differ', () => {
  it('is the time of the platform for one that somebody moved, and goes with the difference', async () => {
    const world = open({[WS]: [simulated('a', 'active')]}, {mode: 'detect'});
    await world.start(file('a', 'paused'));
    world.commit(file('a', 'active'));
    await world.pass(MINUTE);
    const at = world.now / 1000;
    moved('a', 'pause');
    await world.pass(10 * MINUTE);
    const cause = {workspace: WS, cause: 'drifted'};
    expect(await sampleOf('rollcall_oldest_difference_timestamp_seconds', cause)).toBe(at);
    expect(await samples('rollcall_campaign_difference_timestamp_seconds')).toEqual({
      '{workspace="collections",campaign="a",name="a",desired="active",live="paused",state="drifted",cause="drifted",changed_by="night-shift",blocked="detect"}':
        at,
    });
    moved('a', 'resume');
    await world.pass(MINUTE);
    expect(await samples('rollcall_oldest_difference_timestamp_seconds')).toEqual({});
    expect(await samples('rollcall_campaign_difference_timestamp_seconds')).toEqual({});
    expect(await samples('rollcall_campaign_drifted')).toEqual({});
  });

  it('is the time of the commit for one that Git had changed before the start', async () => {
    const world = open({[WS]: [simulated('a', 'active')]}, {mode: 'detect'});
    world.commit(file('a', 'paused'));
    const committed = world.now / 1000;
    await world.pass(HOUR);
    await world.controller.start();
    await world.pass(MINUTE);
    const cause = {workspace: WS, cause: 'pending'};
    expect(await sampleOf('rollcall_oldest_difference_timestamp_seconds', cause)).toBe(committed);
  });

  it('says since when a campaign dials that Git wants silent, and not of one that is held', async () => {
    const world = open({[WS]: [simulated('a', 'paused'), simulated('b', 'active')]}, {mode: 'detect'});
    await world.start({...file('a', 'paused'), ...file('b', 'paused', 'hold: {reason: as agreed}')});
    expect(await sampleOf('rollcall_dialling_against_git')).toBe(0);
    moved('a', 'resume');
    const at = world.now / 1000;
    await world.pass(10 * MINUTE);
    expect(await sampleOf('rollcall_dialling_against_git')).toBe(1);
    expect(await sampleOf('rollcall_dialling_against_git_oldest_timestamp_seconds')).toBe(at);
  });
});

describe('a campaign that somebody moves again and again', () => {
  it('is contested when it was moved within an hour of being corrected, and by whom is shown for an hour', async () => {
    const world = open({[WS]: [simulated('a', 'paused')]});
    await world.start(file('a', 'paused'));
    moved('a', 'resume', 'dialler@example.com');
    await world.pass(2 * MINUTE);
    expect(await sampleOf('rollcall_contested_total')).toBe(0);
    moved('a', 'resume', 'dialler@example.com');
    await world.pass(2 * MINUTE);
    expect(await sampleOf('rollcall_contested_total', {workspace: WS})).toBe(1);
    expect(
      await sampleOf('rollcall_campaign_contested', {campaign: 'a', changed_by: 'dialler@example.com'}),
    ).toBe(1);
    await world.pass(2 * HOUR);
    expect(await samples('rollcall_campaign_contested')).toEqual({});
    moved('a', 'resume', 'dialler@example.com');
    await world.pass(2 * MINUTE);
    expect(await sampleOf('rollcall_contested_total', {workspace: WS})).toBe(1);
  });
});

describe('the series of a scrape', () => {
  it('are bounded, and every workspace has its share of them', async () => {
    const one = many(300, 'active');
    const two = Array.from({length: 30}, (_, i) => simulated(`g${i}`, 'active'));
    const world = open({[WS]: one, growth: two}, {mode: 'detect'});
    const ofTwo = two.map(({campaignId}) => file(campaignId, 'paused', undefined, 'growth'));
    await world.start(Object.assign(filesOf(all(one, 'paused')), ...ofTwo));
    const series = Object.keys(await samples('rollcall_campaign_difference_timestamp_seconds'));
    expect(series.filter(text => text.includes(WS))).toHaveLength(170);
    expect(series.filter(text => text.includes('growth'))).toHaveLength(30);
    expect(await samples('rollcall_campaign_difference_omitted')).toEqual({
      '{workspace="collections"}': 130,
      '{workspace="growth"}': 0,
    });
  });

  it('end for a workspace that is gone, whatever is told of it late', async () => {
    const world = open({[WS]: [simulated('a', 'active')], growth: [simulated('b', 'active')]});
    await world.start({...file('a', 'active'), ...file('b', 'active', undefined, 'growth')});
    const late = metrics.platform('growth');
    await metrics.follow([WS]);
    await world.controller.configure({
      workspaces: world.workspaces.filter(({name}) => name === WS),
      pollInterval: 30_000,
      sourceInterval: 30_000,
      resyncInterval: 600_000,
    });
    late.request('list', '200', 1);
    late.depth(3);
    late.waited(1);
    metrics.hear({kind: 'pass-ended', workspace: 'growth', result: 'success', seconds: 1});
    expect(await metrics.registry.metrics()).not.toContain('growth');
  });

  it('share out evenly what there is', () => {
    expect(sharesOf([300, 30, 0], 200)).toEqual([170, 30, 0]);
    expect(sharesOf([100, 100, 100], 200)).toEqual([66, 67, 67]);
    expect(sharesOf([1, 2], 200)).toEqual([1, 2]);
    expect(sharesOf([], 200)).toEqual([]);
  });
});

describe('a day with faults', () => {
  it('leaves every counter at what the platform saw', async () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const answered: Record<string, number> = {};
    const world = open(
      {[WS]: ['a', 'b', 'c', 'd'].map(id => simulated(id, 'paused'))},
      {
        random,
        onAnswered: ({action, campaignId}, answer) => {
          const operation = action ? 'update_status' : campaignId ? 'get' : 'list';
          const code = answer === 'broken' ? 'error' : `${answer.status}`;
          const key = `{workspace="collections",operation="${operation}",code="${code}"}`;
          answered[key] = (answered[key] ?? 0) + 1;
        },
      },
    );
    await world.start(Object.assign({}, ...['a', 'b', 'c', 'd'].map(id => file(id, 'paused'))));
    world.faults({
      serverError: 0.1,
      throttled: 0.05,
      dropBefore: 0.05,
      dropAfter: 0.05,
      serverErrorAfter: 0.05,
    });
    for (let hour = 0; hour < 24; hour++) {
      moved(['a', 'b', 'c', 'd'][hour % 4] ?? 'a', 'resume');
      await world.pass(HOUR);
    }
    const counted = await samples('rollcall_platform_requests_total');
    expect(Object.fromEntries(Object.entries(counted).filter(([, value]) => value > 0))).toEqual(answered);
    const outcomes: Record<string, number> = {};
    for (const {outcome, planned} of world.outcomes) {
      const key = `{workspace="collections",action="${planned.action}",outcome="${outcome.kind}"}`;
      outcomes[key] = (outcomes[key] ?? 0) + 1;
    }
    const actions = await samples('rollcall_actions_total');
    expect(Object.fromEntries(Object.entries(actions).filter(([, value]) => value > 0))).toEqual(outcomes);
    expect(await sampleOf('rollcall_drift_detected_total', {workspace: WS})).toBe(world.drifts.length);
    expect(world.drifts.length).toBeGreaterThanOrEqual(24);
  });
});
