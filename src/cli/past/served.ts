import {type HistoryQuery, type RecordView, recordOfView, type StoredRecord} from '../../domain/history.ts';
import {errorText, oneLine} from '../../domain/text.ts';
import {rfc3339} from '../../domain/time.ts';

/** How long a controller may take to answer. Milliseconds. */
const PATIENCE = 10_000;
const PAGE = 1000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pageAt = async (url: URL): Promise<Record<string, unknown>> => {
  let answer: Response;
  try {
    answer = await fetch(url, {signal: AbortSignal.timeout(PATIENCE), redirect: 'error'});
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${url.origin} does not answer: ${errorText(cause)}`);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && isRecord(body) && Array.isArray(body['items'])) return body;
  const detail = isRecord(body) && typeof body['detail'] === 'string' ? `: ${oneLine(body['detail'])}` : '';
  throw new Error(`${url.origin} answered ${answer.status}${detail}: is it a Rollcall?`);
};

/** What a running controller says of the past. */
export interface Served {
  /** The newest first. */
  readonly records: readonly StoredRecord[];
  /** Replicas that did not answer: what they know is not among the records. */
  readonly unanswered: readonly string[];
}

/** Asks a running controller for its history. Rejects, saying what is wrong, where it gives none. */
export const servedRecords = async (server: string, query: HistoryQuery): Promise<Served> => {
  const records: StoredRecord[] = [];
  const unanswered = new Set<string>();
  let cursor: string | undefined;
  do {
    const url = new URL('api/v1/history', server.endsWith('/') ? server : `${server}/`);
    url.searchParams.set('limit', String(PAGE));
    if (query.name !== undefined) url.searchParams.set('name', query.name);
    if (query.since !== undefined) url.searchParams.set('since', rfc3339(query.since));
    if (query.until !== undefined) url.searchParams.set('until', rfc3339(query.until));
    if (cursor !== undefined) url.searchParams.set('cursor', cursor);
    const {items, next, unanswered: silent} = await pageAt(url);
    records.push(...(items as RecordView[]).map(recordOfView));
    for (const one of Array.isArray(silent) ? silent : []) unanswered.add(oneLine(String(one?.identity)));
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor !== undefined);
  return {records, unanswered: [...unanswered]};
};
