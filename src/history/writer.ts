import {existsSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import type {Clock} from '../controller/ports.ts';
import {inSlices} from '../controller/slices.ts';
import {isDamaged, openToWrite, setAside} from '../disk/sqlite.ts';
import type {HistoryRecord} from '../domain/history.ts';
import {LIMITS_REACH} from '../domain/limits.ts';
import {counted, errorText} from '../domain/text.ts';
import {SCHEMA} from './schema.ts';
import {type Begun, RecordTable} from './table.ts';

/** How long records are gathered before they are written together. Milliseconds. */
const GATHERED_FOR = 250;
/** How many are written at a time, before other work has its turn. */
const AT_ONCE = 250;
/** How many wait at the most where they cannot be written: the oldest are lost then. */
const MOST_WAITING = 250_000;
/** How many are then lost at once. */
const LOST_AT_ONCE = 1_000;
/** How long it takes until it is tried again. Milliseconds. */
const RETRY_AFTER = 5_000;
/** How long another process may keep the file to itself: whoever sends an action waits for that. Milliseconds. */
const PATIENCE = 100;
/** How often what is too old is removed. Milliseconds. */
const PRUNED_EVERY = 60 * 60_000;

export interface HistoryOptions {
  readonly file: string;
  /** How old records become, in milliseconds, and how much they may take, in bytes. */
  readonly maxAge: number;
  readonly maxSize: number;
}

/** Who hears how the writing goes. */
export interface HistoryObserver {
  readonly written: (records: number) => void;
  readonly lost: (records: number) => void;
  /** What is wrong, once; undefined when nothing is any more. */
  readonly trouble: (message: string | undefined) => void;
}

/**
 * Writes the history, some records at a time and never while others wait for it: whoever adds one goes on at once. A
 * damaged file is put aside and begun anew; where nothing can be written, records wait, a bounded number of them.
 */
export class HistoryWriter {
  readonly #options: HistoryOptions;
  readonly #clock: Clock;
  readonly #observer: HistoryObserver;
  #waiting: HistoryRecord[] = [];
  #open: {readonly database: DatabaseSync; readonly table: RecordTable} | undefined;
  #working: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #prunedAt = Number.NEGATIVE_INFINITY;
  #trouble: string | undefined;
  /** What an earlier process had begun is known for that. */
  #tookOver = false;
  /** When it last could not be written (`Clock.ticks`). */
  #failedAt = Number.NEGATIVE_INFINITY;
  /** It was told that records are lost. */
  #loses = false;

  constructor(options: HistoryOptions, clock: Clock, observer: HistoryObserver) {
    this.#options = options;
    this.#clock = clock;
    this.#observer = observer;
  }

  add(record: HistoryRecord): void {
    this.#waiting.push(record);
    if (this.#waiting.length > MOST_WAITING) this.#lose(LOST_AT_ONCE);
    this.#cancel ??= this.#clock.after(GATHERED_FOR, () => this.#begin());
  }

  /** Writes at once that an action is being sent, until a record tells what became of it; not where that failed just now. */
  begin(begun: Begun): void {
    if (this.#clock.ticks() - this.#failedAt < RETRY_AFTER) return;
    try {
      this.#table().begin(begun);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Resolves once what waits has been written, or has been tried. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#begin();
    await this.#working;
  }

  /** Writes what waits, and closes the file. What cannot be written now is lost. */
  async close(): Promise<void> {
    await this.flush();
    this.#cancel?.();
    if (this.#waiting.length > 0) this.#lose(this.#waiting.length);
    this.#close();
  }

  #begin(): void {
    this.#cancel = undefined;
    this.#working = this.#working.then(() => this.#work());
  }

  async #work(): Promise<void> {
    try {
      await inSlices(this.#writing(), 1);
      if (this.#clock.ticks() - this.#prunedAt > PRUNED_EVERY) await inSlices(this.#pruning(), 1);
      this.#tell(undefined);
    } catch (error) {
      this.#failed(error);
      this.#cancel ??= this.#clock.after(RETRY_AFTER, () => this.#begin());
    }
  }

  *#writing(): Generator<void, void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.slice(0, AT_ONCE);
      const written = this.#table().write(some);
      this.#waiting.splice(0, some.length);
      this.#observer.written(written);
      yield;
    }
  }

  *#pruning(): Generator<void, void> {
    const table = this.#table();
    const now = this.#clock.now();
    const {maxAge, maxSize} = this.#options;
    table.forgetLost(now - LIMITS_REACH);
    while (table.removeBefore(now - maxAge, now)) yield;
    while (table.removeBeyond(maxSize, now)) yield;
    table.shrink();
    this.#prunedAt = this.#clock.ticks();
  }

  #table(): RecordTable {
    this.#notice();
    if (!this.#open) {
      const database = openToWrite(this.#options.file, SCHEMA, PATIENCE);
      const table = new RecordTable(database);
      this.#open = {database, table};
      if (!this.#tookOver) table.takeOver();
      this.#tookOver = true;
    }
    return this.#open.table;
  }

  /** What is written into a file that somebody took away nobody will ever read. */
  #notice(): void {
    const {file} = this.#options;
    if (!this.#open || file === ':memory:' || existsSync(file)) return;
    this.#close();
    this.#observer.trouble(`the history ${file} was taken away; it is begun anew`);
  }

  #failed(error: unknown): void {
    const {file} = this.#options;
    this.#close();
    this.#failedAt = this.#clock.ticks();
    if (!isDamaged(error)) {
      this.#tell(`the history ${file} cannot be written: ${errorText(error)}; it is tried again`);
      return;
    }
    try {
      this.#observer.trouble(
        `the history ${file} is damaged; it is put aside as ${setAside(file)}, and begun anew`,
      );
    } catch (failure) {
      this.#tell(`the history ${file} is damaged, and cannot be put aside: ${errorText(failure)}`);
    }
  }

  #close(): void {
    try {
      this.#open?.database.close();
    } catch {
      // What could not be closed is of no more use.
    }
    this.#open = undefined;
  }

  #lose(records: number): void {
    this.#waiting.splice(0, records);
    this.#observer.lost(records);
    if (this.#loses) return;
    this.#loses = true;
    this.#observer.trouble(
      `${counted(records, 'record')} of the history lost: ${this.#trouble ?? 'too many wait'}`,
    );
  }

  #tell(message: string | undefined): void {
    if (message === undefined) this.#loses = false;
    if ((message === undefined) === (this.#trouble === undefined)) return;
    this.#trouble = message;
    this.#observer.trouble(message);
  }
}
