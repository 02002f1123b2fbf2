import type {DatabaseSync} from 'node:sqlite';
import {atOnce, isDamaged, openToWrite, setAside} from '../disk/sqlite.ts';
import {errorText} from '../domain/text.ts';

/** Something that waits to be delivered to one receiver. */
export interface Letter {
  readonly id: number;
  readonly key: string;
  readonly body: unknown;
  /** When it was put in: epoch milliseconds. */
  readonly at: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** Epoch milliseconds before which it is not tried again. */
  readonly dueAt: number;
}

/** What is put in. */
export interface NewLetter {
  readonly receiver: string;
  readonly key: string;
  readonly body: unknown;
  readonly at: number;
  /** One of the same key that still waits says less than this one. */
  readonly replaces?: true;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, receiver TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    at INTEGER NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL, UNIQUE (receiver, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS memory (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

type Row = Readonly<Record<string, unknown>>;

const letterIn = (row: Row): Letter => ({
  id: Number(row['id']),
  key: String(row['key']),
  body: JSON.parse(String(row['body'])),
  at: Number(row['at']),
  attempts: Number(row['attempts']),
  dueAt: Number(row['due_at']),
});

/**
 * What waits to be delivered, and what is remembered of what was told: on disk, so that neither a restart nor a receiver
 * that is away loses it. Where the file cannot be had, memory does, which is said.
 */
export class Outbox {
  readonly #file: string;
  readonly #onTrouble: (message: string) => void;
  #database: DatabaseSync;

  constructor(file: string, onTrouble: (message: string) => void) {
    this.#file = file;
    this.#onTrouble = onTrouble;
    this.#database = this.#open();
  }

  /** Puts letters in, and remembers what they tell: all of it, or nothing. */
  put(letters: readonly NewLetter[], memory: Readonly<Record<string, unknown>> = {}): void {
    this.#safely(database =>
      atOnce(database, () => {
        for (const letter of letters) this.#insert(database, letter);
        for (const [key, value] of Object.entries(memory))
          database.prepare('INSERT OR REPLACE INTO memory VALUES (?, ?)').run(key, JSON.stringify(value));
      }),
    );
  }

  /** What was remembered by a key. */
  recall(key: string): unknown {
    const row = this.#safely(database => database.prepare('SELECT value FROM memory WHERE key = ?').get(key));
    return row === undefined ? undefined : JSON.parse(String(row['value']));
  }

  /** What has waited longest for a receiver. */
  first(receiver: string): Letter | undefined {
    const row = this.#safely(database =>
      database.prepare('SELECT * FROM letters WHERE receiver = ? ORDER BY id LIMIT 1').get(receiver),
    );
    return row && letterIn(row);
  }

  /** How many wait for a receiver. */
  waiting(receiver: string): number {
    const row = this.#safely(database =>
      database.prepare('SELECT count(*) AS number FROM letters WHERE receiver = ?').get(receiver),
    );
    return Number(row?.['number'] ?? 0);
  }

  /** Takes a letter out, unless another of its key has come in its place. */
  remove({body, id}: Letter): void {
    this.#safely(database =>
      database.prepare('DELETE FROM letters WHERE id = ? AND body = ?').run(id, JSON.stringify(body)),
    );
  }

  /** Has a letter wait until a time after it was tried once more. */
  postpone({id}: Letter, dueAt: number): void {
    this.#safely(database =>
      database.prepare('UPDATE letters SET attempts = attempts + 1, due_at = ? WHERE id = ?').run(dueAt, id),
    );
  }

  close(): void {
    this.#database.close();
  }

  #insert(database: DatabaseSync, {at, body, key, receiver, replaces}: NewLetter): void {
    const otherwise = replaces
      ? 'DO UPDATE SET body = excluded.body, at = excluded.at, attempts = 0, due_at = 0'
      : 'DO NOTHING';
    database
      .prepare(
        `INSERT INTO letters (receiver, key, body, at, attempts, due_at) VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT ${otherwise}`,
      )
      .run(receiver, key, JSON.stringify(body), at);
  }

  #safely<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#database);
    } catch (error) {
      this.#database = this.#replaced(error);
      return work(this.#database);
    }
  }

  #open(): DatabaseSync {
    try {
      return openToWrite(this.#file, SCHEMA);
    } catch (error) {
      return this.#replaced(error);
    }
  }

  #replaced(error: unknown): DatabaseSync {
    try {
      if (isDamaged(error)) {
        const aside = setAside(this.#file);
        this.#onTrouble(`the outbox ${this.#file} is damaged; it is put aside as ${aside}, and begun anew`);
        return openToWrite(this.#file, SCHEMA);
      }
    } catch {
      // What cannot be put aside is left where it is.
    }
    this.#onTrouble(
      `the outbox ${this.#file} cannot be used: ${errorText(error)}; messages are kept in memory, and lost with the process`,
    );
    return openToWrite(':memory:', SCHEMA);
  }
}
