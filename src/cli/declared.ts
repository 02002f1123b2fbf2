import {join} from 'node:path';
import type {Config} from '../config/schema.ts';
import {type DeclarationSet, isNothing, NOTHING_DECLARED} from '../domain/declarations.ts';
import {declare} from '../domain/declare.ts';
import {FileCache} from '../source/file-cache.ts';
import {folderProblem} from '../source/files.ts';
import type {Checkout} from '../source/git/checkout.ts';
import {FolderNotFound} from '../source/git/objects.ts';
import {holidays} from '../source/holidays.ts';
import {digestOf, isBlob, type Snapshot, worktreeSnapshot} from '../source/snapshot.ts';
import {type DeclaredPlace, placeInGit, placeOfFolder} from './declared-place.ts';
import {type Followed, followedCommit, unmergedText} from './followed.ts';
import {NotReadable} from './not-readable.ts';
import type {PlanRevision} from './plan/document.ts';
import {soundBefore} from './sound-before.ts';

/** One state of the declarations, read whole. */
export interface Declared {
  readonly revision: PlanRevision;
  readonly declarations: DeclarationSet;
  readonly snapshot: Snapshot;
  /** The commit; undefined for files on disk. */
  readonly commit: string | undefined;
}

/**
 * The declarations that the configuration means, on this machine: the local repository that it names, or where
 * it names a remote one the checkout that this process runs in. Any revision of it can be read, or the files
 * as they are on disk.
 */
export class LocalDeclarations {
  readonly #checkout: Checkout | undefined;
  /** The folder of the declarations, from the top of the repository; empty for the top itself. */
  readonly #path: string;
  /** That folder on disk; undefined in a repository without a work tree. */
  readonly #directory: string | undefined;
  readonly #top: string | undefined;
  readonly #workspaces: ReadonlySet<string>;
  readonly #follows: Followed;
  readonly #files = new FileCache();

  private constructor({checkout, follows, path, top}: DeclaredPlace, workspaces: ReadonlySet<string>) {
    this.#follows = follows;
    this.#checkout = checkout;
    this.#path = path;
    this.#top = top;
    this.#directory = top === undefined ? undefined : join(top, path);
    this.#workspaces = workspaces;
  }

  /** Finds the repository. Throws `NotReadable` where there is none. Must be closed. */
  static async open({source, workspaces}: Config): Promise<LocalDeclarations> {
    const place = source.directory
      ? await placeOfFolder(source.directory.path)
      : await placeInGit(source.git ?? {});
    return new LocalDeclarations(place, new Set(workspaces.map(({name}) => name)));
  }

  async close(): Promise<void> {
    await this.#checkout?.close();
  }

  /**
   * Reads a revision, or with null the files on disk. Throws `NotReadable`, `RevisionNotFound` or
   * `FolderNotFound`.
   *
   * @param previous what was declared before: the campaigns of a file that became unreadable stay known
   */
  async read(requested: string | null, previous?: DeclarationSet): Promise<Declared> {
    const commit = requested === null ? undefined : await this.#repository().resolve(requested);
    const snapshot = commit === undefined ? await this.#onDisk() : await this.#committed(commit);
    const digest = digestOf(snapshot);
    const files = await this.#files.parse(snapshot.entries, snapshot.read);
    const before = previous ?? (await soundBefore(this.#checkout, {files, commit}, this.#workspaces));
    return {
      revision: {requested, id: commit ?? digest, digest},
      declarations: declare(files, this.#workspaces, before, holidays),
      snapshot,
      commit,
    };
  }

  /** Reads what a revision is compared with. One that lacks the folder declares nothing. */
  async readBase(requested: string): Promise<Declared> {
    try {
      return await this.read(requested);
    } catch (error) {
      if (!(error instanceof FolderNotFound)) throw error;
      return this.#withoutFolder(requested);
    }
  }

  /**
   * Reads a revision like `read`. One that lacks the folder, where what it is compared with has something in it, is one that
   * took away all of it.
   */
  async readHead(requested: string | null, base: DeclarationSet | undefined): Promise<Declared> {
    try {
      return await this.read(requested, base);
    } catch (error) {
      const isEmptied = error instanceof FolderNotFound && error.isGone && base && !isNothing(base);
      if (!isEmptied) throw error;
      return this.#withoutFolder(requested);
    }
  }

  async #withoutFolder(requested: string | null): Promise<Declared> {
    const commit = requested === null ? undefined : await this.#repository().resolve(requested);
    const snapshot: Snapshot = {entries: [], read: async () => new Map()};
    const digest = digestOf(snapshot);
    const revision = {requested, id: commit ?? digest, digest};
    return {revision, declarations: NOTHING_DECLARED, snapshot, commit};
  }

  /** When files last changed in Git; a file on disk that is not as it was committed has not been changed yet. */
  async changedAt(read: Declared, files: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (!this.#checkout || files.length === 0) return new Map();
    const commit = read.commit ?? (await this.#checkout.head());
    if (commit === undefined) return new Map();
    const open = new Set(await this.uncommitted(read));
    return this.#checkout.changedAt(
      commit,
      files.filter(file => !open.has(file)),
    );
  }

  /** True where what is compared with has commits that what was read lacks: what they changed shows the other way round. */
  async lacks(read: Declared, base: Declared): Promise<boolean> {
    const commit = read.commit ?? (await this.#checkout?.head());
    if (!this.#checkout || commit === undefined || base.commit === undefined) return false;
    return !(await this.#checkout.isAncestor(base.commit, commit));
  }

  /** The declaration files on disk that are not as HEAD has them, and those that only HEAD has; none of a commit. */
  async uncommitted({commit, snapshot}: Declared): Promise<readonly string[]> {
    if (commit !== undefined || !this.#checkout) return [];
    const head = await this.#checkout.head();
    const committed = head === undefined ? undefined : await this.#committed(head).catch(() => undefined);
    const byFile = (entries: Snapshot['entries']) =>
      new Map(entries.map(({contentId, file}) => [file, contentId]));
    const [known, onDisk] = [byFile(committed?.entries ?? []), byFile(snapshot.entries)];
    const differing = [...new Set([...known.keys(), ...onDisk.keys()])].filter(
      file => known.get(file) !== onDisk.get(file),
    );
    const contents = await snapshot.read([]);
    return differing.filter(file => !isBlob(contents.get(onDisk.get(file) ?? ''), known.get(file)));
  }

  /**
   * What is in force where somebody read something: what a controller with this configuration goes by, if what was read is in it.
   * With why it is not, where that is so, or where it cannot be known; then what was read counts.
   *
   * @param base what the plan was compared with, if with anything
   */
  async inForce(read: Declared, base: string | undefined): Promise<{now: Declared; unmerged?: string}> {
    if (!this.#follows.isCommitted) return {now: read};
    const followed = await followedCommit(this.#repository(), this.#follows, base);
    if ('problem' in followed) return {now: read, unmerged: followed.problem};
    const {commit, name} = followed;
    if (read.commit !== undefined && (await this.#repository().isAncestor(read.commit, commit)))
      return {now: read.commit === commit ? read : await this.readBase(commit)};
    if (await this.#declaresSame(read, commit)) return {now: read};
    return {now: read, unmerged: unmergedText(read.commit, name)};
  }

  async #declaresSame(read: Declared, commit: string): Promise<boolean> {
    const snapshot = await this.#committed(commit).catch(() => undefined);
    if (!snapshot) return false;
    if (digestOf(snapshot) === read.revision.digest) return true;
    const head = read.commit === undefined ? await this.#checkout?.head() : undefined;
    return head === commit && (await this.uncommitted(read)).length === 0;
  }

  #repository(): Checkout {
    if (this.#checkout) return this.#checkout;
    throw new NotReadable('the folder of the declarations is not in a Git repository: it has no revisions');
  }

  #committed(commit: string): Promise<Snapshot> {
    return this.#repository().snapshot(commit, this.#path);
  }

  async #onDisk(): Promise<Snapshot> {
    if (this.#directory === undefined || this.#top === undefined)
      throw new NotReadable('the repository has no work tree: name a commit with --revision');
    if (this.#checkout) {
      const problem = await folderProblem(this.#top, this.#path);
      if (problem) throw new FolderNotFound(problem.message, problem.isGone);
      if (await this.#checkout.isSparse()) throw new NotReadable(SPARSE);
    }
    return worktreeSnapshot(this.#directory, this.#top);
  }
}

const SPARSE =
  'this is a sparse checkout, which lacks files that are committed: name a commit with --revision HEAD, or git sparse-checkout disable';
