import {eachInSlices, flatMapInSlices, inSlices} from '../../controller/slices.ts';
import {MAX_FILE_BYTES} from '../../document/decode.ts';
import {errorText} from '../../domain/text.ts';
import {assertTotalBytes} from '../limits.ts';
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
    known.set(hash, Number(size));
  });
  return known;
};

function* parseBatch(stream: Buffer, contents: Map<string, Uint8Array>): Generator<void, void> {
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf(NEWLINE, at);
    if (end === -1) throw new Error('git cat-file was cut off in the middle');
    const [hash = '', type, size] = stream.toString('utf8', at, end).split(' ');
    if (type === 'missing' || size === undefined) {
      at = end + 1;
      continue;
    }
    const start = end + 1;
    yield void contents.set(hash, stream.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
}

/**
 * Reads blobs in one stream. One that is larger than a declaration file may be comes back cut short by one
 * byte over that limit, so that whoever parses it refuses it. Throws where one is missing or damaged.
 */
export const readBlobs = async (
  git: RunGit,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const known = await sizes(git, hashes);
  const contents = new Map<string, Uint8Array>();
  const large = new Uint8Array(MAX_FILE_BYTES + 1);
  let total = 0;
  const wanted = await flatMapInSlices(hashes, hash => {
    const size = known.get(hash);
    if (size === undefined || !Number.isInteger(size)) throw new BlobMissing(`missing blob ${hash}`);
    if (size > MAX_FILE_BYTES) contents.set(hash, large);
    else total += size;
    return size > MAX_FILE_BYTES ? [] : hash;
  });
  assertTotalBytes(total);
  if (wanted.length > 0)
    await inSlices(
      parseBatch(await git(['cat-file', '--batch'], `${wanted.join('\n')}\n`).catch(lacking), contents),
    );
  return contents;
};
