import {existsSync} from 'node:fs';
import type {HistoryQuery, StoredRecord} from '../../domain/history.ts';
import {errorText} from '../../domain/text.ts';
import {readPage} from '../../history/reader.ts';
import {type ConfigFlags, withConfigured} from '../configured.ts';
import {EXIT, type ExitCode, type Io} from '../io.ts';
import {say} from '../say.ts';
import {serverOf} from '../server.ts';
import {historyOptions} from './open.ts';
import {servedRecords} from './served.ts';

/** Where a command reads the past: from a controller that runs, or from the file of the one that runs by this configuration. */
export interface PastFlags extends ConfigFlags {
  readonly server?: string;
}

/** Gives the records that are meant, the newest first. Rejects, saying why, where there are none to be had. */
export type ReadPast = (query: HistoryQuery) => Promise<readonly StoredRecord[]>;

const AT_ONCE = 10_000;

const allRecords = async (file: string, query: HistoryQuery): Promise<readonly StoredRecord[]> => {
  const records: StoredRecord[] = [];
  let page = await readPage(file, query, undefined, AT_ONCE);
  records.push(...page.items);
  while (page.next) {
    page = await readPage(file, query, page.next, AT_ONCE);
    records.push(...page.items);
  }
  return records;
};

const fromFile =
  (file: string): ReadPast =>
  async query => {
    if (!existsSync(file))
      throw new Error(
        `there is no history at ${file}: no controller has run by this configuration here; --server URL asks one that runs elsewhere`,
      );
    try {
      return await allRecords(file, query);
    } catch (error) {
      throw new Error(`the history ${file} cannot be read: ${errorText(error)}; see history.file`);
    }
  };

const fromServer =
  (server: string, io: Io): ReadPast =>
  async query => {
    const {records, unanswered} = await servedRecords(serverOf(server, io.env), query);
    if (unanswered.length > 0)
      say(io, `note: not all replicas answered, and what they did is missing: ${unanswered.join(', ')}`);
    return records;
  };

/** Runs a command that reads the past, and says why where there is none. */
export const withPast = async (
  flags: PastFlags,
  io: Io,
  work: (read: ReadPast) => Promise<ExitCode>,
): Promise<ExitCode> => {
  try {
    if (flags.server !== undefined) return await work(fromServer(flags.server, io));
    return await withConfigured(flags, io, config => work(fromFile(historyOptions(config, io.env).file)));
  } catch (error) {
    say(io, `rollcall: ${errorText(error)}`);
    return EXIT.failed;
  }
};
