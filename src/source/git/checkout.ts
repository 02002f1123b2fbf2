import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {temporaryFolder} from '../../disk/folder.ts';
import type {ParsedFile} from '../../domain/declarations.ts';
import type {Snapshot} from '../snapshot.ts';
import {readBlobs} from './blobs.ts';
import {type GitOptions, gitConfig, gitIn, type RunGit} from './command.ts';
import {lastSound} from './earlier.ts';
import {findFile, listFiles} from './objects.ts';
import {placeOf} from './place.ts';

/** A revision that Git does not know in this repository. */
export class RevisionNotFound extends Error {}

const TIMEOUT = 60_000;

const isGitMissing = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('spawn git');

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

  /**
   * Opens the repository that `directory` is in: the nearest folder above it that has `.git`. Nothing else is
   * taken for a repository, since what a commit holds can look like one, and Git would obey its configuration.
   * Undefined where there is none. Must be closed.
   *
   * @param exact only the repository that `directory` itself is, with or without a work tree: the operator named it
   */
  static async open(
    directory: string,
    {exact = false}: {exact?: boolean} = {},
  ): Promise<Checkout | undefined> {
    const place = placeOf(directory, exact);
    if (!place) return undefined;
    const {at, gitDirectory, top} = place;
    const home = temporaryFolder('rollcall-');
    const options: GitOptions = {url: at, timeout: TIMEOUT};
    const configFile = join(home, 'gitconfig');
    await writeFile(configFile, gitConfig(options, '*'));
    const git = gitIn(at, configFile, options);
    const where = `--git-dir=${gitDirectory}`;
    return new Checkout((args, ...rest) => git([where, ...args], ...rest), home, top);
  }

  async close(): Promise<void> {
    await rm(this.#home, {recursive: true, force: true});
  }

  /** The hash of the commit that `revision` names. Throws `RevisionNotFound` where there is none. */
  async resolve(revision: string): Promise<string> {
    const found = await this.#commitOf(revision);
    if (found !== undefined) return found;
    const empty = (await this.head()) === undefined;
    throw new RevisionNotFound(
      empty
        ? 'the repository has no commit yet'
        : `the revision ${JSON.stringify(revision)} is no commit in this repository: where it is one elsewhere, fetch it first (in a workflow: fetch-depth: 0)`,
    );
  }

  /** The commit of HEAD; undefined in a repository without one. */
  async head(): Promise<string | undefined> {
    return this.#commitOf('HEAD');
  }

  /** True where files that are committed are left out of the work tree on purpose. */
  async isSparse(): Promise<boolean> {
    const answer = await this.#git(['config', '--type=bool', '--get', 'core.sparseCheckout']).catch(
      () => undefined,
    );
    return answer?.toString('utf8').trim() === 'true';
  }

  /** True where a commit is in the history of another, or is the same. */
  isAncestor(commit: string, of: string): Promise<boolean> {
    return this.#git(['merge-base', '--is-ancestor', commit, of]).then(
      () => true,
      () => false,
    );
  }

  /**
   * The commit at the branch that a configuration follows: of this repository itself, or of the remote with that URL
   * as this clone last saw it. Undefined where this clone does not know it.
   *
   * @param branch default: HEAD, of the repository or of the remote
   */
  async followed(
    branch: string | undefined,
    remoteUrl: string | undefined,
  ): Promise<{commit: string; name: string} | undefined> {
    const remote = remoteUrl === undefined ? undefined : await this.#remoteOf(remoteUrl);
    const local = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
    const ref = remote === undefined ? local : `refs/remotes/${remote}/${branch ?? 'HEAD'}`;
    const commit = await this.#parse(ref);
    const name = remote === undefined ? (branch ?? 'HEAD') : `${remote}/${branch ?? 'HEAD'}`;
    return commit === undefined ? undefined : {commit, name};
  }

  /** The name of the remote with a URL; `origin` where none has it. */
  async #remoteOf(url: string): Promise<string> {
    const answer = await this.#git(['config', '--get-regexp', '^remote\\..*\\.url$']).catch(() => undefined);
    const plainUrl = (text: string): string => text.replace(/\/+$/, '').replace(/\.git$/, '');
    const lines = answer?.toString('utf8').split('\n') ?? [];
    const found = lines.find(line => plainUrl(line.slice(line.indexOf(' ') + 1)) === plainUrl(url));
    return found?.slice('remote.'.length, found.indexOf('.url ')) ?? 'origin';
  }

  /** The declaration files of a commit below `path`. Throws `FolderNotFound` where it has no such folder. */
  async snapshot(commit: string, path: string): Promise<Snapshot> {
    const entries = await listFiles(this.#git, commit, path);
    return {entries, read: hashes => readBlobs(this.#git, hashes)};
  }

  /** The hashes of a commit's parents. */
  async parents(commit: string): Promise<string[]> {
    const line = firstLine(
      await this.#git(['rev-list', '--parents', '--max-count=1', '--end-of-options', commit]),
    );
    return line.split(' ').slice(1);
  }

  /** The bytes of one file of a commit; undefined where the commit does not have it. Throws where Git fails. */
  async file(commit: string, path: string): Promise<Uint8Array | undefined> {
    const hash = await findFile(this.#git, commit, path);
    return hash === undefined ? undefined : (await readBlobs(this.#git, [hash])).get(hash);
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

  /** Files that are broken, as they last were when nothing was wrong with them, in a commit or before it. */
  lastSound(
    commit: string,
    broken: readonly string[],
    workspaces: ReadonlySet<string>,
  ): Promise<readonly ParsedFile[]> {
    return lastSound(this.#git, commit, broken, workspaces);
  }

  /** A branch goes before a tag of the same name: a tag stays where it is, and nobody means it. */
  async #commitOf(revision: string): Promise<string | undefined> {
    const [, name = '', rest = ''] = /^([^~^@:]+)(.*)$/s.exec(revision) ?? [];
    const isBranch =
      name !== '' && name !== 'HEAD' && (await this.#parse(`refs/heads/${name}`)) !== undefined;
    return this.#parse(isBranch ? `refs/heads/${name}${rest}` : revision);
  }

  async #parse(revision: string): Promise<string | undefined> {
    const ask = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    try {
      return firstLine(await this.#git(ask));
    } catch (error) {
      if (isGitMissing(error)) throw error;
      return undefined;
    }
  }
}
