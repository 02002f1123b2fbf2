import {createHash} from 'node:crypto';
import {relative, sep} from 'node:path';
import type {FileEntry, ReadContents} from './entries.ts';
import {contentsOf, declarationFiles} from './files.ts';
import {assertFileCount, assertTotalBytes} from './limits.ts';

/** The declaration files of one state of a source, and the way to what they hold. */
export interface Snapshot {
  readonly entries: readonly FileEntry[];
  readonly read: ReadContents;
}

/** How many files are read at the same time. */
const AT_ONCE = 64;

type Algorithm = 'sha1' | 'sha256';

/** The name that Git gives to a file's content, so that a file on disk is known to be the one of a commit. */
export const blobId = (bytes: Uint8Array, algorithm: Algorithm = 'sha1'): string =>
  createHash(algorithm).update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');

const SHA256_LENGTH = 64;

/** True where bytes on disk are those of a blob, as they stand or but for line ends that Git has converted. */
export const isBlob = (bytes: Uint8Array | undefined, id: string | undefined): boolean => {
  if (!bytes || id === undefined) return false;
  const algorithm = id.length === SHA256_LENGTH ? 'sha256' : 'sha1';
  const converted = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return blobId(bytes, algorithm) === id || blobId(converted, algorithm) === id;
};

/** Maps in order, with a bounded number at work at the same time. */
export const mapBounded = async <T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  atOnce = AT_ONCE,
): Promise<R[]> => {
  const results: R[] = [];
  const waiting = Iterator.from(items);
  let taken = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const index = taken++;
      results[index] = await work(next.value);
    }
  };
  await Promise.all(Array.from({length: atOnce}, worker));
  return results;
};

/**
 * The declaration files on disk below `directory`, whether they are committed or not, by their paths from
 * `top`. Symbolic links are left out, as they are when a commit is read.
 */
export const worktreeSnapshot = async (directory: string, top: string): Promise<Snapshot> => {
  const found = await declarationFiles(directory, false);
  assertFileCount(found.length);
  const contents = new Map<string, Uint8Array>();
  const prefix = relative(top, directory).replaceAll(sep, '/');
  let total = 0;
  const entries = await mapBounded(found, async one => {
    const bytes = await contentsOf(one);
    total += bytes.byteLength;
    assertTotalBytes(total);
    const contentId = blobId(bytes);
    contents.set(contentId, bytes);
    const file = prefix ? `${prefix}/${one.file}` : one.file;
    return {file, contentId, ...(one.problem && {problem: one.problem})};
  });
  return {entries, read: async () => contents};
};

/** A digest of what a snapshot holds: two that are alike declare the same. */
export const digestOf = ({entries}: Pick<Snapshot, 'entries'>): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(entries)).digest('hex')}`;
