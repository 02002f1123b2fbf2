import {renameSync, rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {makeFolder} from './folder.ts';

/** How long another process may keep the file to itself. Milliseconds. */
const PATIENCE = 1_000;
const CORRUPT = 11;
const NO_DATABASE = 26;

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;

/** Whether an error says that the file is no database, or a damaged one. */
export const isDamaged = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === CORRUPT || code === NO_DATABASE;
};

/**
 * Opens a database to write in, with its schema, and makes it where it is not there. Throws where it cannot be had.
 *
 * @param patience how long another process may keep the file to itself, in milliseconds
 */
export const openToWrite = (file: string, schema: string, patience = PATIENCE): DatabaseSync => {
  if (file !== ':memory:') makeFolder(dirname(file), 0o700);
  const database = new DatabaseSync(file, {timeout: patience});
  try {
    database.exec(schema);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** The same of one that nothing needs: one that is damaged is put aside, and made anew. */
export const openOrMakeAnew = (file: string, schema: string, patience = PATIENCE): DatabaseSync => {
  try {
    return openToWrite(file, schema, patience);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    setAside(file);
    return openToWrite(file, schema, patience);
  }
};

/** Opens a database to read, as it is. Throws where there is none. */
export const openToRead = (file: string): DatabaseSync =>
  new DatabaseSync(file, {timeout: PATIENCE, readOnly: true});

/** Whether a database has a table: one of an earlier version lacks some. */
export const hasTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(name) !== undefined;

/** Does several things to a database, or none of them where one throws. */
export const atOnce = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/** Puts a damaged file aside, for whoever wants to look at it; one that lay there before is gone. Returns where it is. */
export const setAside = (file: string): string => {
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, {force: true});
  return aside;
};
