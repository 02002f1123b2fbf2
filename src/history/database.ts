import {renameSync, rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {makeFolder} from '../disk/folder.ts';

/** How long another process may keep the file to itself. Milliseconds. */
const PATIENCE = 1_000;
const CORRUPT = 11;
const NO_DATABASE = 26;

const SCHEMA = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, workspace TEXT NOT NULL,
    campaign TEXT NOT NULL, name TEXT NOT NULL, revision TEXT, author TEXT, committed_at INTEGER, desired TEXT,
    from_status TEXT, action TEXT, to_status TEXT, cause TEXT, changed_by TEXT, changed_at INTEGER, own INTEGER,
    outcome TEXT, message TEXT, replica TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_by_time ON records (at, replica, id);
  CREATE INDEX IF NOT EXISTS records_by_campaign ON records (workspace, campaign, at);
  CREATE TABLE IF NOT EXISTS latest (
    workspace TEXT NOT NULL, campaign TEXT NOT NULL, name TEXT NOT NULL, status TEXT, changed_at INTEGER,
    wished INTEGER NOT NULL, wish TEXT,
    PRIMARY KEY (workspace, campaign)
  ) STRICT, WITHOUT ROWID;
`;

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;

/** Whether an error says that the file is no database, or a damaged one. */
export const isDamaged = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === CORRUPT || code === NO_DATABASE;
};

/** Opens a history to write in, and makes it where it is not there. Throws where it cannot be had. */
export const openToWrite = (file: string): DatabaseSync => {
  makeFolder(dirname(file), 0o700);
  const database = new DatabaseSync(file, {timeout: PATIENCE});
  try {
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Opens a history to read, as it is. Throws where there is none. */
export const openToRead = (file: string): DatabaseSync =>
  new DatabaseSync(file, {timeout: PATIENCE, readOnly: true});

/** Puts a damaged history aside, for whoever wants to look at it; one that lay there before is gone. Returns where it is. */
export const setAside = (file: string): string => {
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, {force: true});
  return aside;
};
