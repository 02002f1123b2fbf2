import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Calendar} from '../../src/domain/calendar.ts';
import type {CalendarSpec, Hours, Span} from '../../src/domain/calendar-spec.ts';
import {type Opening, openingAt} from '../../src/domain/opening.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;
const noHolidays = (): ReadonlyMap<string, string> => new Map();

const calendarOf = (given: Partial<CalendarSpec> = {}, holidays: Record<string, string> = {}): Calendar =>
  new Calendar(
    {
      name: 'hours',
      timezone: 'Europe/Berlin',
      closed: [],
      open: [],
      source: {file: 'calendars.yaml', line: 1},
      ...given,
    },
    () => new Map(Object.entries(holidays)),
  );

const weekdays = (from: number, to: number): readonly (readonly Hours[])[] => [
  ...Array.from({length: 5}, () => [{from: from * 60, to: to * 60}]),
  [],
  [],
];

describe('a calendar', () => {
  it('is open in the hours of its week, by the clock of its zone', () => {
    const calendar = calendarOf({weekly: weekdays(9, 19)});
    expect(calendar.at(at('2026-11-27T08:59[Europe/Berlin]'))).toEqual({
      ...calendar.at(at('2026-11-27T08:59[Europe/Berlin]')),
      isOpen: false,
      reason: 'outside its hours',
    });
    expect(calendar.at(at('2026-11-27T09:00[Europe/Berlin]')).isOpen).toBe(true);
    expect(calendar.at(at('2026-11-27T19:00[Europe/Berlin]')).isOpen).toBe(false);
    expect(calendar.stretchAt(at('2026-11-28T12:00[Europe/Berlin]'))).toEqual({
      isOpen: false,
      from: at('2026-11-27T19:00[Europe/Berlin]'),
      to: at('2026-11-30T09:00[Europe/Berlin]'),
    });
  });

  it('is closed on a holiday, with the evening that reaches past it, and open again where that was agreed', () => {
    const night = Array.from({length: 7}, () => [{from: 18 * 60, to: 26 * 60}]);
    const open = {
      from: at('2026-12-25T20:00[Europe/Berlin]'),
      to: at('2026-12-25T21:00[Europe/Berlin]'),
      reason: '',
    };
    const calendar = calendarOf(
      {weekly: night, open: [open], holidays: {country: 'DE', types: ['public']}},
      {'2026-12-25': 'Christmas Day'},
    );
    expect(calendar.at(at('2026-12-25T00:30[Europe/Berlin]'))).toMatchObject({
      isOpen: false,
      reason: 'Christmas Day',
    });
    expect(calendar.at(at('2026-12-26T00:30[Europe/Berlin]')).isOpen).toBe(false);
    expect(calendar.at(open.from).isOpen).toBe(true);
    expect(calendar.at(at('2026-12-26T18:00[Europe/Berlin]')).isOpen).toBe(true);
  });

  it('is closed where it says so, whatever else it says', () => {
    const [from, to] = [at('2026-11-09T00:00[Europe/Berlin]'), at('2026-11-10T00:00[Europe/Berlin]')];
    const closed = {from, to, reason: 'Diwali'};
    const calendar = calendarOf({closed: [closed], open: [{...closed, reason: 'agreed'}]});
    expect(calendar.at(from)).toMatchObject({isOpen: false, reason: 'Diwali'});
    expect(calendar.stretchAt(to)).toEqual({isOpen: true, from: to, to: Number.POSITIVE_INFINITY});
  });

  it('knows what comes in ten years where nothing repeats itself', () => {
    const from = at('2041-01-01T00:00[Europe/Berlin]');
    const calendar = calendarOf({closed: [{from, to: from + DAY, reason: 'moving'}]});
    expect(calendar.stretchAt(at('2026-01-01T00:00[Europe/Berlin]')).to).toBe(from);
  });
});

/** Daylight saving in both hemispheres, a shift of half an hour, no shift at odd minutes, and the date line. */
const ZONES = [
  'Europe/Berlin',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/New_York',
];
const START = Date.UTC(2026, 0, 1);
const TEN_YEARS = 3_652;

const hours = fc
  .record({from: fc.integer({min: 0, max: 1_439}), length: fc.integer({min: 1, max: 1_440})})
  .map(({from, length}) => ({from, to: from + length}));
const spans = fc.array(
  fc
    .record({
      day: fc.integer({min: 0, max: TEN_YEARS}),
      minute: fc.integer({min: 0, max: 1_439}),
      length: fc.integer({min: 1, max: 4_000}),
    })
    .map(({day, length, minute}): Span => {
      const from = START + day * DAY + minute * MINUTE;
      return {from, to: from + length * MINUTE, reason: 'said'};
    }),
  {maxLength: 5},
);
const specs = fc.record({
  timezone: fc.constantFrom(...ZONES),
  weekly: fc.option(fc.array(fc.array(hours, {maxLength: 2}), {minLength: 7, maxLength: 7}), {
    nil: undefined,
  }),
  closed: spans,
  open: spans,
  holidays: fc.uniqueArray(fc.integer({min: 0, max: TEN_YEARS}), {maxLength: 20}),
});

const dateIn = (time: number, timezone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timezone).toPlainDate();

type Given = typeof specs extends fc.Arbitrary<infer T> ? T : never;

const named = ({holidays}: Given): ReadonlySet<string> =>
  new Set(holidays.map(day => dateIn(START + day * DAY, 'UTC').toString()));

/** The same said once more, for one moment, without any search. */
const isOpenBy = (
  {closed, open, timezone, weekly}: Given,
  holidays: ReadonlySet<string>,
  time: number,
): boolean => {
  const within = ({from, to}: {from: number; to: number}): boolean => from <= time && time < to;
  if (closed.some(within)) return false;
  if (open.some(within)) return true;
  const date = dateIn(time, timezone);
  if (holidays.has(date.toString())) return false;
  if (!weekly) return true;
  const minuteOf = (day: Temporal.PlainDate, minute: number): number => {
    const midnight = day.toZonedDateTime({timeZone: timezone}).toPlainDateTime();
    return midnight.round('day').add({minutes: minute}).toZonedDateTime(timezone).epochMilliseconds;
  };
  return [date, date.subtract({days: 1})].some(
    day =>
      !holidays.has(day.toString()) &&
      (weekly[day.dayOfWeek - 1] ?? []).some(({from, to}) =>
        within({from: minuteOf(day, from), to: minuteOf(day, to)}),
      ),
  );
};

const make = ({holidays: _holidays, weekly, ...rest}: Given, holidays: ReadonlySet<string>): Calendar =>
  new Calendar(
    {
      name: 'any',
      ...rest,
      ...(weekly && {weekly}),
      holidays: {country: 'XX', types: ['public']},
      source: {file: 'calendars.yaml', line: 1},
    },
    () => new Map([...holidays].map(date => [date, 'a holiday'])),
  );

describe('the search for the next change', () => {
  it('agrees with asking minute by minute, in every kind of zone, days of changing clocks among them', () => {
    fc.assert(
      fc.property(specs, fc.integer({min: 0, max: TEN_YEARS * 1_440}), (given, minute) => {
        const holidays = named(given);
        const calendar = make(given, holidays);
        const start = START + minute * MINUTE;
        let next = calendar.stretchAt(start);
        for (let time = start; time < start + 2 * DAY; time += MINUTE) {
          if (time >= next.to) next = calendar.stretchAt(time);
          expect(next.isOpen).toBe(isOpenBy(given, holidays, time));
          expect(next.from <= time && time < next.to).toBe(true);
        }
      }),
      {numRuns: 12},
    );
  });
});

describe('a week that is the same all the time, but for one stretch in the night,', () => {
  const nights = fc.record({
    timezone: fc.constantFrom('Europe/Berlin', 'Australia/Sydney', 'Australia/Lord_Howe', 'America/New_York'),
    from: fc.integer({min: 0, max: 8}).map(quarters => 60 + 15 * quarters),
    length: fc.constantFrom(15, 30, 60),
    isOpening: fc.boolean(),
    isOverlapping: fc.boolean(),
    day: fc.integer({min: 0, max: 2 * 366}),
    before: fc.integer({min: 0, max: 14}),
  });

  /** The hours of a day that are open but for a stretch, or closed but for it; or that overlap where clocks do not change. */
  const dayWith = ({
    from,
    isOpening,
    isOverlapping,
    length,
  }: {
    from: number;
    isOpening: boolean;
    isOverlapping: boolean;
    length: number;
  }) => {
    if (isOpening) return [{from, to: from + length}];
    return isOverlapping
      ? [
          {from: 0, to: from + length},
          {from, to: 1_440},
        ]
      : [
          {from: 0, to: from},
          {from: from + length, to: 1_440},
        ];
  };

  const changeAfter = (day: number, timezone: string): number => {
    const time = START + day * DAY;
    const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timezone);
    return zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? time;
  };

  it('changes when it should, whenever it is asked, though a change of the clocks skips that stretch', () => {
    fc.assert(
      fc.property(nights, ({before, day, timezone, ...night}) => {
        const change = changeAfter(day, timezone);
        const weekday = dateIn(change, timezone).dayOfWeek - 1;
        const weekly = Array.from({length: 7}, (_, at) => {
          if (at === weekday) return dayWith(night);
          return night.isOpening ? [] : [{from: 0, to: 1_440}];
        });
        const given = {timezone, weekly, closed: [], open: [], holidays: []};
        const calendar = calendarOf({timezone, weekly});
        const start = change - before * DAY;
        let next = calendar.stretchAt(start);
        for (let time = start; time < start + 30 * DAY; time += 15 * MINUTE) {
          if (time >= next.to) next = calendar.stretchAt(time);
          expect(next.isOpen).toBe(isOpenBy(given, new Set(), time));
        }
      }),
      {numRuns: 40},
    );
  });

  it('is closed on the Sunday after the one on which the clocks skip that hour', () => {
    const weekly = [
      ...Array.from({length: 6}, () => [{from: 0, to: 1_440}]),
      [
        {from: 0, to: 120},
        {from: 180, to: 1_440},
      ],
    ];
    const calendar = calendarOf({weekly});
    expect(calendar.stretchAt(at('2027-03-22T13:00[Europe/Berlin]'))).toEqual({
      isOpen: true,
      from: at('2027-03-21T03:00[Europe/Berlin]'),
      to: at('2027-04-04T02:00[Europe/Berlin]'),
    });
  });
});

describe('the opening of a campaign', () => {
  const openings = fc.record({
    given: specs,
    from: fc.option(fc.integer({min: 0, max: 20 * 1_440}), {nil: undefined}),
    until: fc.option(fc.integer({min: 0, max: 20 * 1_440}), {nil: undefined}),
    lead: fc.constantFrom(0, MINUTE, 17 * MINUTE, 30 * MINUTE),
    minute: fc.integer({min: 0, max: 20 * 1_440}),
  });

  it('says of each moment the same as the one before said it would, until it changes', () => {
    fc.assert(
      fc.property(openings, ({from, given, lead, minute, until}) => {
        const opening: Opening = {
          calendar: make(given, named(given)),
          ...(from !== undefined && {from: START + from * MINUTE}),
          ...(until !== undefined && {until: START + until * MINUTE}),
        };
        let said = openingAt(opening, START + minute * MINUTE, lead);
        for (let time = START + minute * MINUTE; time < START + (minute + 4_000) * MINUTE; time += MINUTE) {
          const now = openingAt(opening, time, lead);
          const isDue = said.until !== undefined && time >= said.until;
          expect(now.isOpen).toBe(isDue ? !said.isOpen : said.isOpen);
          if (isDue) expect(now.since).toBe(said.until);
          const plain = openingAt(opening, time);
          if (now.isOpen) expect(plain.isOpen).toBe(true);
          else if (plain.isOpen) expect((plain.until ?? 0) - time).toBeLessThanOrEqual(lead);
          said = now;
        }
      }),
      {numRuns: 12},
    );
  });

  it('without a calendar has a beginning and an end', () => {
    const opening = {from: START, until: START + DAY};
    expect(openingAt(opening, START - 1)).toEqual({
      isOpen: false,
      until: START,
      reason: 'its timetable has not begun',
    });
    expect(openingAt(opening, START, MINUTE)).toEqual({
      isOpen: true,
      since: START,
      edge: START,
      until: START + DAY - MINUTE,
      reason: '',
    });
    expect(openingAt(opening, START + DAY - MINUTE, MINUTE)).toEqual({
      isOpen: false,
      since: START + DAY - MINUTE,
      edge: START + DAY,
      reason: 'its timetable is about to end',
    });
    expect(openingAt(opening, START + DAY)).toEqual({
      isOpen: false,
      since: START + DAY,
      edge: START + DAY,
      reason: 'its timetable is over',
    });
  });

  it('that is shorter than its closing takes is open for its first half, day after day', () => {
    const calendar = calendarOf({
      timezone: 'UTC',
      weekly: Array.from({length: 7}, () => [{from: 540, to: 550}]),
    });
    const day = Date.UTC(2026, 10, 27);
    expect(openingAt({calendar}, day + 541 * MINUTE, 30 * MINUTE)).toMatchObject({
      isOpen: true,
      until: day + 545 * MINUTE,
    });
    expect(openingAt({calendar}, day + 546 * MINUTE, 30 * MINUTE)).toEqual({
      isOpen: false,
      since: day + 545 * MINUTE,
      edge: day + 550 * MINUTE,
      until: day + DAY + 540 * MINUTE,
      reason: 'about to close: outside its hours',
    });
  });

  it('begins to close before its end, and says why it will be closed', () => {
    const calendar = new Calendar({...calendarOf({weekly: weekdays(9, 19)}).spec}, noHolidays);
    const time = at('2026-11-27T18:55[Europe/Berlin]');
    expect(openingAt({calendar}, time, 10 * MINUTE)).toEqual({
      isOpen: false,
      since: at('2026-11-27T18:50[Europe/Berlin]'),
      edge: at('2026-11-27T19:00[Europe/Berlin]'),
      until: at('2026-11-30T09:00[Europe/Berlin]'),
      reason: 'about to close: outside its hours',
    });
  });
});
