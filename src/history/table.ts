import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {atOnce} from '../disk/sqlite.ts';
import type {HistoryRecord} from '../domain/history.ts';
import type {Limited} from '../domain/limits.ts';
import {COLUMNS, rowOf} from './rows.ts';

/** How many records are removed at a time. */
const REMOVED_AT_ONCE = 500;

/** An action that is being sent. */
export interface Begun {
  readonly workspace: string;
  readonly campaignId: string;
  readonly action: Limited;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the history says last of a campaign. */
interface Last {
  readonly name: unknown;
  readonly status: unknown;
  readonly changed_at: unknown;
  readonly wished: unknown;
  readonly wish: unknown;
}

/**
 * Whether the history says it already: after a start everything is told anew. The same status since another time is
 * something else: another replica may have seen what came between.
 */
const isTold = ({changedAt, kind, name, to}: HistoryRecord, last: Last | undefined): boolean => {
  if (!last) return false;
  if (kind === 'status') return last.status === (to ?? null) && last.changed_at === (changedAt ?? null);
  return kind === 'wish' && last.wished === 1 && last.wish === (to ?? null) && last.name === name;
};

/** A status that is the first of this process may not be the first that the history knows. */
const since = (record: HistoryRecord, last: Last | undefined): HistoryRecord =>
  record.kind === 'status' &&
  record.from === undefined &&
  typeof last?.status === 'string' &&
  last.status !== record.to
    ? {...record, from: last.status}
    : record;

/** The records of an open database. Everything here throws where the file cannot be written. */
export class RecordTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #findMove: StatementSync;
  readonly #setStatus: StatementSync;
  readonly #setWish: StatementSync;
  readonly #setWording: StatementSync;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const marks = COLUMNS.map(() => '?').join(', ');
    this.#insert = database.prepare(`INSERT INTO records (${COLUMNS.join(', ')}) VALUES (${marks})`);
    this.#find = database.prepare(
      'SELECT name, status, changed_at, wished, wish FROM last WHERE workspace = ? AND campaign = ?',
    );
    this.#findMove = database.prepare(
      `SELECT 1 FROM records WHERE workspace = ? AND campaign = ? AND kind = ? AND changed_at = ? AND desired IS ? LIMIT 1`,
    );
    this.#setStatus = database.prepare(
      `INSERT INTO last (workspace, campaign, name, status, changed_at, status_record, wished) VALUES (?, ?, ?, ?, ?, ?, 0)
       ON CONFLICT DO UPDATE SET name = excluded.name, status = excluded.status, changed_at = excluded.changed_at,
         status_record = excluded.status_record`,
    );
    this.#setWish = database.prepare(
      `INSERT INTO last (workspace, campaign, name, wish, wish_record, wished) VALUES (?, ?, ?, ?, ?, 1)
       ON CONFLICT DO UPDATE SET name = excluded.name, wish = excluded.wish, wish_record = excluded.wish_record, wished = 1`,
    );
    this.#setWording = database.prepare(
      `INSERT INTO wordings (workspace, campaign, words, words_at, around, around_at) VALUES (?1, ?2, ?3, ?5, ?4, ?5)
       ON CONFLICT DO UPDATE SET
         words_at = iif(words IS excluded.words, words_at, excluded.words_at), words = excluded.words,
         around_at = iif(around IS excluded.around, around_at, excluded.around_at), around = excluded.around
       WHERE words IS NOT excluded.words OR around IS NOT excluded.around`,
    );
    this.#begin = database.prepare(
      'INSERT OR REPLACE INTO begun (workspace, campaign, action, at, lost) VALUES (?, ?, ?, ?, 0)',
    );
    this.#end = database.prepare('DELETE FROM begun WHERE workspace = ? AND campaign = ? AND lost = 0');
  }

  /** Writes records, but for what the history says already: all of them or none. Returns how many. */
  write(records: readonly HistoryRecord[]): number {
    return atOnce(this.#database, () => records.filter(record => this.#writeOne(record)).length);
  }

  /** Takes in that an action is being sent, until it is told what became of it. */
  begin({action, at, campaignId, workspace}: Begun): void {
    this.#begin.run(workspace, campaignId, action, at);
  }

  /** Takes all that was on its way for what a process that was killed had begun: right at the start of another alone. */
  takeOver(): void {
    this.#database.exec('UPDATE begun SET lost = 1');
  }

  /** Forgets what was on its way before a time, when a process was killed. */
  forgetLost(before: number): void {
    this.#database.prepare('DELETE FROM begun WHERE lost = 1 AND at < ?').run(before);
  }

  /** Removes some of the records before a time, the oldest first; true where there may be more. */
  removeBefore(time: number, now: number): boolean {
    return this.#remove('at < ?', now, [time]);
  }

  /** Removes some of the oldest records where the file is larger than it may be; true where it still is. */
  removeBeyond(bytes: number, now: number): boolean {
    return this.size > bytes && this.#remove('at <= ?', now, [now - 1]);
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
    const {at, campaignId, changedAt, kind, name, said, to, workspace} = record;
    if (kind === 'action') this.#end.run(workspace, campaignId);
    if (kind === 'wish' && (said || to === undefined))
      this.#setWording.run(workspace, campaignId, said?.words ?? null, said?.around ?? null, at);
    const last = this.#find.get(workspace, campaignId) as Last | undefined;
    if (isTold(record, last) || this.#isMoveTold(record)) return false;
    const {lastInsertRowid: id} = this.#insert.run(...rowOf(since(record, last)));
    if (kind === 'status')
      this.#setStatus.run(workspace, campaignId, name, to ?? null, changedAt ?? null, id);
    if (kind === 'wish') this.#setWish.run(workspace, campaignId, name, to ?? null, id);
    return true;
  }

  /** Whether the history says already that this change of a campaign went against what Git wants of it. */
  #isMoveTold({campaignId, changedAt, desired, kind, workspace}: HistoryRecord): boolean {
    if ((kind !== 'drift' && kind !== 'terminal') || changedAt === undefined) return false;
    return this.#findMove.get(workspace, campaignId, kind, changedAt, desired ?? null) !== undefined;
  }

  /** Removes the oldest; what is still so of a campaign is written once more, as of now: since when it is so it tells as the time of its change. Returns whether there may be more. */
  #remove(where: string, now: number, values: readonly number[]): boolean {
    return atOnce(this.#database, () => {
      const old = this.#database
        .prepare(`SELECT id FROM records WHERE ${where} ORDER BY id LIMIT ${REMOVED_AT_ONCE}`)
        .all(...values)
        .map(({id}) => Number(id));
      const highest = old.at(-1);
      if (highest === undefined) return false;
      this.#carry(where, now, {values, highest});
      this.#database.prepare(`DELETE FROM records WHERE ${where} AND id <= ?`).run(...values, highest);
      return old.length === REMOVED_AT_ONCE;
    });
  }

  /** Writes those of the oldest records once more that are the last of their campaign and kind. */
  #carry(where: string, now: number, {highest, values}: {values: readonly number[]; highest: number}): void {
    const rest = COLUMNS.filter(column => column !== 'at').map(column =>
      column === 'changed_at'
        ? `CASE r.kind WHEN 'wish' THEN coalesce(r.changed_at, r.at) ELSE r.changed_at END`
        : `r.${column}`,
    );
    const still = this.#database
      .prepare(
        `SELECT r.id, r.kind, r.workspace, r.campaign FROM records r JOIN last l USING (workspace, campaign)
         WHERE ${where} AND r.id <= ? AND r.id IN (l.status_record, l.wish_record)`,
      )
      .all(...values, highest);
    const copy = this.#database.prepare(
      `INSERT INTO records (at, ${COLUMNS.filter(column => column !== 'at').join(', ')}) SELECT ?, ${rest.join(', ')} FROM records r WHERE id = ?`,
    );
    for (const {campaign, id, kind, workspace} of still) {
      const {lastInsertRowid} = copy.run(now, Number(id));
      const column = kind === 'status' ? 'status_record' : 'wish_record';
      this.#database
        .prepare(`UPDATE last SET ${column} = ? WHERE workspace = ? AND campaign = ?`)
        .run(lastInsertRowid, String(workspace), String(campaign));
    }
  }
}
