import {parentPort} from 'node:worker_threads';
import {parseFile} from './parse.ts';
import {textOf} from './parsed-text.ts';

/** Parses the files of a batch for another thread, and answers with what each came to, as one JSON text. */
parentPort?.on('message', ({bytes, ends, files}: {files: string[]; ends: number[]; bytes: Uint8Array}) => {
  const texts = files.map((file, i) => textOf(parseFile(file, bytes.subarray(ends[i - 1] ?? 0, ends[i]))));
  parentPort?.postMessage(`[${texts.join()}]`);
});
