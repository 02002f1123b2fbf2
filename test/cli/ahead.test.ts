import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {forecastSchema} from '../../src/cli/ahead/forecast.ts';
import {command} from '../support/command.ts';
import {yaml} from '../support/fixtures.ts';
import {temporaryFolder} from '../support/temp.ts';

const DAY = 24 * 3_600_000;
const CALENDAR = `apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: hours}
spec:
  timezone: Asia/Kolkata
  weekly: {mon-sun: "09:00-19:00"}
  holidays: {country: IN, region: MH}
`;

const folder = (files: Readonly<Record<string, string>>) => {
  const path = temporaryFolder();
  const campaigns = join(path, 'campaigns');
  mkdirSync(campaigns);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(campaigns, name), text);
  const config = join(path, 'rollcall.yaml');
  writeFileSync(
    config,
    `apiVersion: rollcall.dev/v1
kind: Controller
source: {directory: {path: ${campaigns}}}
platform: {baseUrl: "http://127.0.0.1:9"}
workspaces: [{name: collections, orgId: o, workspaceId: w, apiKey: {env: KEY}, rate: {requests: 5, per: 1s}}]
`,
  );
  return (...args: readonly string[]) => command([...args, '--config', config]);
};

const timed = (id: string, timetable = '{calendar: hours}') =>
  yaml({name: id, campaignId: id, extra: `timetable: ${timetable}`});

describe('rollcall forecast', () => {
  it('says what campaigns will do by themselves, many at once as one, without asking the platform', async () => {
    const run = folder({'calendar.yaml': CALENDAR, 'a.yaml': timed('a'), 'b.yaml': timed('b')});
    const {code, stderr, stdout} = await run('forecast', '--for', '36h', '-o', 'json');
    expect([code, stderr]).toEqual([0, '']);
    const {from, items, until} = forecastSchema.parse(JSON.parse(stdout));
    expect(Date.parse(until) - Date.parse(from)).toBe(1.5 * DAY);
    const closings = items.filter(({kind}) => kind === 'timetable-closes');
    for (const {at, begins, first, number} of closings) {
      expect(at.slice(11, 16)).toBe('13:30');
      expect([number, first.length, Date.parse(at) - Date.parse(begins ?? '')]).toEqual([2, 2, 60_000]);
    }
    expect(closings.length).toBeGreaterThan(0);
    const text = await run('forecast', '--for', '2d');
    expect(text.stdout).toContain(
      '09:00 Asia/Kolkata  collections  2 campaigns: a, b  resume: calendar hours opens',
    );
    expect(text.stdout).toContain('(the pauses begin at 18:59)');
  });

  it('of one campaign knows its holds and freezes too, and says where there is nothing, or none of the name', async () => {
    const soon = new Date(Date.now() + DAY).toISOString();
    const run = folder({
      'a.yaml': yaml({name: 'a', campaignId: 'a', extra: `hold: {reason: repair, until: "${soon}"}`}),
      'b.yaml': yaml({name: 'b', campaignId: 'b'}),
      'freeze.yaml': `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: move}\nspec: {selector: {workspace: collections}, until: "${soon}", reason: moving}\n`,
    });
    const {stdout} = await run('forecast', 'a');
    expect(stdout).toContain('the freeze move ends');
    expect(stdout).toContain('the hold ends: from then on it is to be active');
    const none = await run('forecast', 'b', '--for', '1h');
    expect([none.code, none.stdout, none.stderr]).toEqual([
      0,
      '',
      expect.stringContaining('nothing happens by itself until'),
    ]);
    expect((await run('forecast', 'c')).code).toBe(1);
    expect((await run('forecast', '--for', '2y')).code).toBe(64);
  });

  it('tells of what is valid where something is not, and ends with 3', async () => {
    const run = folder({
      'calendar.yaml': CALENDAR,
      'a.yaml': timed('a'),
      'b.yaml': timed('b', '{calendar: others}'),
    });
    const {code, stderr, stdout} = await run('forecast', '--for', '2d');
    expect(code).toBe(3);
    expect(stderr).toContain('there is no calendar others');
    expect(stdout).toContain('collections  a  ');
  });

  it('says of a closing that is too large for its rate that it cannot be in time', async () => {
    const many = Array.from({length: 5_000}, (_, index) => timed(`c${index}`))
      .join('---\n')
      .split('---\n');
    const files = Array.from({length: 5}, (_, part) => [
      `${part}.yaml`,
      many.slice(part * 1_000, (part + 1) * 1_000).join('---\n'),
    ]);
    const run = folder({'calendar.yaml': CALENDAR, ...Object.fromEntries(files)});
    const {stdout} = await run('forecast', '--for', '2d');
    expect(stdout).toContain(
      'not all of them in time: they take about 43 min at this rate (the pauses begin at 18:30)',
    );
  });
});

describe('rollcall calendar', () => {
  it('says what is closed since last year, and nothing of openings that it keeps closed, or of what is over', async () => {
    const year = new Date().getUTCFullYear();
    const spans = [
      `closed: [{from: ${year - 1}-12-20T00:00, to: ${year}-12-31T12:00, reason: moving}, {date: ${year - 1}-12-31, reason: over}]`,
      `open: [{from: ${year}-12-26T10:00, to: ${year}-12-26T12:00, reason: agreed}]`,
    ];
    const run = folder({
      'calendar.yaml': CALENDAR.replace(/ {2}holidays.*\n/, '').replace(
        'spec:',
        `spec:\n  ${spans.join('\n  ')}`,
      ),
    });
    const {items} = JSON.parse((await run('calendar', 'hours', '-o', 'json')).stdout);
    expect(items.map(({reason}: {reason: string}) => reason)).toEqual(['moving']);
  });

  it('lists its days of three years, each holiday with the version of its data, the same all year', async () => {
    const run = folder({
      'calendar.yaml': CALENDAR.replace('spec:', 'spec:\n  closed: [{date: 2027-11-09, reason: Diwali}]'),
    });
    const {code, stderr, stdout} = await run('calendar', 'hours');
    expect([code, stderr]).toEqual([0, '']);
    const year = new Date().getFullYear();
    for (const one of [year, year + 1, year + 2])
      expect(stdout).toMatch(
        new RegExp(`${one}-08-15 .* closed  Independence Day \\(date-holidays \\d+\\.\\d+\\.\\d+: IN-MH\\)`),
      );
    expect(stdout).toMatch(/2027-11-09 00:00 +to 2027-11-10 00:00 +Tue +closed +Diwali \(closed\)/);
    const {items, timezone} = JSON.parse((await run('calendar', 'hours', '-o', 'json')).stdout);
    expect([timezone, items[0].from]).toEqual(['Asia/Kolkata', `${year}-01-26`]);
  });

  it('of another name says which there are', async () => {
    const run = folder({'calendar.yaml': CALENDAR});
    const {code, stderr} = await run('calendar', 'hour');
    expect([code, stderr]).toEqual([
      1,
      'rollcall: no valid calendar of that name: "hour"; did you mean hours?\n',
    ]);
    expect((await run('calendar', 'nothing-like-it')).stderr).toContain('known calendars: hours');
  });
});
