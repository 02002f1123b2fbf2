import {setImmediate as otherWork} from 'node:timers/promises';
import type {ParsedFile} from '../domain/declarations.ts';
import {parseAside} from './parse-aside.ts';

/** A file that is to be parsed. */
export interface Readable {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Parses a few files in this thread, but for those that take long; then other work has its turn. */
export const parseHere = async (batch: readonly Readable[]): Promise<readonly ParsedFile[]> => {
  const parsed: ParsedFile[] = [];
  for (const {bytes, file} of batch) parsed.push(await parseAside(file, bytes));
  await otherWork();
  return parsed;
};
