import {existsSync} from 'node:fs';
import type {DatabaseSync, SQLInputValue} from 'node:sqlite';
import {inSlices} from '../controller/slices.ts';
import {openToRead} from '../disk/sqlite.ts';
import type {HistoryPage, HistoryPlace, HistoryQuery, StoredRecord} from '../domain/history.ts';
import {nameMatcher, plainNames} from '../domain/selection.ts';
import {recordIn} from './rows.ts';

type Condition = readonly [text: string, ...values: readonly SQLInputValue[]];

const calledAs = (name: string | undefined): readonly Condition[] => {
  const names = name === undefined ? undefined : plainNames(name);
  if (!names) return [];
  const marks = names.map(() => '?').join(', ');
  return [[`(campaign IN (${marks}) OR name IN (${marks}))`, ...names, ...names]];
};

/** Only what an index finds: the database looks at everything else in one go, and other work would wait for it. */
const conditionsOf = (
  {name, since, until}: HistoryQuery,
  after: HistoryPlace | undefined,
): readonly Condition[] => [
  ...(since === undefined ? [] : [['at >= ?', since] as const]),
  ...(until === undefined ? [] : [['at < ?', until] as const]),
  ...calledAs(name),
  ...(after ? [['(at, replica, id) < (?, ?, ?)', after.at, after.replica, after.id] as const] : []),
];

const isMeant = ({kind, name, workspace}: HistoryQuery): ((record: StoredRecord) => boolean) => {
  const isNamed = name === undefined ? (): boolean => true : nameMatcher(name);
  return record =>
    (kind === undefined || record.kind === kind) &&
    (workspace === undefined || record.workspace === workspace) &&
    isNamed(record);
};

/** Looks at one record after the other, so that other work has its turn in between, until the page is full. */
function* pageOf(
  rows: Iterable<Record<string, unknown>>,
  wanted: (record: StoredRecord) => boolean,
  limit: number,
): Generator<void, HistoryPage> {
  const items: StoredRecord[] = [];
  for (const row of rows) {
    const record = recordIn(row);
    const last = items.at(-1);
    if (wanted(record)) {
      if (items.length === limit && last)
        return {items, next: {at: last.at, replica: last.replica, id: last.id}};
      items.push(record);
    }
    yield;
  }
  return {items};
}

const reading = async <T>(
  file: string,
  empty: T,
  work: (database: DatabaseSync) => T | Promise<T>,
): Promise<T> => {
  if (!existsSync(file)) return empty;
  const database = openToRead(file);
  try {
    return await work(database);
  } finally {
    database.close();
  }
};

/** Reads a page of a history, the newest first; one that is not there is empty. Rejects where it cannot be read. */
export const readPage = (
  file: string,
  query: HistoryQuery,
  after: HistoryPlace | undefined,
  limit: number,
): Promise<HistoryPage> =>
  reading<HistoryPage>(file, {items: []}, database => {
    const conditions = conditionsOf(query, after);
    const where = conditions.length > 0 ? `WHERE ${conditions.map(([text]) => text).join(' AND ')}` : '';
    const rows = database
      .prepare(`SELECT * FROM records ${where} ORDER BY at DESC, replica DESC, id DESC`)
      .iterate(...conditions.flatMap(([, ...values]) => values));
    return inSlices(pageOf(rows, isMeant(query), limit));
  });
