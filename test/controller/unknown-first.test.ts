/** A campaign of which nothing is known, and that Git wants at rest, is asked for before anything is resumed. */
import {afterEach, expect, it} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {START, simulated, World} from '../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COLLECTIONS = 'collections';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const open = (statuses: Readonly<Record<string, string>>): World => {
  world = new World({
    workspaces: {[COLLECTIONS]: Object.entries(statuses).map(([id, status]) => simulated(id, status))},
    pollInterval: 50 * MINUTE,
    resyncInterval: 10 * HOUR,
    latency: () => 10,
  });
  return world;
};

/** What shows the campaigns whose ids begin with an `x`: where no Get does, one of them brings another campaign. */
type Shown = 'by everything' | 'by Gets' | 'by nothing';

const show = (w: World, shown: () => Shown): void =>
  w.answer((request, handle, now) => {
    if (shown() === 'by everything' || request.method !== 'GET') return undefined;
    const answer = handle(request, now);
    if (answer === 'drop') return answer;
    const body = JSON.parse(answer.body);
    if (!Array.isArray(body.items) && shown() === 'by Gets') return answer;
    if (!Array.isArray(body.items))
      return {...answer, body: answer.body.replace(/"campaign_id":"x/, '"campaign_id":"y')};
    const items = body.items.filter((one: {campaign_id: string}) => !one.campaign_id.startsWith('x'));
    return {...answer, body: JSON.stringify({...body, items, total: items.length})};
  });

const timeOf = (w: World, action: string, id: string): number =>
  w.sent.find(one => one.action === action && one.campaignId === id)?.at ?? Number.POSITIVE_INFINITY;

const file = (id: string, desired: string, extra = '') => ({
  [`${id}.yaml`]: yaml({name: id, campaignId: id, desired, workspace: COLLECTIONS, extra}),
});

it('at a new revision, however many of them there are', async () => {
  const ids = Array.from({length: 12}, (_, at) => `x${at}`);
  const w = open({...Object.fromEntries(ids.map(id => [id, 'active'])), r: 'paused'});
  const files = (desired: string, resumed: string) =>
    Object.assign(file('r', resumed), ...ids.map(id => file(id, desired)));
  let shown: Shown = 'by nothing';
  show(w, () => shown);
  await w.start(files('active', 'paused'));
  expect(ids.map(id => w.finding(id)?.state)).toEqual(ids.map(() => 'unknown'));
  shown = 'by Gets';
  w.commit(files('paused', 'active'));
  await w.pass(60_000);
  const pauses = ids.map(id => timeOf(w, 'pause', id));
  expect(Math.max(...pauses)).toBeLessThan(timeOf(w, 'resume', 'r'));
});

it('when its hours end, long before the next poll', async () => {
  const w = open({x: 'active', r: 'paused'});
  const calendars = {
    'hours.yaml': `apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: day}
spec: {timezone: UTC, weekly: {mon-fri: "09:00-19:00"}}
---
apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: evening}
spec: {timezone: UTC, weekly: {mon-fri: "19:00-20:00"}}
`,
  };
  let shown: Shown = 'by everything';
  show(w, () => shown);
  await w.start({
    ...calendars,
    ...file('x', 'active', 'timetable: {calendar: day}'),
    ...file('r', 'active', 'timetable: {calendar: evening}'),
  });
  await w.pass(17.5 * HOUR);
  expect(w.statuses(COLLECTIONS)).toEqual({x: 'active', r: 'paused'});
  shown = 'by nothing';
  await w.pass(HOUR);
  expect(w.finding('x')?.state).toBe('unknown');
  shown = 'by everything';
  await w.pass(START + 19.1 * HOUR - w.now);
  expect(w.statuses(COLLECTIONS)).toEqual({x: 'paused', r: 'active'});
  expect(timeOf(w, 'pause', 'x')).toBeLessThan(START + 19 * HOUR);
});

it('and where it cannot be read still, resumes go after it was asked for once', async () => {
  const w = open({x: 'active', r: 'paused'});
  show(w, () => 'by nothing');
  await w.start({...file('x', 'active'), ...file('r', 'paused')});
  w.commit({...file('x', 'paused'), ...file('r', 'active')});
  await w.pass(5_000);
  expect(w.statuses(COLLECTIONS)).toEqual({x: 'active', r: 'active'});
  expect(w.finding('x')?.reason).toContain('not with what was asked for');
});
