import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {flatMapInSlices, inSlices} from '../controller/slices.ts';
import {isBusy} from '../disk/busy.ts';
import {makeFolder} from '../disk/folder.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import {reading, sumOf} from './kept-rows.ts';
import {textOf} from './parsed-text.ts';
import {parserVersion} from './parser-version.ts';

/** What files came to, for whoever starts the next time. Nothing in it is needed: what it lacks is parsed. */
export interface KeptFiles {
  /** What these files came to, as far as it is known for certain; by path. */
  find(identities: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, ParsedFile>>;
  /** Keeps what files came to, each by its path and the identity of its content, by path; forgets the removed ones. */
  keep(
    parsed: readonly ParsedFile[],
    identities: ReadonlyMap<string, string>,
    removed: readonly string[],
  ): void;
  /** Forgets all but these paths. */
  retain(paths: ReadonlyMap<string, unknown>): void;
  /** Resolves once all that was to be kept is. */
  idle(): Promise<void>;
}

const TABLE = `CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, identity TEXT NOT NULL, sum INTEGER NOT NULL, parsed TEXT NOT NULL
) WITHOUT ROWID`;

/** How many rows are read or written before other work has its turn: a few milliseconds of them. */
const ROWS = 200;

const openDatabase = (file: string, parser: string): DatabaseSync => {
  const database = new DatabaseSync(file, {timeout: 1_000});
  try {
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS parser (version TEXT NOT NULL)');
    const row = database.prepare('SELECT version FROM parser').get();
    if (row?.['version'] !== parser) {
      database.exec('DROP TABLE IF EXISTS files; DELETE FROM parser');
      database.prepare('INSERT INTO parser VALUES (?)').run(parser);
    }
    database.exec(`${TABLE}; COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/**
 * Keeps what files came to in a database in `folder`, which may be deleted at any time. A row counts where its path, the
 * identity of its content, its sum and the version of the parser are the same; whatever is doubtful is as if it were not
 * there, and a database that cannot be used is made anew. Nothing here rejects.
 */
export class FilesOnDisk implements KeptFiles {
  readonly #folder: string;
  readonly #file: string;
  readonly #parser: string;
  #working: Promise<void> = Promise.resolve();

  constructor(folder: string, parser = parserVersion()) {
    this.#folder = folder;
    this.#file = join(folder, 'parsed.sqlite');
    this.#parser = parser;
  }

  async find(identities: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, ParsedFile>> {
    const found = new Map<string, ParsedFile>();
    await this.#attempt(async database => {
      const statement = database.prepare('SELECT path, identity, sum, parsed FROM files');
      statement.setReturnArrays(true);
      const rows = statement.iterate() as unknown as Iterable<readonly unknown[]>;
      await inSlices(reading(rows, identities, found), ROWS);
    });
    return found;
  }

  keep(
    parsed: readonly ParsedFile[],
    identities: ReadonlyMap<string, string>,
    removed: readonly string[],
  ): void {
    if (parsed.length + removed.length === 0) return;
    void this.#attempt(database => {
      const insert = database.prepare('INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)');
      return this.#write(database, function* () {
        yield* FilesOnDisk.#deleting(database, removed);
        for (const file of parsed) {
          const [text, identity] = [textOf(file), identities.get(file.file) ?? ''];
          yield insert.run(file.file, identity, sumOf(file.file, identity, text), text);
        }
      });
    });
  }

  retain(paths: ReadonlyMap<string, unknown>): void {
    void this.#attempt(async database => {
      const rows = database.prepare('SELECT path FROM files').iterate();
      const gone = await flatMapInSlices(rows, ({path}) => (paths.has(String(path)) ? [] : String(path)));
      if (gone.length > 0) await this.#write(database, () => FilesOnDisk.#deleting(database, gone));
    });
  }

  static *#deleting(database: DatabaseSync, paths: readonly string[]): Generator<unknown, void> {
    const remove = database.prepare('DELETE FROM files WHERE path = ?');
    for (const path of paths) yield remove.run(path);
  }

  /** Writes all of it or nothing. */
  async #write(database: DatabaseSync, steps: () => Iterator<unknown, void>): Promise<void> {
    database.exec('BEGIN IMMEDIATE');
    try {
      await inSlices(steps(), ROWS);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  async idle(): Promise<void> {
    await this.#working;
  }

  /** One after the other, each with the database to itself: between them nothing is open. */
  #attempt(work: (database: DatabaseSync) => Promise<void>): Promise<void> {
    this.#working = this.#working.then(async () => {
      let database: DatabaseSync | undefined;
      try {
        makeFolder(this.#folder, 0o700);
        database = openDatabase(this.#file, this.#parser);
        await work(database);
      } catch (error) {
        if (!isBusy(error)) this.#remove();
      } finally {
        database?.close();
      }
    });
    return this.#working;
  }

  /** What is damaged is made anew by whatever is kept next. */
  #remove(): void {
    try {
      for (const suffix of ['', '-journal']) rmSync(`${this.#file}${suffix}`, {force: true});
    } catch {
      // Where nothing can be removed nothing is kept either.
    }
  }
}
