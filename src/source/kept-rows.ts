import {crc32} from 'node:zlib';
import type {ParsedFile} from '../domain/declarations.ts';
import {type ParsedText, restored} from './parsed-text.ts';

/** The sum by which a row is known to be whole. */
export const sumOf = (path: string, identity: string, parsed: string): number =>
  crc32(`${path}\n${identity}\n${parsed}`);

/** What rows hold that count, by path; one row a step. */
export function* reading(
  rows: Iterable<readonly unknown[]>,
  identities: ReadonlyMap<string, string>,
  found: Map<string, ParsedFile>,
): Generator<void, void> {
  for (const [path, identity, sum, parsed] of rows) {
    const [file, text] = [String(path), String(parsed)];
    if (identities.get(file) === identity && sum === sumOf(file, String(identity), text))
      found.set(file, restored(file, JSON.parse(text) as ParsedText));
    yield;
  }
}
