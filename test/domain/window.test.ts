import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {lengthOf, timeIn} from '../../src/domain/time.ts';
import {type AllowedSchedule, cutOff, diallingFrom} from '../../src/domain/window.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Tuesday. */
const NOW = Date.UTC(2026, 10, 24, 12);
const EVERY_DAY = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const office = (changes: Partial<AllowedSchedule> = {}): AllowedSchedule => ({
  start: '09:00',
  end: '18:00',
  days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  timezone: 'Asia/Kolkata',
  ...changes,
});
const starts = (schedule: AllowedSchedule, now = NOW, endsAt = now + 30 * DAY): string => {
  const dialling = diallingFrom({startsAt: now - DAY, endsAt, schedule}, now);
  if (dialling.kind !== 'at') return dialling.kind;
  return dialling.time <= now ? 'now' : timeIn(dialling.time, dialling.timezone);
};

describe('when a resumed campaign starts to dial', () => {
  it.each([
    ['at once inside its hours', office(), Date.UTC(2026, 10, 24, 5), 'now'],
    [
      'at the opening in the morning',
      office(),
      Date.UTC(2026, 10, 24, 1),
      'Tue 2026-11-24 09:00 Asia/Kolkata',
    ],
    [
      'the next day after hours',
      office(),
      Date.UTC(2026, 10, 24, 12, 30),
      'Wed 2026-11-25 09:00 Asia/Kolkata',
    ],
    ['on Monday after a Friday', office(), Date.UTC(2026, 10, 27, 13), 'Mon 2026-11-30 09:00 Asia/Kolkata'],
    [
      'a week later on its only day',
      office({days: ['Tuesday']}),
      NOW + HOUR,
      'Tue 2026-12-01 09:00 Asia/Kolkata',
    ],
    [
      'at once in hours that began yesterday',
      office({start: '22:00', end: '06:00', days: ['Monday'], timezone: 'UTC'}),
      Date.UTC(2026, 10, 24, 5),
      'now',
    ],
    [
      'not any more when they are over',
      office({start: '22:00', end: '06:00', days: ['Monday'], timezone: 'UTC'}),
      Date.UTC(2026, 10, 24, 6),
      'Mon 2026-11-30 22:00 UTC',
    ],
    [
      'at once where the day ends at 24:00',
      office({start: '00:00', end: '24:00', days: EVERY_DAY, timezone: 'UTC'}),
      Date.UTC(2026, 10, 24, 23, 59),
      'now',
    ],
    ['never without an allowed day', office({days: []}), NOW, 'never'],
    ['who knows, in a zone that there is not', office({timezone: 'Mars/Base'}), NOW, 'unknown'],
    ['who knows, on a day that there is not', office({days: ['Someday']}), NOW, 'unknown'],
    ['who knows, at a time that there is not', office({start: '25:00'}), NOW, 'unknown'],
  ])('%s', (_name, schedule, now, expected) => expect(starts(schedule, now)).toBe(expected));

  it('follows the clocks of its zone when they change', () => {
    const berlin = office({timezone: 'Europe/Berlin', days: EVERY_DAY});
    const before = diallingFrom({startsAt: 0, schedule: berlin}, Date.UTC(2027, 2, 27, 20));
    expect(before).toMatchObject({kind: 'at', time: Date.UTC(2027, 2, 28, 7)});
    const atGap = office({timezone: 'Europe/Berlin', days: EVERY_DAY, start: '02:30'});
    expect(diallingFrom({startsAt: 0, schedule: atGap}, Date.UTC(2027, 2, 27, 20))).toMatchObject({
      time: Date.UTC(2027, 2, 28, 1),
    });
  });

  it('is its start where that lies ahead, and never where no allowed time is left before its end', () => {
    expect(diallingFrom({startsAt: NOW + DAY}, NOW)).toEqual({kind: 'at', time: NOW + DAY, timezone: 'UTC'});
    expect(diallingFrom({startsAt: NOW - DAY, endsAt: NOW}, NOW)).toEqual({kind: 'never'});
    expect(starts(office(), Date.UTC(2026, 10, 24, 13), Date.UTC(2026, 10, 25, 3))).toBe('never');
    expect(diallingFrom({}, NOW)).toEqual({kind: 'unknown'});
  });

  it.each([
    ['02:00', '02:20', '2026-10-11T02:00+11:00'],
    ['02:10', '03:00', '2026-10-04T02:30+11:00'],
    ['01:00', '02:10', '2026-10-04T01:00+10:30'],
  ])('knows no hour that the clocks go forward past: %s to %s', (start, end, first) => {
    const schedule = {start, end, days: ['sun'], timezone: 'Australia/Lord_Howe'};
    const [now, time] = ['2026-10-03T12:00Z', first].map(Date.parse) as [number, number];
    expect(diallingFrom({startsAt: 0, schedule}, now)).toMatchObject({kind: 'at', time});
  });

  it('is a moment inside window, hours and days, and none before it is, whatever they are', () => {
    const clock = fc.tuple(fc.integer({min: 0, max: 23}), fc.integer({min: 0, max: 59}));
    const text = ([hour, minute]: [number, number]): string =>
      `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
    const schedule = fc.record({
      start: clock.map(text),
      end: clock.map(text),
      days: fc.uniqueArray(fc.constantFrom(...EVERY_DAY), {minLength: 1}),
      timezone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe'),
    });
    const isOpen = ({days, end, start, timezone}: AllowedSchedule, time: number): boolean => {
      const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timezone);
      const at = zoned.toPlainTime().toString({smallestUnit: 'minute'});
      const on = (day: number): boolean => days.includes(EVERY_DAY[(day + 6) % 7] ?? '');
      if (start < end) return on(zoned.dayOfWeek) && start <= at && at < end;
      return (on(zoned.dayOfWeek) && at >= start) || (on(zoned.dayOfWeek - 1) && at < end);
    };
    const minutes = fc.integer({min: 0, max: 200_000}).map(n => Date.UTC(2026, 5, 1) + n * 60_000);
    fc.assert(
      fc.property(schedule, minutes, (allowed, now) => {
        const dialling = diallingFrom({startsAt: 0, schedule: allowed}, now);
        if (dialling.kind !== 'at') return false;
        for (let time = now; time < dialling.time; time += 10 * 60_000)
          if (isOpen(allowed, time)) return false;
        return isOpen(allowed, dialling.time);
      }),
      {numRuns: 300},
    );
  });
});

describe('what a cancel cuts off', () => {
  it('is what lies ahead of its window, all of it before its start, nothing after its end', () => {
    const window = {startsAt: NOW - 20 * DAY, endsAt: NOW + 10 * DAY};
    expect(cutOff(window, NOW)).toEqual({remaining: 10 * DAY, whole: 30 * DAY});
    expect(cutOff(window, NOW - 40 * DAY)).toEqual({remaining: 30 * DAY, whole: 30 * DAY});
    expect(cutOff(window, NOW + 40 * DAY)).toEqual({remaining: 0, whole: 30 * DAY});
    expect(cutOff({endsAt: NOW}, NOW)).toBeUndefined();
  });
  it.each([
    [0, 'less than a minute'],
    [61_000, '1 min'],
    [HOUR, '1 h'],
    [DAY + 3 * HOUR + 59 * 60_000, '1 day 3 h'],
    [30 * DAY, '30 days'],
  ])('%i ms is %s', (length, text) => expect(lengthOf(length)).toBe(text));
});
