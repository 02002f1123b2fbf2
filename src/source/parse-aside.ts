import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import {MAX_FILE_BYTES} from '../document/decode.ts';
import {START} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import {errorText} from '../domain/text.ts';
import {parseFile} from './parse.ts';

/** A file up to this size is parsed at once: it takes less time than a message to another thread and back. */
const SMALL = 8 * 1024;
/** But for one of more documents than this: each has a cost of its own. */
const FEW_DOCUMENTS = 20;
/** A file that takes longer than this, twice, is given up. Milliseconds; `BOUNDS` leave none that takes a tenth of it. */
const DEADLINE = 10_000;
const MEMORY_MIB = 512;

const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './parse-worker.ts' : './parse-worker.js',
  import.meta.url,
);

let worker: Worker | undefined;

const start = (): Worker => {
  const started = new Worker(WORKER, {resourceLimits: {maxOldGenerationSizeMb: MEMORY_MIB}});
  started.on('error', () => {});
  started.once('exit', () => {
    if (worker === started) worker = undefined;
  });
  return started;
};

const givenUp = (file: string, why: string): ParsedFile => ({
  file,
  isGivenUp: true,
  documents: [],
  diagnostics: [{code: 'unparsable', message: `the file cannot be parsed: ${why}`, file, ...START}],
});

/** @param isFirstTry a machine that stood still is no fault of the file: it is tried once more */
const parseInWorker = async (file: string, bytes: Uint8Array, isFirstTry = true): Promise<ParsedFile> => {
  worker ??= start();
  const mine = worker;
  const deadline = AbortSignal.timeout(DEADLINE);
  mine.ref();
  try {
    const answer = once(mine, 'message', {signal: deadline});
    const own = new Uint8Array(bytes);
    mine.postMessage({file, bytes: own}, [own.buffer]);
    const [parsed] = await answer;
    return parsed as ParsedFile;
  } catch (error) {
    worker = undefined;
    await mine.terminate();
    if (isFirstTry && deadline.aborted) return parseInWorker(file, bytes, false);
    return givenUp(file, deadline.aborted ? `it takes longer than ${DEADLINE / 1000} s` : errorText(error));
  } finally {
    mine.unref();
  }
};

const MARK = Buffer.from('---');

const hasFewDocuments = (bytes: Uint8Array): boolean => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = buffer.indexOf(MARK);
  for (let marks = 0; at >= 0; marks++) {
    if (marks > FEW_DOCUMENTS) return false;
    at = buffer.indexOf(MARK, at + MARK.length);
  }
  return true;
};

/** True for a file that takes less time to parse than a message about it to another thread and back. */
export const isQuick = (bytes: Uint8Array): boolean => bytes.byteLength <= SMALL && hasFewDocuments(bytes);

let line: Promise<unknown> = Promise.resolve();

/**
 * Parses one file without holding the event loop: a large one in a thread of its own, one after the other. Never
 * rejects: a file that takes too long, or too much memory, comes back as a diagnostic.
 */
export const parseAside = (file: string, bytes: Uint8Array): Promise<ParsedFile> => {
  if (isQuick(bytes) || bytes.byteLength > MAX_FILE_BYTES) return Promise.resolve(parseFile(file, bytes));
  const parsed = line.then(() => parseInWorker(file, bytes));
  line = parsed;
  return parsed;
};
