import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Snapshot} from '../snapshot.ts';
import {type GitOptions, gitConfig, gitIn, type RunGit} from './command.ts';
import {describeCommit, listFiles, readBlobs} from './objects.ts';

/** A revision that Git does not know in this repository. */
export class RevisionNotFound extends Error {}

const TIMEOUT = 60_000;

const firstLine = (output: Buffer): string => output.toString('utf8').split('\n')[0] ?? '';

/** The paths and commit times (epoch milliseconds) in `git log -z --name-only` with a mark before each time. */
const parseLog = (output: Buffer): Map<string, number> => {
  const times = new Map<string, number>();
  for (const commit of output.toString('utf8').split('\x01').slice(1)) {
    const [seconds = '', ...paths] = commit.split('\0').filter(Boolean);
    for (const path of paths) {
      const file = path.replace(/^\n/, '');
      if (!times.has(file)) times.set(file, Number(seconds) * 1000);
    }
  }
  return times;
};

/**
 * A Git repository on this machine that somebody works in. Only its objects and names are read: no command
 * that is run here looks at its work tree, so that neither hooks nor filters of its own configuration run.
 */
export class Checkout {
  /** The top folder of the work tree; undefined for a bare repository. */
  readonly top: string | undefined;
  readonly #git: RunGit;
  readonly #home: string;

  private constructor(git: RunGit, home: string, top: string | undefined) {
    this.#git = git;
    this.#home = home;
    this.top = top;
  }

  /** Opens the repository that `directory` is in; undefined where there is none. Must be closed. */
  static async open(directory: string): Promise<Checkout | undefined> {
    const home = await mkdtemp(join(tmpdir(), 'rollcall-'));
    const options: GitOptions = {url: directory, timeout: TIMEOUT};
    const configFile = join(home, 'gitconfig');
    await writeFile(configFile, gitConfig(options, '*'));
    const git = gitIn(directory, configFile, options);
    try {
      const bare = firstLine(await git(['rev-parse', '--is-bare-repository'])) === 'true';
      const top = bare ? undefined : firstLine(await git(['rev-parse', '--show-toplevel']));
      return new Checkout(top === undefined ? git : gitIn(top, configFile, options), home, top);
    } catch (error) {
      await rm(home, {recursive: true, force: true});
      if (error instanceof Error && /not a git repository/i.test(error.message)) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await rm(this.#home, {recursive: true, force: true});
  }

  /** The hash of the commit that `revision` names. Throws `RevisionNotFound` where there is none. */
  async resolve(revision: string): Promise<string> {
    try {
      return firstLine(
        await this.#git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]),
      );
    } catch {
      throw new RevisionNotFound(
        `the revision ${JSON.stringify(revision)} is not in this repository: fetch it first (in a workflow: fetch-depth: 0)`,
      );
    }
  }

  /** The commit of HEAD; undefined in a repository without one. */
  async head(): Promise<string | undefined> {
    return this.resolve('HEAD').catch(() => undefined);
  }

  /** The declaration files of a commit below `path`. Throws `FolderNotFound` where it has no such folder. */
  async snapshot(commit: string, path: string): Promise<Snapshot> {
    const entries = await listFiles(this.#git, commit, path);
    return {entries, read: hashes => readBlobs(this.#git, hashes)};
  }

  /** The first line of a commit's message, and its time. */
  describe(commit: string) {
    return describeCommit(this.#git, commit);
  }

  /** The hashes of a commit's parents. */
  async parents(commit: string): Promise<string[]> {
    const line = firstLine(
      await this.#git(['rev-list', '--parents', '--max-count=1', '--end-of-options', commit]),
    );
    return line.split(' ').slice(1);
  }

  /** The bytes of one file of a commit; undefined where the commit does not have it. */
  async file(commit: string, path: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#git(['cat-file', 'blob', '--end-of-options', `${commit}:${path}`]);
    } catch {
      return undefined;
    }
  }

  /**
   * When each file last changed on the way of first parents to `commit`, which is when it came into force there
   * (epoch milliseconds). A file that the history at hand does not change is left out.
   */
  async changedAt(commit: string, files: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (files.length === 0) return new Map();
    const ask = ['-m', '--first-parent', '--no-show-signature', '--no-renames', '--format=%x01%ct'];
    const output = await this.#git(
      ['--literal-pathspecs', 'log', ...ask, '--name-only', '-z', '--stdin'],
      `${commit}\n--\n${files.join('\n')}\n`,
    );
    return parseLog(output);
  }
}
