import {parentPort} from 'node:worker_threads';
import {parseFile} from './parse.ts';

/** Parses files for the main thread, one message each, so that none of them holds the event loop. */
parentPort?.on('message', ({bytes, file}: {bytes: Uint8Array; file: string}) =>
  parentPort?.postMessage(parseFile(file, bytes)),
);
