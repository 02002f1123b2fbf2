/** Two weeks of the real controller, queue and client over the simulator, in virtual time: a weekend, a holiday, and a change of clocks. */
import {afterEach, expect, it} from 'vitest';
import {simulatedAt} from '../support/campaigns.ts';
import {yaml} from '../support/fixtures.ts';
import {World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Friday; on the Sunday clocks go back, and the Monday after is Austria's national holiday. */
const FRIDAY = Date.parse('2026-10-23T00:00:00Z');
const IDS = Array.from({length: 12}, (_, index) => `c${index}`);
let world: World;

afterEach(() => world.close());

const CALENDAR = `apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: vienna}
spec:
  timezone: Europe/Vienna
  weekly: {mon-fri: "09:00-17:00", sat: "10:00-14:00"}
  holidays: {country: AT}
  closed: [{from: 2026-11-05T12:00, to: 2026-11-06T09:00, reason: inventory}]
  open: [{date: 2026-11-01, hours: "11:00-12:00", reason: agreed}]
`;

/** When it is open, by the hour that Greenwich shows, written down by hand. */
const OPEN = [
  ['2026-10-23T07', '2026-10-23T15'],
  ['2026-10-24T08', '2026-10-24T12'],
  ['2026-10-27T08', '2026-10-27T16'],
  ['2026-10-28T08', '2026-10-28T16'],
  ['2026-10-29T08', '2026-10-29T16'],
  ['2026-10-30T08', '2026-10-30T16'],
  ['2026-10-31T09', '2026-10-31T13'],
  ['2026-11-01T10', '2026-11-01T11'],
  ['2026-11-02T08', '2026-11-02T16'],
  ['2026-11-03T08', '2026-11-03T16'],
  ['2026-11-04T08', '2026-11-04T16'],
  ['2026-11-05T08', '2026-11-05T11'],
].map(hours => hours.map(hour => Date.parse(`${hour}:00:00Z`)) as [number, number]);

it('opens and closes all campaigns at every edge of a fortnight, with operators who resume some of them at night', async () => {
  world = new World({
    start: FRIDAY,
    pollInterval: 5 * MINUTE,
    guardrails: {
      limits: {
        resume: {most: 5, share: 0.3, per: DAY},
        cancel: {most: 1, share: 0.1, per: DAY},
      },
      resumeMaxAge: DAY,
    },
    workspaces: {
      [WS]: IDS.map(id =>
        simulatedAt(FRIDAY, id, 'paused', {startsAt: FRIDAY - DAY, endsAt: FRIDAY + 60 * DAY}),
      ),
    },
  });
  const files = Object.fromEntries(
    IDS.map(id => [`${id}.yaml`, yaml({name: id, campaignId: id, extra: 'timetable: {calendar: vienna}'})]),
  );
  await world.start({...files, 'vienna.yaml': CALENDAR});
  for (let day = 0; day < 14; day += 1) {
    await world.pass(FRIDAY + day * DAY + 22 * HOUR - world.now);
    world.dashboard(WS).act('c0', 'resume', 'night@example.com', world.now);
    await world.pass(2 * HOUR);
  }
  const sent = world.outcomes.filter(({outcome}) => outcome.kind === 'applied');
  for (const id of IDS) {
    const of = (action: string, cause: string): number[] =>
      sent.flatMap(({at, planned}) =>
        planned.declaration.campaignId === id && planned.action === action && planned.cause === cause
          ? [at]
          : [],
      );
    const [resumes, pauses] = [of('resume', 'timetable'), of('pause', 'timetable')];
    expect(resumes).toHaveLength(OPEN.length);
    expect(pauses).toHaveLength(OPEN.length);
    for (const [index, [opens, closes]] of OPEN.entries()) {
      expect(resumes[index]).toBeGreaterThanOrEqual(opens);
      expect(resumes[index]).toBeLessThan(opens + MINUTE);
      expect(pauses[index]).toBeGreaterThan(closes - 2 * MINUTE);
      expect(pauses[index]).toBeLessThanOrEqual(closes);
    }
    expect(of('pause', 'drifted')).toHaveLength(id === 'c0' ? 14 : 0);
  }
  expect(world.controller.conditions.find(({type}) => type === 'Stalled')?.status).toBe('False');
});
