import {afterEach, describe, expect, it} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {START, simulated, World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let world: World;

const file = (id: string, timetable = '{calendar: hours}', desired = 'active') => ({
  [`${id}.yaml`]: yaml({name: id, campaignId: id, desired, extra: `timetable: ${timetable}`}),
});

const calendar = (spec: string, name = 'hours') => ({
  [`${name}.yaml`]: `apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: ${name}}
spec: {timezone: UTC, ${spec}}
`,
});
const WEEKDAYS = calendar('weekly: {mon-fri: "09:00-19:00"}, closed: [{date: 2026-01-07, reason: Diwali}]');

const open = (...campaigns: readonly (readonly [string, string])[]): World => {
  world = new World({workspaces: {[WS]: campaigns.map(([id, status]) => simulated(id, status))}});
  return world;
};

/** Until when of the first simulated day, a Monday. */
const until = (hours: number): Promise<void> => world.pass(START + hours * HOUR - world.now);

afterEach(() => world.close());

describe('a campaign with a timetable', () => {
  it('opens at the edge, and is closed before the edge, day after day, but not on a closed day', async () => {
    const world = open(['a', 'paused']);
    await world.start({...file('a'), ...WEEKDAYS});
    await until(8.9);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.finding('a')).toMatchObject({state: 'satisfied', desired: 'paused'});
    expect(world.finding('a')?.reason).toBe(
      'live is paused, as Git wants it now: closed by calendar hours until 2026-01-05T09:00:00.000Z: outside its hours',
    );
    await until(9.1);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    await until(18.9);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    await until(19);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    await until(24 + 12);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    await until(48 + 12);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.finding('a')?.reason).toContain('until 2026-01-08T09:00:00.000Z: Diwali');
    await until(72 + 12);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    const causes = world.outcomes.map(({planned}) => [planned.action, planned.cause]);
    expect(causes.slice(0, 2)).toEqual([
      ['resume', 'timetable'],
      ['pause', 'timetable'],
    ]);
    expect(new Set(causes.map(([, cause]) => cause))).toEqual(new Set(['timetable']));
    const [standing] = world.controller.campaigns.standings;
    expect(standing?.edgesDue).toEqual({
      open: {number: 0, edge: undefined},
      close: {number: 0, edge: undefined},
    });
  });

  it('has sent its last pause before the edge, however many there are, and opens none before it', async () => {
    const ids = Array.from({length: 300}, (_, index) => `c-${String(index).padStart(3, '0')}`);
    const world = open(...ids.map(id => [id, 'paused'] as const));
    await world.start({...Object.assign({}, ...ids.map(id => file(id))), ...WEEKDAYS});
    await until(23);
    const sent = world.outcomes.map(({planned, at}) => ({action: planned.action, at}));
    const times = (action: string): number[] => sent.flatMap(one => (one.action === action ? [one.at] : []));
    expect(times('resume')).toHaveLength(300);
    expect(Math.min(...times('resume'))).toBeGreaterThanOrEqual(START + 9 * HOUR);
    expect(times('pause')).toHaveLength(300);
    expect(Math.max(...times('pause'))).toBeLessThan(START + 19 * HOUR);
    expect(Math.min(...times('pause'))).toBeGreaterThan(START + 18.5 * HOUR);
  });

  it('that somebody resumes while it is closed has drifted, and is paused', async () => {
    const world = open(['a', 'paused']);
    await world.start({...file('a'), ...WEEKDAYS});
    await until(2);
    world.dashboard(WS).act('a', 'resume', 'ops@example.com', world.now);
    await world.pass(5 * MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.outcomes.at(-1)?.planned).toMatchObject({action: 'pause', cause: 'drifted'});
    expect(world.outcomes.at(-1)?.planned.reason).toContain('drifted from paused to active');
  });

  it('runs between its times, by the clocks of its calendar’s zone', async () => {
    const world = open(['a', 'active']);
    await world.start({
      ...file('a', '{calendar: always, from: 2026-01-05T03:00, until: 2026-01-05T05:00}'),
      ...calendar('closed: []', 'always'),
    });
    await until(2.5);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.finding('a')?.reason).toContain('its timetable has not begun');
    await until(4);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    await until(6);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.finding('a')?.reason).toContain('closed by calendar always for good: its timetable is over');
  });

  it('is left as it is while its calendar is unknown, invalid, or there twice', async () => {
    const world = open(['a', 'active']);
    await world.start(file('a'));
    await until(2);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    expect(world.finding('a')).toMatchObject({
      state: 'invalid',
      reason: 'left as it is: there is no calendar hours',
    });
    world.commit({...file('a'), ...calendar('weekly: {mon: "9-17"}')});
    await world.pass(MINUTE);
    expect(world.finding('a')?.reason).toBe(
      'left as it is: its calendar hours is not as it should be, in hours.yaml:1',
    );
    world.commit({...file('a'), ...WEEKDAYS, 'more.yaml': WEEKDAYS['hours.yaml'] ?? ''});
    await world.pass(MINUTE);
    expect(world.finding('a')?.state).toBe('invalid');
    expect(world.statuses(WS)).toEqual({a: 'active'});
    world.commit({...file('a'), ...WEEKDAYS});
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
  });

  it('follows a calendar that is changed, at once', async () => {
    const world = open(['a', 'paused'], ['b', 'active']);
    await world.start({
      ...file('a'),
      ...file('b', '{calendar: others}'),
      ...WEEKDAYS,
      ...calendar('closed: []', 'others'),
    });
    await until(12);
    expect(world.statuses(WS)).toEqual({a: 'active', b: 'active'});
    const before = world.controller.campaigns.find(WS, 'b');
    world.commit({
      ...file('a'),
      ...file('b', '{calendar: others}'),
      ...calendar('closed: [{date: 2026-01-05, reason: inventory}]'),
      ...calendar('closed: []', 'others'),
    });
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'paused', b: 'active'});
    expect(world.finding('a')?.reason).toContain('inventory');
    expect(world.controller.campaigns.find(WS, 'b')?.finding.declaration).toEqual(
      before?.finding.declaration,
    );
  });

  it('that has too much to pause for its rate is told a day before, once', async () => {
    const ids = Array.from({length: 200}, (_, index) => `c${index}`);
    world = new World({
      rate: {requests: 1, per: 5_000},
      pollInterval: HOUR,
      workspaces: {[WS]: ids.map(id => simulated(id, 'paused'))},
    });
    await world.start({...Object.assign({}, ...ids.map(id => file(id))), ...WEEKDAYS});
    await until(23);
    expect(world.events.filter(({kind}) => kind === 'closing-late')).toEqual([
      {kind: 'closing-late', workspace: WS, edge: START + 19 * HOUR, takes: 43 * MINUTE},
      {kind: 'closing-late', workspace: WS, edge: START + 43 * HOUR, takes: 43 * MINUTE},
    ]);
  });

  it('dials against Git from the edge on, not while its closing is under way before it', async () => {
    const ids = Array.from({length: 300}, (_, index) => `c${index}`);
    world = new World({
      rate: {requests: 1, per: 1_000},
      pollInterval: HOUR,
      workspaces: {[WS]: ids.map(id => simulated(id, 'active'))},
    });
    await world.start({
      ...Object.assign({}, ...ids.map(id => file(id))),
      ...calendar('closed: [{from: 2026-01-05T12:00, to: 2026-01-06T00:00}]'),
    });
    const dialling = () => world.controller.campaigns.standings[0]?.dialling;
    await until(11.9);
    const {length: paused} = Object.values(world.statuses(WS)).filter(status => status === 'paused');
    expect(paused).toBeGreaterThan(100);
    expect(paused).toBeLessThan(300);
    expect(dialling()).toEqual({number: 0, since: undefined});
    world.faults({serverError: 1});
    await until(12.1);
    expect(dialling()).toEqual({number: 300 - paused, since: START + 12 * HOUR});
  });

  it('keeps a closing to be carried out in sight for as long as it is missed', async () => {
    const world = open(['a', 'active']);
    await world.start({...file('a'), ...WEEKDAYS});
    await until(18);
    world.faults({serverError: 1});
    await until(20);
    const [standing] = world.controller.campaigns.standings;
    expect(standing?.edgesDue.close).toEqual({number: 1, edge: START + 19 * HOUR});
    world.faults({});
    await until(20.2);
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    expect(world.controller.campaigns.standings[0]?.edgesDue.close.number).toBe(0);
  });

  it('that is being closed is resumed by no commit that makes the closing of the others shorter', async () => {
    const closes = START + 10 * HOUR;
    const timetable = '{until: "2026-01-05T10:00:00Z"}';
    const ids = Array.from({length: 100}, (_, index) => `c${index}`);
    world = new World({
      workspaces: {[WS]: ids.map(id => simulated(id, 'active'))},
      rate: {requests: 1, per: 1_000},
    });
    const files = (number: number) =>
      Object.assign({}, ...ids.slice(0, number).map(id => file(id, timetable)));
    await world.start(files(100));
    await world.pass(closes - 4 * MINUTE - world.now);
    world.commit(files(5));
    await world.pass(HOUR);
    expect(
      world.sent.filter(({campaignId}) => campaignId === 'c0').flatMap(({action}) => action ?? []),
    ).toEqual(['pause']);
  });
});
