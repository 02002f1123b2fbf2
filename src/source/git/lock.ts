import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {isBusy} from '../../disk/busy.ts';
import {makeFolder} from '../../disk/folder.ts';
import {isDamaged} from '../../disk/sqlite.ts';
import {errorText} from '../../domain/text.ts';

/** Who has a lock, in words. */
export interface Holder {
  readonly holder: string;
}

/** A lock that is held until it is released, or until the process ends, however it does. */
export interface Lock {
  release(): void;
}

const LOCK = 'lock.sqlite';

/** The databases that are locked: one that nothing refers to is collected, and lets go. */
const held = new Set<DatabaseSync>();

const holderOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'a process that has not said who it is';
  }
};

/**
 * Takes the lock of a folder, which is made where it is missing; or tells who has it. The lock is a database's: the
 * system lets go of it when its holder ends, even one that was killed. Throws where the folder cannot be written to.
 *
 * @param about who takes it, for whoever comes second
 */
export const lockFolder = (folder: string, about: string): Lock | Holder => {
  makeFolder(folder, 0o700);
  const named = join(folder, 'holder');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, LOCK), {timeout: 0});
    database.exec('BEGIN IMMEDIATE');
    database.exec('PRAGMA user_version = 1');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return {holder: holderOf(named)};
    const remedy = isDamaged(error) ? `; if no other Rollcall uses it, delete ${LOCK} there` : '';
    throw new Error(`the folder ${folder} cannot be locked: ${errorText(error)}${remedy}`);
  }
  writeFileSync(named, `${about}\n`, {mode: 0o600});
  const mine = database;
  held.add(mine);
  return {
    release: () => {
      held.delete(mine);
      mine.close();
    },
  };
};
