import type {DatabaseSync} from 'node:sqlite';
import {atOnce, isDamaged, openToWrite, setAside} from '../disk/sqlite.ts';
import {errorText} from '../domain/text.ts';
import {carry, type Letter, letterIn, type NewLetter, remember, SCHEMA} from './letters.ts';

/** How long it takes until a file that could not be used is tried again. Milliseconds. */
const RETRY_AFTER = 5_000;

const close = (database: DatabaseSync): void => {
  try {
    database.close();
  } catch {
    // What could not be closed is of no more use.
  }
};

/**
 * What waits to be delivered, and what is remembered of what was told: on disk, so that neither a restart nor a receiver
 * that is away loses it. While the file cannot be had, memory does, which is said.
 */
export class Outbox {
  readonly #file: string;
  readonly #onTrouble: (message: string) => void;
  readonly #ticks: () => number;
  #database: DatabaseSync;
  /** When the file was tried last (`Clock.ticks`), while memory stands in for it. */
  #triedAt: number | undefined;

  /** @param ticks `Clock.ticks` */
  constructor(file: string, onTrouble: (message: string) => void, ticks: () => number) {
    this.#file = file;
    this.#onTrouble = onTrouble;
    this.#ticks = ticks;
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
    close(this.#database);
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
    this.#recover();
    try {
      return work(this.#database);
    } catch (error) {
      const before = this.#database;
      this.#database = this.#replaced(error);
      if (this.#triedAt !== undefined) remember(before, this.#database);
      close(before);
      return work(this.#database);
    }
  }

  /** Where memory stands in for the file, the file is tried again now and then, and takes what was kept meanwhile. */
  #recover(): void {
    const now = this.#ticks();
    if (this.#triedAt === undefined || now - this.#triedAt < RETRY_AFTER) return;
    this.#triedAt = now;
    try {
      const file = openToWrite(this.#file, SCHEMA);
      try {
        atOnce(file, () => carry(this.#database, file));
      } catch (error) {
        file.close();
        throw error;
      }
      close(this.#database);
      this.#database = file;
      this.#triedAt = undefined;
      this.#onTrouble(`the outbox ${this.#file} can be used again`);
    } catch {
      // It is tried again.
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
    this.#triedAt = this.#ticks();
    this.#onTrouble(
      `the outbox ${this.#file} cannot be used: ${errorText(error)}; messages are kept in memory until it can, and lost with the process`,
    );
    return openToWrite(':memory:', SCHEMA);
  }
}
