import {z} from 'zod';
import {knownKeysOf} from '../document/known-keys.ts';
import {dnsLabel} from '../document/names.ts';
import {nearest} from '../document/nearest.ts';
import {whenSound} from '../document/when-sound.ts';
import type {CalendarSpec} from '../domain/calendar-spec.ts';
import {isTimezone} from '../domain/local-time.ts';
import {weeklySchema, weekOf, weekProblems} from './calendar-hours.ts';
import {
  closedSpan,
  type Found,
  openHours,
  openSpan,
  spanProblems,
  spansOf,
  WHOLE_DAY,
} from './calendar-spans.ts';
import {documentSchema, inputSchema} from './document-schema.ts';
import {HOLIDAY_TYPES, holidayCountries, holidayRegions} from './holidays.ts';

const MOST_SPANS = 1_000;

const specShape = z.strictObject({
  timezone: z.string().describe('An IANA time zone, as in Asia/Kolkata.'),
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

const zoneProblems = ({timezone}: GivenSpec): Found[] => {
  if (isTimezone(timezone)) return [];
  const near = nearest(timezone, Intl.supportedValuesOf('timeZone'));
  const message = 'must be an IANA time zone, as in Asia/Kolkata';
  return [{path: ['timezone'], message, ...(near && {hint: `did you mean ${near}?`})}];
};

/** Times are only looked at where the zone is known whose clocks show them. */
const timeProblems = ({closed, open, timezone}: GivenSpec): Found[] =>
  isTimezone(timezone)
    ? [
        ...closed.flatMap((one, index) => spanProblems(one, ['closed', index], timezone)),
        ...open.flatMap((one, index) => spanProblems(one, ['open', index], timezone)),
      ]
    : [];

const hoursProblems = ({weekly = {}}: GivenSpec): Found[] =>
  weekProblems(weekly).map(({key, ...problem}) => ({path: ['weekly', key], ...problem}));

const openProblems = (given: GivenSpec): Found[] => (isNeverOpen(given) ? [NEVER_OPEN] : []);

const telling =
  (problemsIn: (given: GivenSpec) => readonly Found[]) =>
  (given: GivenSpec, context: z.RefinementCtx): void => {
    for (const {code, hint, message, path} of problemsIn(given)) {
      const params = {...(code !== undefined && {code}), ...(hint !== undefined && {hint})};
      context.addIssue({code: 'custom', path: [...path], message, params});
    }
  };

const spec = specShape
  .superRefine(telling(zoneProblems), whenSound('timezone'))
  .superRefine(telling(hoursProblems), whenSound('weekly'))
  .superRefine(telling(holidayProblems), whenSound('holidays'))
  .superRefine(telling(timeProblems), whenSound('timezone', 'closed', 'open'))
  .superRefine(telling(openProblems), whenSound('weekly', 'open'));

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

/** The keys of a calendar by path, for «did you mean». */
export const knownCalendarKeys = knownKeysOf(inputSchema(calendarSchema));

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
export const calendarJsonSchema = (): Record<string, unknown> => documentSchema(calendarSchema, 'calendar');
