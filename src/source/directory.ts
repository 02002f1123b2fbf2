import {setTimeout as sleep} from 'node:timers/promises';
import type {DeclarationSource, SourceReading} from '../controller/ports.ts';
import {textOf} from '../document/decode.ts';
import {errorText} from '../domain/text.ts';
import {DeclaredFiles} from './declared-files.ts';
import {FolderUnreadable} from './files.ts';
import {Folder, type FolderState} from './folder.ts';
import {SourceTooLarge} from './limits.ts';
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

/** A file that was there a moment ago: somebody is changing the folder, and it is not still yet. */
const goneMeanwhile = (error: unknown): undefined => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
};

/** Declarations in a plain folder, such as a mounted ConfigMap. Its revision is a digest of what it holds. */
export class DirectorySource implements DeclarationSource {
  readonly #options: DirectoryOptions;
  readonly #files: DeclaredFiles;
  readonly #folder: Folder;
  #workspaces: ReadonlySet<string>;
  /** The revision in force; undefined where the next reading must tell anew. */
  #currentId: string | undefined;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#workspaces = options.workspaces;
    this.#folder = new Folder(options.path, options.now);
    this.#files = new DeclaredFiles(options.workspaces);
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

  async text(file: string): Promise<string | undefined> {
    const contentId = this.#files.contentIn(file);
    return contentId === undefined ? undefined : textOf(await this.#folder.contentOf(file, contentId));
  }

  watch(onChange: () => void): Promise<() => Promise<void>> {
    return watchPaths([this.#options.path], onChange);
  }

  /** Reads until nothing has changed for a moment: a file that is being written is no declaration yet. */
  async #read(signal: AbortSignal): Promise<SourceReading> {
    const {now, settle} = this.#options;
    let before: string | undefined;
    for (let attempt = 0; attempt <= MOST_ATTEMPTS && !signal.aborted; attempt++) {
      const snapshot = await this.#folder.look().catch(goneMeanwhile);
      if (!snapshot) {
        await sleep(settle, undefined, {signal}).catch(() => {});
        continue;
      }
      if (snapshot.id === this.#currentId) {
        this.#folder.taken();
        return {kind: 'unchanged'};
      }
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

  async #adopt({entries, id}: FolderState): Promise<SourceReading> {
    const workspaces = this.#workspaces;
    const changes = await this.#files.take(await this.#files.compare(entries), this.#folder.read, workspaces);
    this.#folder.taken();
    this.#currentId = workspaces === this.#workspaces ? id : undefined;
    return {kind: 'read', revision: {id}, declarations: this.#files.declarations, changes};
  }
}
