import {type Command, InvalidArgumentError, Option} from 'commander';
import {parseDuration} from '../domain/duration.ts';
import {DAY} from '../domain/time.ts';
import type {AheadFlags} from './ahead/declarations.ts';
import {configFlags, type End, examples, type Flags, format, text, withConfig, worded} from './flags.ts';
import {exitHelp, type Io} from './io.ts';

const FURTHEST = 366 * DAY;

const ahead = (given: string): number => {
  const length = parseDuration(given);
  if (length !== undefined && length > 0 && length <= FURTHEST) return length;
  throw new InvalidArgumentError('It must be a duration up to 366d, such as 24h or 7d.');
};

const aheadFlags = (flags: Flags): AheadFlags => {
  const revision = text(flags, 'revision');
  return {
    ...configFlags(flags),
    format: flags['format'] as AheadFlags['format'],
    ...(revision !== undefined && {revision}),
  };
};

const revision = () => worded('--revision <rev>', 'by this commit or branch, instead of the files on disk');

const EXITS = exitHelp({
  ok: 'done',
  failed: 'failed, or there is none of that name',
  invalid: true,
  usage: true,
});

const addForecast = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('forecast [name]'), io.env, 'reader')
    .description('what campaigns will do by themselves, by name, id or workspace/name; asks no platform')
    .addOption(new Option('--for <duration>', 'how far ahead').argParser(ahead).default(7 * DAY, '7d'))
    .addOption(revision())
    .addOption(format('text', 'json'))
    .addHelpText('after', examples('forecast', 'forecast q1-payment-reminders --for 30d', 'forecast -o json'))
    .addHelpText('after', EXITS)
    .action(async (name: string | undefined, flags: Flags) => {
      const {forecast} = await import('./ahead/forecast.ts');
      end(await forecast(name, {...aheadFlags(flags), for: Number(flags['for'])}, io));
    });
};

const addCalendar = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('calendar <name>'), io.env, 'reader')
    .description('the days of this year and the next two on which a calendar is closed or open by itself')
    .addOption(revision())
    .addOption(format('text', 'json'))
    .addHelpText('after', examples('calendar india-collections', 'calendar india-collections > days.txt'))
    .addHelpText('after', EXITS)
    .action(async (name: string, flags: Flags) => {
      const {calendar} = await import('./ahead/calendar.ts');
      end(await calendar(name, aheadFlags(flags), io));
    });
};

/** The commands that tell what comes, by what Git says alone. */
export const addAheadCommands = (program: Command, io: Io, end: End): void => {
  addForecast(program, io, end);
  addCalendar(program, io, end);
};
