import {z} from 'zod';
import {knownKeysOf} from '../document/check.ts';
import {dnsLabel} from '../document/names.ts';
import {nearest} from '../document/nearest.ts';
import {type CalendarSpec, type Hours, type Span, timeOfDay} from '../domain/calendar.ts';
import {clockProblem, isTimezone, localTime} from '../domain/local-time.ts';
import {hoursIn, hoursText, weeklySchema, weekOf, weekProblems} from './calendar-hours.ts';
import {HOLIDAY_TYPES, holidayCountries, holidayRegions} from './holidays.ts';
import {isTimeText, localTimeText} from './local-text.ts';
import {oneLine} from './schema.ts';

const MINUTES_OF_DAY = 1_440;
const MOST_SPANS = 1_000;

const date = z.iso.date({error: 'must be a date as in 2026-12-24'});

/** A day, or a stretch of time. */
const span = {
  date: date.optional().describe('A whole day, in the calendar’s time zone.'),
  from: localTimeText
    .optional()
    .describe('Instead of a day: when it begins, by the clocks of the time zone.'),
  to: localTimeText.optional().describe('When it ends.'),
  reason: oneLine(256).optional().describe('Why, for people.'),
};
const closedSpan = z.strictObject(span);
const openSpan = z.strictObject({
  ...span,
  hours: hoursText
    .optional()
    .describe(
      'Of a day: in which hours it is open. Without it, in those of its day of the week, and all day where that has none.',
    ),
});

type GivenSpan = z.infer<typeof openSpan>;

const specShape = z.strictObject({
  timezone: z.string().refine(isTimezone, 'must be an IANA time zone, as in Asia/Kolkata'),
  weekly: weeklySchema
    .optional()
    .describe(
      'The hours of each day, as in mon-fri: "09:00-19:00". Without it, it is always open but for the rest.',
    ),
  holidays: z
    .strictObject({
      country: z.string().describe('The ISO 3166 code of a country, as in IN.'),
      region: z.string().optional().describe('The code of a part of it, as in MH.'),
      types: z.array(z.enum(HOLIDAY_TYPES)).min(1).prefault(['public']).describe('Which holidays count.'),
    })
    .optional()
    .describe('Closed on the holidays of a country, by the data of date-holidays.'),
  closed: z
    .array(closedSpan)
    .max(MOST_SPANS)
    .prefault([])
    .describe('Days and stretches in which it is closed, whatever else it says.'),
  open: z
    .array(openSpan)
    .max(MOST_SPANS)
    .prefault([])
    .describe('Days and stretches in which it is open, whatever holidays and the hours of the week say.'),
});

type GivenSpec = z.infer<typeof specShape>;

interface Found {
  readonly path: readonly (string | number)[];
  readonly code?: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const CLOCK = 'clock-change';

const clockProblemsOf = (given: GivenSpan, path: readonly (string | number)[], timezone: string): Found[] =>
  (['from', 'to'] as const).flatMap(key => {
    const text = given[key];
    if (text === undefined || !isTimeText(text)) return [];
    const problem = clockProblem(text, localTime(text, timezone), timezone);
    return problem ? [{path: [...path, key], code: CLOCK, ...problem}] : [];
  });

const clockProblems = (given: GivenSpan, path: readonly (string | number)[], timezone: string): Found[] => {
  const problems = clockProblemsOf(given, path, timezone);
  if (problems.length > 0 || given.from === undefined || given.to === undefined) return problems;
  const [from, to] = [localTime(given.from, timezone), localTime(given.to, timezone)];
  const isBackwards = from.kind === 'once' && to.kind === 'once' && from.time >= to.time;
  return isBackwards ? [{path: [...path, 'to'], message: 'must be after from'}] : [];
};

const spanProblems = (given: GivenSpan, path: readonly (string | number)[], timezone: string): Found[] => {
  const {date: day, from, hours, to} = given;
  const isStretch = from !== undefined || to !== undefined;
  if (day === undefined && (from === undefined || to === undefined))
    return [{path: [...path], message: 'needs a date, or from and to'}];
  if (day !== undefined && isStretch)
    return [{path: [...path], message: 'has a date, and from or to besides'}];
  if (hours !== undefined && isStretch)
    return [{path: [...path, 'hours'], message: 'stands without a date: say it in from and to'}];
  return clockProblems(given, path, timezone);
};

const holidayProblems = ({holidays}: GivenSpec): Found[] => {
  if (!holidays) return [];
  const {country, region} = holidays;
  const said = (kind: string, text: string, known: readonly string[]): Found => {
    const near = nearest(text, known);
    const hint = near ? `did you mean ${near}?` : `known ones: ${known.slice(0, 60).join(', ')}`;
    const message = `there are no holidays of the ${kind} ${JSON.stringify(text)}`;
    return {path: ['holidays', kind], code: 'unknown-holidays', message, hint};
  };
  const countries = holidayCountries();
  if (!countries.includes(country)) return [said('country', country, countries)];
  const regions = holidayRegions(country);
  return region === undefined || regions.includes(region) ? [] : [said('region', region, regions)];
};

const NEVER_OPEN: Found = {
  path: ['weekly'],
  code: 'never-open',
  message: 'the calendar is never open: its week has no hours, and nothing else opens it',
  hint: 'give a day its hours, or take weekly out: without it, the calendar is open but for what is closed',
};

const isNeverOpen = ({open, weekly}: GivenSpec): boolean =>
  weekly !== undefined && open.length === 0 && Object.values(weekly).flat().length === 0;

const problemsIn = (given: GivenSpec): Found[] => {
  const {closed, open, timezone, weekly} = given;
  return [
    ...weekProblems(weekly ?? {}).map(({key, message}) => ({path: ['weekly', key], message})),
    ...holidayProblems(given),
    ...closed.flatMap((one, index) => spanProblems(one, ['closed', index], timezone)),
    ...open.flatMap((one, index) => spanProblems(one, ['open', index], timezone)),
    ...(isNeverOpen(given) ? [NEVER_OPEN] : []),
  ];
};

const spec = specShape.superRefine((given, context) => {
  if (!isTimezone(given.timezone)) return;
  for (const {code, hint, message, path} of problemsIn(given)) {
    const params = {...(code !== undefined && {code}), ...(hint !== undefined && {hint})};
    context.addIssue({code: 'custom', path: [...path], message, params});
  }
});

/** A calendar, as a document of a YAML file: when campaigns that go by it may call. */
export const calendarSchema = z
  .strictObject({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Calendar'),
    metadata: z.strictObject({name: dnsLabel.describe('By which campaigns name it; an RFC 1123 label.')}),
    spec,
  })
  .describe(
    'When campaigns may call: hours of the week, holidays, and days that are closed or open by themselves.',
  );

type CalendarDocument = z.infer<typeof calendarSchema>;

const toJsonSchema = (): Record<string, unknown> =>
  z.toJSONSchema(calendarSchema, {target: 'draft-7', io: 'input'});

/** The keys of a calendar by path, for «did you mean». */
export const knownCalendarKeys = knownKeysOf(toJsonSchema());

const timeIn = (text: string, timezone: string): number => {
  const local = localTime(text, timezone);
  if (local.kind !== 'once') throw new Error(`${text} was taken for a time of ${timezone}`);
  return local.time;
};

const dayOf = (text: string, timezone: string, hours: readonly Hours[]) => {
  const day = Temporal.PlainDate.from(text);
  return hours.map(({from, to}) => ({
    from: timeOfDay(day, from, timezone),
    to: timeOfDay(day, to, timezone),
  }));
};

const WHOLE_DAY: readonly Hours[] = [{from: 0, to: MINUTES_OF_DAY}];

const spansOf = (
  given: GivenSpan,
  timezone: string,
  hours: readonly Hours[],
  otherwise: string,
): readonly Span[] => {
  const {date: day, from, reason = otherwise, to} = given;
  if (day !== undefined) return dayOf(day, timezone, hours).map(one => ({...one, reason}));
  if (from === undefined || to === undefined) return [];
  return [{from: timeIn(from, timezone), to: timeIn(to, timezone), reason}];
};

const openHours = ({date: day, hours}: GivenSpan, week: readonly (readonly Hours[])[]): readonly Hours[] => {
  const said = hours === undefined ? undefined : hoursIn(hours);
  if (said) return [said];
  const ofWeek = day === undefined ? [] : (week[Temporal.PlainDate.from(day).dayOfWeek - 1] ?? []);
  return ofWeek.length > 0 ? ofWeek : WHOLE_DAY;
};

/** The calendar that a document is. */
export const toCalendar = (
  {metadata, spec: given}: CalendarDocument,
  file: string,
  line: number,
): CalendarSpec => {
  const {closed, holidays, open, timezone, weekly} = given;
  const week = weekOf(weekly ?? {});
  return {
    name: metadata.name,
    timezone,
    ...(weekly && {weekly: week}),
    ...(holidays && {
      holidays: {
        country: holidays.country,
        types: holidays.types,
        ...(holidays.region !== undefined && {region: holidays.region}),
      },
    }),
    closed: closed.flatMap(one => spansOf(one, timezone, WHOLE_DAY, 'closed by its calendar')),
    open: open.flatMap(one => spansOf(one, timezone, openHours(one, week), 'open by its calendar')),
    source: {file, line},
  };
};

/** The JSON Schema of a calendar. */
export const calendarJsonSchema = (): Record<string, unknown> => {
  const {$schema, ...rest} = toJsonSchema();
  return {
    $schema,
    $id: 'https://rollcall.dev/schema/v1/calendar.schema.json',
    title: 'Rollcall calendar',
    ...rest,
  };
};
