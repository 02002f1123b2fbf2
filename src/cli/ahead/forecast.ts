import {z} from 'zod';
import type {Upcoming} from '../../domain/agenda.ts';
import {validIn} from '../../domain/declarations.ts';
import {forecast as forecastOf} from '../../domain/forecast.ts';
import {nameMatcher} from '../../domain/selection.ts';
import {counted, oneLine, toJson} from '../../domain/text.ts';
import {rfc3339, timeIn} from '../../domain/time.ts';
import {upcomingSchema} from '../../http/report-schemas.ts';
import {upcomingView} from '../../http/upcoming.ts';
import {systemClock} from '../../system.ts';
import {EXIT, type ExitCode, type Io, print, widthOf} from '../io.ts';
import {paceOf} from '../rates.ts';
import {say} from '../say.ts';
import {table} from '../table.ts';
import {type AheadFlags, withDeclarations} from './declarations.ts';

export interface ForecastFlags extends AheadFlags {
  /** How far ahead: milliseconds. */
  readonly for: number;
}

const time = z.iso.datetime();

/** What `rollcall forecast --format json` prints. */
export const forecastSchema = z
  .object({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Forecast'),
    from: time,
    until: time,
    items: z.array(upcomingSchema),
  })
  .describe('What campaigns will do by themselves, by what Git says alone.');

const documentOf = (items: readonly Upcoming[], from: number, until: number) => ({
  apiVersion: 'rollcall.dev/v1',
  kind: 'Forecast',
  from: rfc3339(from),
  until: rfc3339(until),
  items: items.map(upcomingView),
});

const whose = ({first, number}: Upcoming): string => {
  const names = first.map(({name}) => name).join(', ');
  return number === 1
    ? names
    : `${counted(number, 'campaign')}: ${names}${number > first.length ? ', …' : ''}`;
};

/** The time of day, where it is of the same day as another time; else all of it. */
const sooner = (time: number, than: number, timezone: string): string => {
  const [text, other] = [timeIn(time, timezone), timeIn(than, timezone)];
  const [, day, clock = text] = text.split(' ');
  return day === other.split(' ')[1] ? clock : text;
};

const earlyText = ({at, begins}: Upcoming, timezone: string): string =>
  begins === undefined || begins === at ? '' : ` (the pauses begin at ${sooner(begins, at, timezone)})`;

const textOf = (items: readonly Upcoming[], io: Io): string =>
  table(
    items.map(item => {
      const {at, timezone = io.timezone, what, workspace} = item;
      const told = oneLine(what) + earlyText(item, timezone);
      return [timeIn(at, timezone), workspace, oneLine(whose(item)), told];
    }),
    widthOf(io.stdout),
  );

/** `rollcall forecast`: what campaigns will do by themselves: timetables, holds and freezes. Asks no platform. */
export const forecast = (name: string | undefined, flags: ForecastFlags, io: Io): Promise<ExitCode> =>
  withDeclarations(flags, io, (declarations, {workspaces}) => {
    const all = [...validIn(declarations).values()];
    const matches = name === undefined ? () => true : nameMatcher(name);
    const shown = all.filter(matches);
    if (name !== undefined && shown.length === 0) {
      say(io, `rollcall: no valid declaration of that name: ${JSON.stringify(name)}`);
      return EXIT.failed;
    }
    const from = systemClock.now();
    const until = from + flags.for;
    const paces = new Map(workspaces.map(workspace => [workspace.name, paceOf(workspace)]));
    const items = forecastOf(all, shown, {from, to: until}, workspace => paces.get(workspace));
    if (flags.format === 'json') print(io.stdout, toJson(documentOf(items, from, until), 2));
    else if (items.length > 0) print(io.stdout, textOf(items, io));
    else say(io, `nothing happens by itself until ${timeIn(until, io.timezone)}; --for looks further ahead`);
    return EXIT.ok;
  });
