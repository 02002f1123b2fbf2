import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdtemp, readdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import {isAbsolute, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {makeFolder} from '../../disk/folder.ts';
import {errorText} from '../../domain/text.ts';
import {type GitOptions, gitConfig, gitIn, type RunGit} from './command.ts';
import {type Depth, isBrokenRepository} from './damage.ts';

/** The path of a repository on this machine, or undefined for one that is reached over a network. */
export const localPathOf = (url: string): string | undefined => {
  if (url.startsWith('file://')) return fileURLToPath(url);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return undefined;
  if (isAbsolute(url) || url.startsWith('.')) return resolve(url);
  return /^[^/]+:/.test(url) ? undefined : resolve(url);
};

/** The repository is one of this machine without its whole history: Git takes nothing from it, and calls that no failure. */
export class ShallowRepository extends Error {
  constructor() {
    super(
      'the repository is a shallow clone, from which Git fetches nothing: get its history with git fetch --unshallow, or name the repository that it was cloned from',
    );
  }
}

const isShallow = (path: string): boolean =>
  [join(path, '.git', 'shallow'), join(path, 'shallow')].some(file => existsSync(file));

/** Where the fetched commit is kept in the mirror: one ref of our own, since nothing else is read. */
const REF = 'refs/rollcall/desired';

type ObjectFormat = 'sha1' | 'sha256';

/** Maintenance says nothing while it works, and may take its time. Milliseconds. */
const MAINTENANCE_TIMEOUT = 60 * 60_000;

/** What Git says where the remote's objects are named by the other hash. */
const OTHER_FORMAT = /mismatched algorithms: client \w+; server (sha1|sha256)/;

/** What a Git that was killed leaves behind; nobody else works in the mirror. */
const LEFTOVER = /(?:^|\/)(?:tmp_(?:pack|idx|rev|obj|bitmap|midx|objdir-incoming)[^/]*|[^/]+\.lock|gc\.pid)$/;

/** The folder below `cacheDirectory` in which the mirror of one branch of one repository is kept. */
export const mirrorHome = (
  {branch, url}: Pick<GitOptions, 'branch' | 'url'>,
  cacheDirectory: string,
): string => {
  const name = createHash('sha256')
    .update(`${url}\n${branch ?? ''}`)
    .digest('hex')
    .slice(0, 24);
  return join(cacheDirectory, 'git', name);
};

/**
 * A bare mirror of the one branch that matters, in a directory of its own below `cacheDirectory`. It has no
 * work tree, and may be deleted at any time: it is then made anew.
 */
export class Mirror {
  readonly #options: GitOptions;
  readonly #home: string;
  #cleaned = false;

  constructor(options: GitOptions, cacheDirectory: string) {
    this.#options = options;
    this.#home = mirrorHome(options, cacheDirectory);
  }

  /** Runs Git in the mirror, until `signal` ends it. */
  git(signal: AbortSignal): RunGit {
    return this.#gitIn(this.#repository, signal);
  }

  /** Runs Git in the repository itself, where it is on this machine. */
  async gitInLocal(path: string): Promise<RunGit> {
    await this.#prepare();
    return gitIn(path, this.#configFile, this.#options);
  }

  /**
   * Fetches, and returns the hash of the commit that the branch is at. A fetch that fails leaves what was there, for
   * the next one to go on from.
   */
  async fetch(signal: AbortSignal): Promise<string> {
    await this.#prepare();
    const exists = await stat(join(this.#repository, 'HEAD')).catch(() => undefined);
    if (!exists) return this.rebuild(signal);
    try {
      return await this.#fetch(this.git(signal));
    } catch (error) {
      const [, format] = OTHER_FORMAT.exec(errorText(error)) ?? [];
      if (format === undefined) throw error;
      return this.rebuild(signal, format as ObjectFormat);
    }
  }

  /**
   * True where the mirror itself is shown to be broken. It never stands there without its commit, since it is put there only once that
   * has been fetched.
   */
  async isBroken(signal: AbortSignal, depth: Depth): Promise<boolean> {
    return (await isBrokenRepository(this.git(signal), REF, depth)) && !signal.aborted;
  }

  /** Makes the mirror anew beside the one that is there, which it replaces once all has been fetched. */
  async rebuild(signal: AbortSignal, format: ObjectFormat = 'sha1'): Promise<string> {
    const fresh = await mkdtemp(join(this.#home, 'new-'));
    try {
      const git = this.#gitIn(fresh, signal);
      await git(['init', '--quiet', '--bare', `--object-format=${format}`, '.']);
      const commit = await this.#fetch(git);
      await rm(this.#repository, {recursive: true, force: true});
      await rename(fresh, this.#repository);
      return commit;
    } catch (error) {
      const [, other] = OTHER_FORMAT.exec(errorText(error)) ?? [];
      if (other === undefined || other === format) throw error;
      return await this.rebuild(signal, other as ObjectFormat);
    } finally {
      await rm(fresh, {recursive: true, force: true});
    }
  }

  /** Packs what has gathered, where it is much. Rejects like any command; the remote has no part in it. */
  async maintain(signal: AbortSignal): Promise<void> {
    const git = gitIn(
      this.#repository,
      this.#configFile,
      {...this.#options, timeout: MAINTENANCE_TIMEOUT},
      signal,
    );
    await git(['-c', 'gc.auto=6700', '-c', 'gc.autoPackLimit=50', 'gc', '--auto', '--quiet']);
  }

  /** Takes away what a Git that was killed has left behind: temporary packs, locks. */
  async clean(): Promise<void> {
    const names = await readdir(this.#repository, {recursive: true}).catch(() => []);
    const leftovers = names.filter(name => LEFTOVER.test(name)).map(name => join(this.#repository, name));
    const siblings = await readdir(this.#home).catch(() => []);
    const halves = siblings.filter(name => /^new-/.test(name)).map(name => join(this.#home, name));
    for (const path of [...leftovers, ...halves]) await rm(path, {recursive: true, force: true});
  }

  get #repository(): string {
    return join(this.#home, 'mirror.git');
  }

  get #configFile(): string {
    return join(this.#home, 'gitconfig');
  }

  #gitIn(directory: string, signal: AbortSignal): RunGit {
    return gitIn(directory, this.#configFile, this.#options, signal);
  }

  async #prepare(): Promise<void> {
    makeFolder(this.#home, 0o700);
    if (!this.#cleaned) await this.clean();
    this.#cleaned = true;
    const fresh = `${this.#configFile}.${process.pid}`;
    await writeFile(fresh, gitConfig(this.#options, localPathOf(this.#options.url)), {mode: 0o600});
    await rename(fresh, this.#configFile);
  }

  async #fetch(git: RunGit): Promise<string> {
    const {branch, url} = this.#options;
    const from = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
    const local = localPathOf(url);
    if (local !== undefined && isShallow(local)) throw new ShallowRepository();
    const remote = local ?? url;
    const quietly = [
      '--progress',
      '--no-auto-gc',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--force',
    ];
    await git(['fetch', ...quietly, '--end-of-options', remote, `+${from}:${REF}`]);
    const hash = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${REF}^{commit}`]);
    return hash.toString('utf8').trim();
  }
}
