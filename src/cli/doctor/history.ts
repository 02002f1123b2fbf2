import {accessSync, constants, existsSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Config} from '../../config/schema.ts';
import {makeFolder} from '../../disk/folder.ts';
import {hasTable, openToRead} from '../../disk/sqlite.ts';
import {errorText} from '../../domain/text.ts';
import {historyOptions} from '../past/open.ts';
import {type CheckResult, failed, ok} from './check.ts';

const REMEDY =
  'choose another file with history.file, or put this one aside: without it limits and the age of resumes count from the start';

/** Throws where no history can be written there. */
const tryFile = (file: string): void => {
  makeFolder(dirname(file), 0o700);
  accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  if (!existsSync(file) || statSync(file).size === 0) return;
  const database = openToRead(file);
  try {
    if (!hasTable(database, 'records')) throw new Error('it is no history');
  } finally {
    database.close();
  }
};

/** Whether the history can be written. Nothing is written. */
export const checkHistory = (config: Config, env: NodeJS.ProcessEnv): CheckResult => {
  const {file} = historyOptions(config, env);
  try {
    tryFile(file);
    return ok('history', `the history is kept in ${file}`);
  } catch (error) {
    return failed('history', `no history can be kept in ${file}: ${errorText(error)}`, REMEDY);
  }
};
