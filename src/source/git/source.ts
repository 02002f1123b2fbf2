import {existsSync} from 'node:fs';
import type {DeclarationSource, Revision, SourceReading} from '../../controller/ports.ts';
import {type DeclarationSet, declare, NOTHING_DECLARED} from '../../domain/declarations.ts';
import {FileCache} from '../file-cache.ts';
import type {GitOptions} from './command.ts';
import {localPathOf, Mirror} from './mirror.ts';
import {describeCommit, listFiles, readBlobs} from './objects.ts';
import {gitTrouble, isBrokenMirror} from './trouble.ts';
import {watchRepository} from './watch.ts';

export interface GitSourceOptions extends GitOptions {
  /** The folder inside the repository, without slashes at its ends; empty for the root. */
  readonly path: string;
  /** Where the mirror is kept; it may be emptied at any time. */
  readonly cacheDirectory: string;
  readonly workspaces: ReadonlySet<string>;
}

/**
 * Declarations at a branch of a Git repository: always those of one commit, read from the object database.
 * No work tree is made and nothing is checked out, so what is not committed is never seen.
 */
export class GitSource implements DeclarationSource {
  readonly #options: GitSourceOptions;
  readonly #mirror: Mirror;
  readonly #files = new FileCache();
  #current: Revision | undefined;
  #declarations: DeclarationSet = NOTHING_DECLARED;

  constructor(options: GitSourceOptions) {
    this.#options = options;
    this.#mirror = new Mirror(options, options.cacheDirectory);
  }

  async read(signal: AbortSignal): Promise<SourceReading> {
    const abort = AbortSignal.any([signal]);
    try {
      return await this.#read(abort);
    } catch (error) {
      if (!isBrokenMirror(error)) return {kind: 'failed', trouble: gitTrouble(error)};
    }
    return this.#readAnew(abort);
  }

  async watch(onChange: () => void): Promise<() => Promise<void>> {
    const local = localPathOf(this.#options.url);
    if (local === undefined || !existsSync(local)) return async () => {};
    return watchRepository(await this.#mirror.gitInLocal(local), onChange);
  }

  async #readAnew(signal: AbortSignal): Promise<SourceReading> {
    try {
      await this.#mirror.discard();
      return await this.#read(signal);
    } catch (error) {
      return {kind: 'failed', trouble: gitTrouble(error)};
    }
  }

  async #read(signal: AbortSignal): Promise<SourceReading> {
    const commit = await this.#mirror.fetch(signal);
    if (commit === this.#current?.id) return {kind: 'unchanged'};
    const git = this.#mirror.git(signal);
    const revision = await describeCommit(git, commit);
    const entries = await listFiles(git, commit, this.#options.path);
    const files = await this.#files.parse(entries, hashes => readBlobs(git, hashes));
    const declarations = declare(files, this.#options.workspaces, this.#declarations);
    this.#current = revision;
    this.#declarations = declarations;
    return {kind: 'read', revision, declarations};
  }
}
