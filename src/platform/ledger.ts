import {randomInt} from 'node:crypto';
import {join} from 'node:path';
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {openOrMakeAnew} from '../disk/sqlite.ts';
import type {Rate} from './queue.ts';
import type {Ledger, Slot} from './window.ts';

/** How much later than its time a request may end: its process may be busy. Milliseconds. */
const LATE = 5_000;
/** By how much the time of another process, read before it waited for the file, may be ahead of this one's. Milliseconds. */
const AHEAD = 60_000;
/** A slot is known by a number that no other one had before it: a request may end after its slot was given to others. */
const LARGEST_ID = 2 ** 47;
/** How soon it is looked again where another process holds the slots. Milliseconds. */
const LOOK_AGAIN = 50;
/** How long another process may keep the file to itself. Milliseconds. */
const PATIENCE = 100;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS slots (id INTEGER PRIMARY KEY, name TEXT NOT NULL, free_at REAL NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS slots_by_name ON slots (name, free_at);
`;

/**
 * The slots that all processes of this machine take of their rates, in one small file. What a process took that has
 * died is free again after a while; what was written before the machine started again is worth nothing, since times
 * are `Clock.ticks`.
 */
export class RateFile {
  readonly #database: DatabaseSync;
  readonly #timeout: number;
  readonly #onTrouble: (error: unknown) => void;

  /**
   * Throws where the file cannot be made. One that is damaged is made anew.
   *
   * @param timeout how long a request may take, in milliseconds: of a process that has died, slots are free again after it
   */
  constructor(directory: string, timeout: number, onTrouble: (error: unknown) => void) {
    this.#database = openOrMakeAnew(join(directory, 'rates.sqlite'), SCHEMA, PATIENCE);
    this.#timeout = timeout;
    this.#onTrouble = onTrouble;
  }

  /** @param name what the rate belongs to: the same in every process that shares it */
  ledger(name: string, rate: Rate): Ledger {
    return new FileLedger(this.#database, name, {rate, longest: this.#timeout + LATE}, this.#onTrouble);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Where the file fails, each process has its own window all the same. */
const UNSHARED: Slot = {ended: () => {}, giveBack: () => {}};

class FileLedger implements Ledger {
  readonly #database: DatabaseSync;
  readonly #name: string;
  #rate: Rate;
  readonly #longest: number;
  readonly #onTrouble: (error: unknown) => void;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #expire: StatementSync;
  readonly #count: StatementSync;
  readonly #insert: StatementSync;
  readonly #end: StatementSync;
  readonly #remove: StatementSync;
  readonly #earliest: StatementSync;

  /** @param longest how long a slot is held for a request of which nothing more is heard: its process may have died */
  constructor(
    database: DatabaseSync,
    name: string,
    {longest, rate}: {readonly longest: number; readonly rate: Rate},
    onTrouble: (error: unknown) => void,
  ) {
    this.#database = database;
    this.#name = name;
    this.#rate = rate;
    this.#longest = longest;
    this.#onTrouble = onTrouble;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#expire = database.prepare('DELETE FROM slots WHERE name = ? AND (free_at <= ? OR free_at > ?)');
    this.#count = database.prepare('SELECT count(*) AS taken FROM slots WHERE name = ?');
    this.#insert = database.prepare('INSERT INTO slots (id, name, free_at) VALUES (?, ?, ?)');
    this.#end = database.prepare('UPDATE slots SET free_at = ? WHERE id = ?');
    this.#remove = database.prepare('DELETE FROM slots WHERE id = ?');
    this.#earliest = database.prepare('SELECT min(free_at) AS at FROM slots WHERE name = ?');
  }

  tryTake(now: number): Slot | undefined {
    const {per, requests} = this.#rate;
    const latest = now + this.#longest + per;
    return this.#try(() => {
      this.#begin.run();
      try {
        this.#expire.run(this.#name, now, latest + AHEAD);
        if (Number(this.#count.get(this.#name)?.['taken']) >= requests) return undefined;
        const id = randomInt(LARGEST_ID);
        this.#insert.run(id, this.#name, latest);
        return this.#slot(id);
      } finally {
        this.#settle();
      }
    }, UNSHARED);
  }

  #settle(): void {
    try {
      this.#commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  nextFreeAt(now: number): number {
    const earliest = this.#try(() => Number(this.#earliest.get(this.#name)?.['at'] ?? now), now);
    return Math.min(Math.max(earliest, now), now + LOOK_AGAIN);
  }

  resize(requests: number, per: number): void {
    this.#rate = {requests, per};
  }

  #slot(id: number): Slot {
    return {
      ended: at => void this.#try(() => this.#end.run(at + this.#rate.per, id), undefined),
      giveBack: () => void this.#try(() => this.#remove.run(id), undefined),
    };
  }

  /** Once the file is closed, nobody counts any more: a request that ends then is one that the end of the process cut off. */
  #try<T>(work: () => T, otherwise: T): T {
    if (!this.#database.isOpen) return otherwise;
    try {
      return work();
    } catch (error) {
      this.#onTrouble(error);
      return otherwise;
    }
  }
}
