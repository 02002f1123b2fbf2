import {nearest} from '../../document/nearest.ts';
import type {Calendar} from '../../domain/calendar.ts';
import type {Span} from '../../domain/calendar-spec.ts';
import {oneLine, toJson} from '../../domain/text.ts';
import {holidaysVersion} from '../../source/holidays.ts';
import {systemClock} from '../../system.ts';
import {EXIT, type ExitCode, type Io, print} from '../io.ts';
import {say} from '../say.ts';
import {table} from '../table.ts';
import {type AheadFlags, withDeclarations} from './declarations.ts';

/** How many years are listed: this one, and the next two. */
const YEARS = 3;

/** A day, or a stretch of time, of which a calendar says something besides the hours of its week. */
interface Line {
  readonly from: string;
  readonly to: string | null;
  readonly isOpen: boolean;
  readonly reason: string;
  readonly source: string;
}

const clock = (time: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(time)
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .toString({smallestUnit: 'minute'});

const spanLine = ({from, reason, to}: Span, isOpen: boolean, timezone: string): Line => ({
  from: clock(from, timezone),
  to: clock(to, timezone),
  isOpen,
  reason,
  source: isOpen ? 'open' : 'closed',
});

const holidayLines = (calendar: Calendar, years: readonly number[]): readonly Line[] => {
  const {holidays} = calendar.spec;
  if (!holidays) return [];
  const {country, region} = holidays;
  const source = `date-holidays ${holidaysVersion()}: ${country}${region === undefined ? '' : `-${region}`}`;
  return years.flatMap(year =>
    Array.from({length: 366}, (_, day) => Temporal.PlainDate.from({year, month: 1, day: 1}).add({days: day}))
      .filter(date => date.year === year)
      .flatMap(date => {
        const reason = calendar.holidayOn(date);
        return reason === undefined ? [] : [{from: date.toString(), to: null, isOpen: false, reason, source}];
      }),
  );
};

const linesOf = (calendar: Calendar, first: number): readonly Line[] => {
  const {closed, open, timezone} = calendar.spec;
  const years = Array.from({length: YEARS}, (_, index) => first + index);
  const inYears = ({from, to}: Line): boolean =>
    from < `${first + YEARS}-01-01` && (to ?? from) > `${first}-01-01T00:00`;
  const isClosedAll = ({from, to}: Span): boolean => closed.some(one => one.from <= from && to <= one.to);
  return [
    ...holidayLines(calendar, years),
    ...closed.map(span => spanLine(span, false, timezone)).filter(inYears),
    ...open
      .filter(span => !isClosedAll(span))
      .map(span => spanLine(span, true, timezone))
      .filter(inYears),
  ].toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
};

const weekday = (from: string): string =>
  ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][Temporal.PlainDate.from(from).dayOfWeek - 1] ?? '';

const textOf = (lines: readonly Line[]): string =>
  table(
    lines.map(({from, isOpen, reason, source, to}) => [
      from.replace('T', ' '),
      to === null ? '' : `to ${to.replace('T', ' ')}`,
      weekday(from),
      isOpen ? 'open' : 'closed',
      `${oneLine(reason)} (${source})`,
    ]),
  );

const documentOf = ({spec: {name, timezone}}: Calendar, items: readonly Line[]) => ({
  apiVersion: 'rollcall.dev/v1',
  kind: 'CalendarDays',
  name,
  timezone,
  items,
});

/**
 * `rollcall calendar`: the days of this year and the next two on which a calendar says something besides its week. It is
 * the same all year, so that it can be committed, and compared.
 */
export const calendar = (name: string, flags: AheadFlags, io: Io): Promise<ExitCode> =>
  withDeclarations(flags, io, ({calendars = []}) => {
    const found = calendars.find(({spec}) => spec.name === name);
    if (!found) {
      const names = calendars.map(({spec}) => spec.name);
      const near = nearest(name, names);
      const hint = near ? `did you mean ${near}?` : `known calendars: ${names.join(', ') || 'none'}`;
      say(io, `rollcall: no valid calendar of that name: ${JSON.stringify(name)}; ${hint}`);
      return EXIT.failed;
    }
    const now = Temporal.Instant.fromEpochMilliseconds(systemClock.now());
    const lines = linesOf(found, now.toZonedDateTimeISO(found.spec.timezone).year);
    if (flags.format === 'json') print(io.stdout, toJson(documentOf(found, lines), 2));
    else if (lines.length > 0) print(io.stdout, textOf(lines));
    else say(io, 'it says nothing besides the hours of its week');
    return EXIT.ok;
  });
