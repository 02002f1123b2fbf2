import {existsSync} from 'node:fs';
import type {DeclarationSource, Revision, SourceReading} from '../../controller/ports.ts';
import {textOf} from '../../document/decode.ts';
import {isNothing} from '../../domain/declarations.ts';
import {DeclaredFiles} from '../declared-files.ts';
import type {EntryChanges} from '../entries.ts';
import {FilesOnDisk} from '../kept-files.ts';
import {BlobMissing, readBlobs} from './blobs.ts';
import type {GitOptions, RunGit} from './command.ts';
import {lastSound} from './earlier.ts';
import {isEmptiedBy} from './emptied.ts';
import {Maintenance} from './maintenance.ts';
import {localPathOf, Mirror, mirrorHome} from './mirror.ts';
import {changedFiles, describeCommit, isAncestor, listLeft} from './objects.ts';
import {Texts} from './texts.ts';
import {gitTrouble, isLocked, mayBeBroken, namesDamage} from './trouble.ts';
import {
  forgetVerified,
  newestVerified,
  UnverifiedCommit,
  type VerifyContext,
  verifyCommit,
} from './verify.ts';
import {watchRepository} from './watch.ts';

export interface GitSourceOptions extends GitOptions {
  /** The folder inside the repository, without slashes at its ends; empty for the root. */
  readonly path: string;
  /** Where the mirror is kept; it may be emptied at any time. */
  readonly cacheDirectory: string;
  readonly workspaces: ReadonlySet<string>;
  /** Secrets in use, which no message may hold. */
  readonly secrets: () => readonly string[];
}

/**
 * Declarations at a branch of a Git repository: always those of one commit, read from the object database.
 * No work tree is made and nothing is checked out, so what is not committed is never seen.
 */
export class GitSource implements DeclarationSource {
  readonly #options: GitSourceOptions;
  /** Where the mirror is kept, and what belongs to it. */
  readonly #home: string;
  readonly #mirror: Mirror;
  readonly #files: DeclaredFiles;
  readonly #kept: FilesOnDisk;
  readonly #texts = new Texts(async hash => {
    const git = this.#mirror.git(AbortSignal.timeout(this.#options.timeout));
    return textOf((await readBlobs(git, [hash]).catch(() => undefined))?.get(hash));
  });
  #workspaces: ReadonlySet<string>;
  /** False where the revision in force has to be declared anew, for other workspaces. */
  #known = true;
  #current: Revision | undefined;
  /** The mirror was looked into since it was last fetched into, and nothing was wrong with it. */
  #isSound = false;
  readonly #maintenance: Maintenance;

  constructor(options: GitSourceOptions) {
    this.#options = options;
    this.#workspaces = options.workspaces;
    this.#home = mirrorHome(options, options.cacheDirectory);
    this.#kept = new FilesOnDisk(this.#home);
    this.#files = new DeclaredFiles(options.workspaces, this.#kept);
    this.#mirror = new Mirror(options, options.cacheDirectory);
    this.#maintenance = new Maintenance(this.#mirror);
  }

  know(workspaces: ReadonlySet<string>): void {
    if (workspaces.symmetricDifference(this.#workspaces).size === 0) return;
    this.#workspaces = workspaces;
    this.#known = false;
  }

  async read(signal: AbortSignal): Promise<SourceReading> {
    const abort = AbortSignal.any([signal]);
    try {
      return await this.#mended(abort);
    } catch (error) {
      return {kind: 'failed', trouble: gitTrouble(error, this.#options.secrets())};
    }
  }

  async text(file: string): Promise<string | undefined> {
    const hash = this.#files.contentIn(file);
    return hash === undefined ? undefined : this.#texts.of(hash);
  }

  /** Resolves once what files came to is kept for the next start. */
  idle(): Promise<void> {
    return this.#kept.idle();
  }

  async watch(onChange: () => void): Promise<() => Promise<void>> {
    const local = localPathOf(this.#options.url);
    if (local === undefined || !existsSync(local)) return async () => {};
    return watchRepository(await this.#mirror.gitInLocal(local), onChange);
  }

  /** Reads; where the mirror itself is in the way, mends it, or makes it anew, and reads once more. */
  async #mended(signal: AbortSignal): Promise<SourceReading> {
    let fetched: string | undefined;
    try {
      fetched = await this.#mirror.fetch(signal);
      this.#isSound = false;
      return await this.#takeSigned(fetched, signal);
    } catch (error) {
      await this.#maintenance.end();
      if (isLocked(error)) {
        await this.#mirror.clean();
        return this.#takeSigned(await this.#mirror.fetch(signal), signal);
      }
      if (!(await this.#isBrokenBy(error, fetched !== undefined, signal))) throw error;
    }
    return this.#takeSigned(await this.#mirror.rebuild(signal), signal);
  }

  /** A content that the mirror lacks is proof enough; anything else that is not the remote's is looked into. */
  async #isBrokenBy(error: unknown, wasFetched: boolean, signal: AbortSignal): Promise<boolean> {
    if (error instanceof UnverifiedCommit) return false;
    if (error instanceof BlobMissing) return wasFetched;
    if (namesDamage(error)) {
      const isBroken = !this.#isSound && (await this.#mirror.isBroken(signal, 'everything'));
      this.#isSound = !isBroken;
      return isBroken;
    }
    return mayBeBroken(error) && this.#mirror.isBroken(signal, wasFetched ? 'contents' : 'connections');
  }

  /** A commit that is not signed as it should leaves in force what a process that had followed the branch would have. */
  async #takeSigned(commit: string, signal: AbortSignal): Promise<SourceReading> {
    try {
      return await this.#take(commit, signal);
    } catch (error) {
      const {secrets, verify} = this.#options;
      if (this.#current || !verify || !(error instanceof UnverifiedCommit)) throw error;
      const newest = await newestVerified(this.#mirror.git(signal), commit, verify, this.#verifying(signal));
      if (newest === undefined) throw error;
      const reading = await this.#take(newest, signal);
      return reading.kind === 'read' ? {...reading, trouble: gitTrouble(error, secrets())} : reading;
    }
  }

  async #take(commit: string, signal: AbortSignal): Promise<SourceReading> {
    if (commit === this.#current?.id && this.#known) return {kind: 'unchanged'};
    const git = this.#mirror.git(signal);
    const revision = await this.#described(git, commit);
    await this.#verified(git, commit, signal);
    const workspaces = this.#workspaces;
    const entries = await this.#changesUntil(commit, git);
    const changes = await this.#files.take(
      entries,
      hashes => readBlobs(git, hashes),
      workspaces,
      broken => lastSound(git, commit, broken, workspaces),
    );
    const {declarations} = this.#files;
    const emptied =
      !this.#current && isNothing(declarations) && (await isEmptiedBy(git, commit, this.#options.path));
    this.#current = revision;
    this.#known = workspaces === this.#workspaces;
    this.#maintenance.adopted(signal);
    return {kind: 'read', revision, declarations, changes, ...(emptied && {emptied})};
  }

  #verifying(signal: AbortSignal): VerifyContext {
    return {home: this.#home, inForce: this.#current?.id, signal, timeout: this.#options.timeout};
  }

  /** Throws `UnverifiedCommit` where signatures count and lack. */
  #verified(git: RunGit, commit: string, signal: AbortSignal): Promise<void> {
    const {verify} = this.#options;
    return verify
      ? verifyCommit(git, commit, verify, this.#verifying(signal))
      : forgetVerified(git, this.#home);
  }

  /** What a commit changes of the one in force; where Git cannot tell, what all of its files show. */
  async #changesUntil(commit: string, git: RunGit): Promise<EntryChanges> {
    const {path} = this.#options;
    const from = this.#current?.id;
    if (from !== undefined) {
      const changes = await changedFiles(git, {from, to: commit}, path).catch(() => undefined);
      if (changes) return changes;
    }
    return this.#files.compare(await listLeft(git, commit, path));
  }

  /** A commit, and whether it goes on from the one that is in force. */
  async #described(git: RunGit, commit: string): Promise<Revision> {
    const revision = await describeCommit(git, commit);
    const before = this.#current?.id;
    if (before === undefined || before === commit) return revision;
    if (await isAncestor(git, before, commit)) return revision;
    const turn = (await isAncestor(git, commit, before)) ? 'backwards' : 'rewritten';
    return {...revision, turn, before};
  }
}
