import {eachInSlices, flatMapInSlices, inSlices} from '../../controller/slices.ts';
import {MAX_FILE_BYTES} from '../../document/decode.ts';
import {errorText} from '../../domain/text.ts';
import {assertTotalBytes, SourceTooLarge} from '../limits.ts';
import type {RunGit} from './command.ts';
import {NEWLINE, parts} from './parts.ts';

/** The contents of files are not in the repository: it was cloned without them. */
export class BlobMissing extends Error {}

const isLazy = (error: unknown): boolean => /promisor remote|lazy fetching/.test(errorText(error));

const lacking = (error: unknown): never => {
  if (isLazy(error)) throw new BlobMissing(errorText(error));
  throw error;
};

/** The sizes of objects, in bytes: what is too large is never read. */
const sizes = async (git: RunGit, hashes: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const answer = await git(['cat-file', '--batch-check'], `${hashes.join('\n')}\n`).catch(lacking);
  const known = new Map<string, number>();
  await eachInSlices(parts(answer, NEWLINE), line => {
    const [hash = '', , size] = line.toString('latin1').split(' ');
    if (size !== undefined) known.set(hash, Number(size));
  });
  return known;
};

/** What stands for a file that is not read. */
const TOO_LARGE = new Uint8Array(MAX_FILE_BYTES + 1);

/** Takes a stream apart; what is too large is not kept. */
function* parseBatch(stream: Buffer, contents: Map<string, Uint8Array>): Generator<void, void> {
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf(NEWLINE, at);
    if (end === -1) throw new Error('git cat-file was cut off in the middle');
    const [hash = '', type, text] = stream.toString('latin1', at, end).split(' ');
    const [size, start] = [Number(text), end + 1];
    if (type === 'missing' || text === undefined) {
      at = start;
      continue;
    }
    yield void contents.set(hash, size > MAX_FILE_BYTES ? TOO_LARGE : stream.subarray(start, start + size));
    at = start + size + 1;
  }
}

/** So many bytes of files are read without a look at their sizes first: what people write is less. */
const FEW_BYTES = 64 * 1024 * 1024;

/** The contents of blobs in one stream; undefined where they are more than is read without a look. */
const readFew = async (git: RunGit, hashes: readonly string[]): Promise<Buffer | undefined> => {
  try {
    return await git(['cat-file', '--batch'], `${hashes.join('\n')}\n`, FEW_BYTES);
  } catch (error) {
    return error instanceof SourceTooLarge ? undefined : lacking(error);
  }
};

/** The same of as many as are ever read: what is too large is known by its size, and left out. */
const readMany = async (
  git: RunGit,
  hashes: readonly string[],
  contents: Map<string, Uint8Array>,
): Promise<Buffer> => {
  const known = await sizes(git, hashes);
  let total = 0;
  const wanted = await flatMapInSlices(hashes, hash => {
    const size = known.get(hash) ?? 0;
    if (size > MAX_FILE_BYTES) contents.set(hash, TOO_LARGE);
    else total += size;
    return size > MAX_FILE_BYTES ? [] : hash;
  });
  assertTotalBytes(total);
  if (wanted.length === 0) return Buffer.alloc(0);
  return git(['cat-file', '--batch'], `${wanted.join('\n')}\n`).catch(lacking);
};

/**
 * Reads blobs in one stream. One that is larger than a declaration file may be comes back as nothing but too many
 * bytes, so that whoever parses it refuses it. Throws where one is missing or damaged.
 */
export const readBlobs = async (
  git: RunGit,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const contents = new Map<string, Uint8Array>();
  if (hashes.length === 0) return contents;
  const stream = (await readFew(git, hashes)) ?? (await readMany(git, hashes, contents));
  await inSlices(parseBatch(stream, contents));
  const missing = hashes.find(hash => !contents.has(hash));
  if (missing !== undefined) throw new BlobMissing(`missing blob ${missing}`);
  return contents;
};
