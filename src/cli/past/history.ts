import {csv} from '../../domain/csv.ts';
import {type HistoryQuery, RECORD_COLUMNS, recordView, type StoredRecord} from '../../domain/history.ts';
import {recordText} from '../../domain/record-text.ts';
import {oneLine, toJson} from '../../domain/text.ts';
import {DAY, timeIn, withTimesIn} from '../../domain/time.ts';
import {systemClock} from '../../system.ts';
import type {HISTORY_FORMATS} from '../formats.ts';
import {EXIT, type ExitCode, type Io, print, widthOf} from '../io.ts';
import {say} from '../say.ts';
import {table} from '../table.ts';
import {type PastFlags, withPast} from './source.ts';

export interface HistoryFlags extends PastFlags {
  readonly format: (typeof HISTORY_FORMATS)[number];
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
}

const textOf = (records: readonly StoredRecord[], io: Io): string =>
  table(
    records.map(record => [
      timeIn(record.at, io.timezone),
      oneLine(`${record.workspace}/${record.name}`),
      withTimesIn(oneLine(recordText(record)), io.timezone),
    ]),
    widthOf(io.stdout),
  );

const show = (records: readonly StoredRecord[], {format}: HistoryFlags, io: Io): void => {
  if (format === 'json') print(io.stdout, toJson({items: records.map(recordView)}, 2));
  else if (format === 'csv') io.stdout.write(csv(RECORD_COLUMNS, records.map(recordView)));
  else if (records.length > 0) print(io.stdout, textOf(records, io));
};

/** `rollcall history`: what was decided, done and seen, the oldest first. */
export const history = (name: string | undefined, flags: HistoryFlags, io: Io): Promise<ExitCode> =>
  withPast(flags, io, async read => {
    const {until} = flags;
    const {since = Math.min(systemClock.now(), until ?? Number.POSITIVE_INFINITY) - DAY} = flags;
    const query: HistoryQuery = {name, since, until};
    const records = (await read(query)).toReversed();
    show(records, flags, io);
    if (records.length > 0) return EXIT.ok;
    const of = name === undefined ? '' : ` of ${JSON.stringify(name)}`;
    const to = until === undefined ? '' : ` until ${timeIn(until, io.timezone)}`;
    const isAhead = since > systemClock.now();
    const advice = isAhead ? 'that is still to come' : '--since goes further back';
    say(io, `nothing${of} since ${timeIn(since, io.timezone)}${to}; ${advice}`);
    return EXIT.ok;
  });
