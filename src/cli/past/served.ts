import {type HistoryQuery, type RecordView, recordOfView, type StoredRecord} from '../../domain/history.ts';
import {oneLine} from '../../domain/text.ts';
import {rfc3339} from '../../domain/time.ts';
import {askServer, type Server} from '../server.ts';

const PAGE = 1000;

/** What a running controller says of the past. */
export interface Served {
  /** The newest first. */
  readonly records: readonly StoredRecord[];
  /** Replicas that did not answer: what they know is not among the records. */
  readonly unanswered: readonly string[];
}

/** Asks a running controller for its history. Rejects, saying what is wrong, where it gives none. */
export const servedRecords = async (server: Server, query: HistoryQuery): Promise<Served> => {
  const records: StoredRecord[] = [];
  const unanswered = new Set<string>();
  let cursor: string | undefined;
  do {
    const {
      items,
      next,
      unanswered: silent,
    } = await askServer(server, 'api/v1/history', {
      limit: String(PAGE),
      name: query.name,
      since: query.since === undefined ? undefined : rfc3339(query.since),
      until: query.until === undefined ? undefined : rfc3339(query.until),
      cursor,
    });
    records.push(...((items ?? []) as RecordView[]).map(recordOfView));
    for (const one of Array.isArray(silent) ? silent : []) unanswered.add(oneLine(String(one?.identity)));
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor !== undefined);
  return {records, unanswered: [...unanswered]};
};
