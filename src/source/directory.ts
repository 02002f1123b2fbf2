import {createHash} from 'node:crypto';
import {stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {DeclarationSource, SourceReading} from '../controller/ports.ts';
import {type DeclarationSet, declare, NOTHING_DECLARED} from '../domain/declarations.ts';
import {errorText} from '../domain/text.ts';
import {FileCache, type FileEntry} from './file-cache.ts';
import {contentsOf, declarationFiles, FolderUnreadable, type FoundFile} from './files.ts';
import {assertFileCount, assertTotalBytes, SourceTooLarge} from './limits.ts';
import {watchPaths} from './watch.ts';

/** A folder that changes for longer than this many times its moment of rest is not waited for. */
const MOST_ATTEMPTS = 20;

export interface DirectoryOptions {
  readonly path: string;
  readonly workspaces: ReadonlySet<string>;
  /** For how long nothing may have changed before what is there counts as whole. Milliseconds. */
  readonly settle: number;
  /** The time of day, in epoch milliseconds. */
  readonly now: () => number;
}

interface Snapshot {
  readonly id: string;
  readonly entries: readonly FileEntry[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** When something in it last changed, in epoch milliseconds. */
  readonly changedAt: number;
}

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

const changeTime = async (path: string | Buffer): Promise<number> => (await stat(path)).ctimeMs;

/** When a file, or a folder that holds one, last changed. */
const lastChange = async (directory: string, files: readonly FoundFile[]): Promise<number> => {
  const paths = new Set([directory]);
  for (const {path} of files) {
    const text = path?.toString('latin1');
    if (text !== undefined) paths.add(text).add(dirname(text));
  }
  let latest = 0;
  for (const path of paths) {
    const at = path === directory ? path : Buffer.from(path, 'latin1');
    latest = Math.max(latest, await changeTime(at));
  }
  return latest;
};

/** A file that was there a moment ago: somebody is changing the folder, and it is not still yet. */
const goneMeanwhile = (error: unknown): undefined => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
};

/** Declarations in a plain folder, such as a mounted ConfigMap. Its revision is a digest of what it holds. */
export class DirectorySource implements DeclarationSource {
  readonly #options: DirectoryOptions;
  readonly #files = new FileCache();
  #workspaces: ReadonlySet<string>;
  /** The revision in force; undefined where the next reading must tell anew. */
  #currentId: string | undefined;
  #declarations: DeclarationSet = NOTHING_DECLARED;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#workspaces = options.workspaces;
  }

  know(workspaces: ReadonlySet<string>): void {
    if (workspaces.symmetricDifference(this.#workspaces).size === 0) return;
    this.#workspaces = workspaces;
    this.#currentId = undefined;
  }

  async read(signal: AbortSignal): Promise<SourceReading> {
    try {
      return await this.#read(signal);
    } catch (error) {
      const own = error instanceof FolderUnreadable || error instanceof SourceTooLarge;
      const message = own
        ? error.message
        : `the folder ${this.#options.path} could not be read: ${errorText(error)}`;
      const stalls = error instanceof SourceTooLarge;
      return {kind: 'failed', trouble: {reason: stalls ? 'SourceTooLarge' : 'SourceFailed', message, stalls}};
    }
  }

  watch(onChange: () => void): Promise<() => Promise<void>> {
    return watchPaths([this.#options.path], onChange);
  }

  /** Reads until nothing has changed for a moment: a file that is being written is no declaration yet. */
  async #read(signal: AbortSignal): Promise<SourceReading> {
    const {now, settle} = this.#options;
    let before: string | undefined;
    for (let attempt = 0; attempt <= MOST_ATTEMPTS && !signal.aborted; attempt++) {
      const snapshot = await this.#snapshot().catch(goneMeanwhile);
      if (!snapshot) {
        await sleep(settle, undefined, {signal}).catch(() => {});
        continue;
      }
      if (snapshot.id === this.#currentId) return {kind: 'unchanged'};
      const age = now() - snapshot.changedAt;
      const isStill = age >= settle || (before === snapshot.id && age < 0);
      if (isStill) return this.#adopt(snapshot);
      before = snapshot.id;
      await sleep(Math.min(settle, Math.max(1, settle - age)), undefined, {signal}).catch(() => {});
    }
    throw new Error(
      `it keeps changing while it is read: nothing may change for ${settle} ms (source.directory.settle)`,
    );
  }

  async #adopt({contents, entries, id}: Snapshot): Promise<SourceReading> {
    const files = await this.#files.parse(entries, async () => contents);
    this.#declarations = declare(files, this.#workspaces, this.#declarations);
    this.#currentId = id;
    return {kind: 'read', revision: {id}, declarations: this.#declarations};
  }

  async #snapshot(): Promise<Snapshot> {
    const contents = new Map<string, Uint8Array>();
    const entries: FileEntry[] = [];
    const found = await declarationFiles(this.#options.path);
    assertFileCount(found.length);
    let total = 0;
    for (const one of found) {
      const bytes = await contentsOf(one);
      total += bytes.byteLength;
      assertTotalBytes(total);
      const contentId = sha256(bytes);
      contents.set(contentId, bytes);
      entries.push({file: one.file, contentId, ...(one.problem && {problem: one.problem})});
    }
    const changedAt = await lastChange(this.#options.path, found);
    return {contents, entries, id: `sha256:${sha256(JSON.stringify(entries))}`, changedAt};
  }
}
