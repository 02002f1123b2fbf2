import {availableParallelism} from 'node:os';
import {Worker} from 'node:worker_threads';
import type {ParsedFile} from '../domain/declarations.ts';
import {isQuick} from './parse-aside.ts';
import {parseHere, type Readable} from './parse-here.ts';
import {type ParsedText, restored} from './parsed-text.ts';

/** More threads than this would wait for the one that puts together what they found. */
const MOST_THREADS = 3;

const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './parse-batch-worker.ts' : './parse-batch-worker.js',
  import.meta.url,
);

interface Asked {
  readonly files: readonly string[];
  resolve(parsed: readonly ParsedFile[]): void;
  reject(error: unknown): void;
}

/** A thread that answers what it is asked one after the other. */
class Thread {
  readonly #worker = new Worker(WORKER);
  readonly #asked: Asked[] = [];
  #ended: Error | undefined;

  constructor() {
    this.#worker.on('message', (text: string) => this.#answer(text));
    this.#worker.on('error', error => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new Error('the thread has ended')));
  }

  /** How many batches it has to answer; of one that has ended, more than any other. */
  get load(): number {
    return this.#ended ? Number.POSITIVE_INFINITY : this.#asked.length;
  }

  parse(batch: readonly Readable[]): Promise<readonly ParsedFile[]> {
    if (this.#ended) return Promise.reject(this.#ended);
    const files = batch.map(({file}) => file);
    const ends: number[] = [];
    let size = 0;
    for (const {bytes} of batch) {
      size += bytes.byteLength;
      ends.push(size);
    }
    const joined = new Uint8Array(size);
    for (const [i, {bytes}] of batch.entries()) joined.set(bytes, ends[i - 1] ?? 0);
    return new Promise((resolve, reject) => {
      this.#asked.push({files, resolve, reject});
      this.#worker.postMessage({files, ends, bytes: joined}, [joined.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #answer(text: string): void {
    const asked = this.#asked.shift();
    const parsed = JSON.parse(text) as ParsedText[];
    asked?.resolve(asked.files.map((file, i) => restored(file, parsed[i] as ParsedText)));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const {reject} of this.#asked.splice(0)) reject(error);
  }
}

/** Threads that parse many small files while this one reads on. */
export class ParseThreads {
  readonly #threads = Array.from({length: ParseThreads.available}, () => new Thread());

  /** How many there may be beside this one: none on a single core. */
  static get available(): number {
    return Math.min(availableParallelism() - 1, MOST_THREADS);
  }

  /**
   * What files came to, in their order. A batch with a file that takes long is parsed here, where that has a thread of its
   * own; and so is one whose thread has ended, as where the machine lets no more be started.
   */
  async parse(batch: readonly Readable[]): Promise<readonly ParsedFile[]> {
    if (!batch.every(({bytes}) => isQuick(bytes))) return parseHere(batch);
    const idlest = this.#threads.reduce((one, other) => (other.load < one.load ? other : one));
    return idlest.parse(batch).catch(() => parseHere(batch));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.close()));
  }
}
