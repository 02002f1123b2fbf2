import {describe, expect, it} from 'vitest';
import {Register} from '../../src/domain/register.ts';
import {warningsOf} from '../../src/domain/warnings.ts';
import {holidays, holidaysVersion} from '../../src/source/holidays.ts';
import {parseFile, parseFully} from '../../src/source/parse.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';

const INDIA = `apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: india-collections}
spec:
  timezone: Asia/Kolkata
  weekly: {mon-fri: "09:00-19:00", sat: "10:00-14:00"}
  holidays: {country: IN, region: MH, types: [public]}
  closed: [{date: 2026-11-09, reason: Diwali}, {from: 2026-12-24T12:00, to: 2026-12-26T09:00, reason: inventory}]
  open:   [{date: 2026-10-02, reason: agreed with the works council}]
`;
const calendar = (spec: string, name = 'hours'): string =>
  `apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: ${name}}\nspec: {${spec}}\n`;
const timed = (timetable: string, desired = 'active'): string =>
  yaml({desired, extra: `timetable: ${timetable}`});
const parse = (file: string, text: string) => parseFile(file, Buffer.from(text));
const declared = (...files: readonly string[]) => {
  const register = new Register(new Set(['collections']), holidays);
  register.change(new Map(files.map((text, index) => [`${index}.yaml`, parse(`${index}.yaml`, text)])));
  return register;
};
const told = (...files: readonly string[]): string[] =>
  declared(...files).diagnostics.map(
    ({code, column, file, hint, line, message}) =>
      `${file}:${line}:${column} ${code}: ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
const at = (text: string): number => Date.parse(text);

describe('a calendar', () => {
  it('says when it is open, with what its holidays are called', () => {
    const [india] = declared(INDIA).calendars;
    const say = (time: string) => {
      const {isOpen, reason} = india?.at(at(time)) ?? {isOpen: undefined, reason: ''};
      return isOpen ? 'open' : reason;
    };
    expect(say('2026-11-27T08:59:00+05:30')).toBe('outside its hours');
    expect(say('2026-11-27T09:00:00+05:30')).toBe('open');
    expect(say('2026-11-28T14:00:00+05:30')).toBe('outside its hours');
    expect(say('2026-11-09T12:00:00+05:30')).toBe('Diwali');
    expect(say('2026-12-24T12:00:00+05:30')).toBe('inventory');
    expect(say('2027-01-26T12:00:00+05:30')).toBe('Republic Day');
    expect(say('2026-10-02T12:00:00+05:30')).toBe('open');
    expect(say('2026-10-02T20:00:00+05:30')).toBe('Gandhi Jayanti');
    expect(holidaysVersion()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('counts all the days of a holiday that lasts for several, and those that reach over a new year', () => {
    const days = holidays({country: 'SA', types: ['public']}, 2026);
    expect([...(days ?? [])].filter(([day]) => day.startsWith('2026-03')).length).toBeGreaterThan(3);
  });

  it('opens a single day in the hours of its week, in its own, or all day', () => {
    const [hours] = declared(
      calendar(
        'timezone: UTC, weekly: {mon: "09:00-17:00"}, open: [{date: 2026-12-05}, {date: 2026-12-06, hours: "10:00-12:00"}]',
      ),
    ).calendars;
    expect(hours?.at(at('2026-12-05T03:00:00Z')).isOpen).toBe(true);
    expect(hours?.at(at('2026-12-06T03:00:00Z')).isOpen).toBe(false);
    expect(hours?.at(at('2026-12-06T11:00:00Z')).isOpen).toBe(true);
  });

  it.each([
    [
      'timezone: Mars/Olympus',
      '0.yaml:4:18 wrong-value: spec.timezone: must be an IANA time zone, as in Asia/Kolkata',
    ],
    ['timezone: UTC, weekly: {mon-fry: "09:00-19:00"}', '"mon-fry" is no day of the week'],
    [
      'timezone: UTC, weekly: {mon-fri: "09:00-19:00", wed: "10:00-12:00"}',
      'says again of a day what mon-fri says',
    ],
    ['timezone: UTC, weekly: {mon: "9-17"}', 'must be hours as in 09:00-19:00'],
    ['timezone: UTC, weekly: {}', 'never-open: spec.weekly: the calendar is never open'],
    [
      'timezone: UTC, holidays: {country: India}',
      'unknown-holidays: spec.holidays.country: there are no holidays of the country "India"',
    ],
    ['timezone: UTC, holidays: {country: IN, region: XX}', 'there are no holidays of the region "XX"'],
    ['timezone: UTC, holidays: {country: IN, types: [publik]}', 'did you mean public?'],
    ['timezone: Asia/Calcuta', 'did you mean Asia/Calcutta?'],
    ['timezone: UTC, weekly: {Mon-Fri: "09:00-19:00"}', 'did you mean mon-fri?'],
    ['timezone: UTC, weekly: {saturday: "09:00-19:00"}', 'did you mean sat?'],
    [
      'timezone: UTC, closed: [{from: 2026-02-30T09:00Z, to: 2026-03-05T09:00Z}]',
      '"2026-02-30T09:00Z" is no time',
    ],
    ['timezone: UTC, closed: [{reason: x}]', 'needs a date, or from and to'],
    ['timezone: UTC, closed: [{date: 2026-13-01}]', 'must be a date as in 2026-12-24'],
    [
      'timezone: UTC, closed: [{from: 2026-12-26T09:00, to: 2026-12-24T12:00}]',
      'spec.closed[0].to: must be after from',
    ],
    [
      'timezone: UTC, closed: [{from: 2026-12-24, to: 2026-12-26T09:00}]',
      'must be a time as in 2026-12-24T12:00',
    ],
    [
      'timezone: Europe/Berlin, closed: [{from: 2026-10-25T02:30, to: 2026-10-25T09:00}]',
      'clock-change: spec.closed[0].from: 2026-10-25T02:30 exists twice in Europe/Berlin: the clocks go back over it | write which is meant: 2026-10-25T02:30+02:00 is the first, 2026-10-25T02:30+01:00 the second',
    ],
    [
      'timezone: Europe/Berlin, open: [{from: 2027-03-28T02:30, to: 2027-03-28T09:00}]',
      '2027-03-28T02:30 does not exist in Europe/Berlin: the clocks go forward past it | the moment of that change is 2027-03-28T03:00+02:00',
    ],
  ])('that is wrong says what and where: %s', (spec, message) => {
    const [first, ...others] = told(calendar(spec));
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  it('is told everything that is wrong with it at once, where its zone is wrong as well', () => {
    const spec = 'timezone: Mars/Olympus, weekly: {mon-fry: "09:00-19:00"}, holidays: {country: India}';
    expect(told(calendar(spec)).map(one => one.split(': ')[1])).toEqual([
      'spec.timezone',
      'spec.weekly.mon-fry',
      'spec.holidays.country',
    ]);
  });

  it('misspelt in its kind is told what a calendar is', () => {
    expect(told(INDIA.replace('Calendar', 'calender'))).toEqual([
      '0.yaml:2:7 wrong-value: kind cannot be "calender" | did you mean Calendar?',
    ]);
  });
});

describe('a timetable', () => {
  it.each([
    ['{}', 'active', 'wrong-timetable: spec.timetable: says nothing'],
    [
      '{calendar: hours}',
      'ended',
      'spec.timetable: stands with desiredStatus: ended, and can do nothing for it',
    ],
    [
      '{until: 2027-03-31T18:00}',
      'active',
      'spec.timetable.until: has no zone: no calendar gives one | write its offset, as in 2027-03-31T18:00+05:30',
    ],
    [
      '{calendar: hour}',
      'active',
      '0.yaml:1:1 unknown-calendar: there is no calendar hour | known calendars: hours',
    ],
    [
      '{calendar: hours, from: 2027-01-01T00:00, until: 2026-01-01T00:00}',
      'active',
      'wrong-timetable: timetable.until must be after timetable.from',
    ],
    [
      '{calendar: hours, from: 2026-10-25T02:30}',
      'active',
      'clock-change: timetable.from: 2026-10-25T02:30 exists twice in Europe/Berlin',
    ],
  ])('that is wrong holds its campaign: %s with %s', (timetable, desired, message) => {
    const files = [timed(timetable, desired), calendar('timezone: Europe/Berlin')];
    const [first, ...others] = told(...files);
    expect(first).toContain(message);
    expect(others).toEqual([]);
    expect(claimsByKey(declared(...files)).get('collections/camp-1')?.kind).toBe('invalid');
  });

  it('that is no time is told so once, and not that clocks change', () => {
    const codes = parse('a.yaml', yaml({extra: 'timetable: {until: 2027-02-30T18:00Z}'})).diagnostics.map(
      ({code}) => code,
    );
    expect(codes).not.toContain('clock-change');
    expect(told(timed('{until: 2027-03-31 18:00}'))).toHaveLength(1);
    expect(told(timed('{until: 2027-02-30T18:00Z}'))).toEqual([
      expect.stringContaining('timetable.until: "2027-02-30T18:00Z" is no time'),
    ]);
  });

  it('goes by the calendar of its name, wherever that stands, and is held while there are two', () => {
    const set = declared(
      timed('{calendar: hours, from: 2026-12-01T00:00}'),
      calendar('timezone: Asia/Kolkata'),
    );
    const claim = claimsByKey(set).get('collections/camp-1');
    expect(claim?.kind === 'valid' && claim.declaration.opening).toMatchObject({
      from: at('2026-12-01T00:00:00+05:30'),
    });
    set.change(new Map([['2.yaml', parse('2.yaml', calendar('timezone: UTC'))]]));
    expect(claimsByKey(set).get('collections/camp-1')).toMatchObject({
      kind: 'invalid',
      problem: 'its calendar hours is not as it should be, in 1.yaml:1, 2.yaml:1',
    });
    expect(set.diagnostics.map(({code, file}) => [code, file])).toEqual([
      ['duplicate-name', '1.yaml'],
      ['duplicate-name', '2.yaml'],
    ]);
    set.change(new Map([['2.yaml', undefined]]));
    expect(claimsByKey(set).get('collections/camp-1')?.kind).toBe('valid');
  });

  it('of a campaign that is declared paused is no mistake, only worth a word: a stop takes one word', () => {
    const set = declared(timed('{calendar: hours}', 'paused'), calendar('timezone: UTC'));
    expect(set.diagnostics).toEqual([]);
    expect(warningsOf(set, 0).map(({code}) => code)).toEqual(['idle-timetable']);
    const broken = declared(timed('{calendar: nowhere}', 'paused'));
    expect(broken.diagnostics).toEqual([]);
    const claim = claimsByKey(broken).get('collections/camp-1');
    expect(claim?.kind === 'valid' && claim.declaration.opening).toBeUndefined();
  });

  it('is told nothing more where only its calendar is wrong', () => {
    expect(told(timed('{calendar: hours}'), calendar('timezone: UTC, weekly: {}'))).toHaveLength(1);
  });

  it('is read alike by the fast and by the full parser', () => {
    const text = timed('{calendar: hours}');
    expect(parse('a.yaml', text)).toEqual(parseFully('a.yaml', Buffer.from(text)));
    const block = yaml({extra: 'timetable:\n    calendar: hours\n    from: 2026-12-01T00:00'});
    expect(parse('a.yaml', block)).toEqual(parseFully('a.yaml', Buffer.from(block)));
  });
});
