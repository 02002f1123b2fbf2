import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {atOnce} from '../disk/sqlite.ts';
import type {HistoryRecord} from '../domain/history.ts';
import {COLUMNS, rowOf} from './rows.ts';

/** How many records are removed at a time. */
const REMOVED_AT_ONCE = 500;

interface Latest {
  readonly status: unknown;
  readonly wished: unknown;
  readonly wish: unknown;
}

/** Whether the history says it already: after a start everything is told anew. */
const isTold = ({kind, to}: HistoryRecord, latest: Latest | undefined): boolean => {
  if (!latest) return false;
  if (kind === 'status') return latest.status === (to ?? null);
  return kind === 'wish' && latest.wished === 1 && latest.wish === (to ?? null);
};

/** A status that is the first of this process may not be the first that the history knows. */
const since = (record: HistoryRecord, latest: Latest | undefined): HistoryRecord =>
  record.kind === 'status' && record.from === undefined && typeof latest?.status === 'string'
    ? {...record, from: latest.status}
    : record;

/** The records of an open database. Everything here throws where the file cannot be written. */
export class RecordTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #setStatus: StatementSync;
  readonly #setWish: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const marks = COLUMNS.map(() => '?').join(', ');
    this.#insert = database.prepare(`INSERT INTO records (${COLUMNS.join(', ')}) VALUES (${marks})`);
    this.#find = database.prepare(
      'SELECT status, wished, wish FROM latest WHERE workspace = ? AND campaign = ?',
    );
    const upsert = (columns: string, set: string): StatementSync =>
      database.prepare(
        `INSERT INTO latest (workspace, campaign, name, ${columns}) ON CONFLICT DO UPDATE SET name = excluded.name, ${set}`,
      );
    this.#setStatus = upsert('status, wished) VALUES (?, ?, ?, ?, 0', 'status = excluded.status');
    this.#setWish = upsert('wish, wished) VALUES (?, ?, ?, ?, 1', 'wish = excluded.wish, wished = 1');
  }

  /** Writes records, but for what the history says already: all of them or none. Returns how many. */
  write(records: readonly HistoryRecord[]): number {
    return atOnce(this.#database, () => records.filter(record => this.#writeOne(record)).length);
  }

  /** Removes some of the records before a time, the oldest first; true where there may be more. */
  removeBefore(time: number): boolean {
    return this.#remove('at < ?', time);
  }

  /** Removes some of the oldest records where the file is larger than it may be; true where it still is. */
  removeBeyond(bytes: number): boolean {
    return this.size > bytes && this.#remove('1', undefined);
  }

  /** Bytes that the records take. */
  get size(): number {
    const number = (pragma: string): number =>
      Number(Object.values(this.#database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
    return (number('page_count') - number('freelist_count')) * number('page_size');
  }

  /** Gives the room of what was removed back. */
  shrink(): void {
    this.#database.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
  }

  #writeOne(record: HistoryRecord): boolean {
    const {campaignId, kind, name, to, workspace} = record;
    const latest = this.#find.get(workspace, campaignId) as Latest | undefined;
    if (isTold(record, latest)) return false;
    this.#insert.run(...rowOf(since(record, latest)));
    if (kind === 'status') this.#setStatus.run(workspace, campaignId, name, to ?? null);
    if (kind === 'wish') this.#setWish.run(workspace, campaignId, name, to ?? null);
    return true;
  }

  #remove(where: string, value: number | undefined): boolean {
    const {changes} = this.#database
      .prepare(
        `DELETE FROM records WHERE id IN (SELECT id FROM records WHERE ${where} ORDER BY id LIMIT ${REMOVED_AT_ONCE})`,
      )
      .run(...(value === undefined ? [] : [value]));
    return changes > 0;
  }
}
