import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, rename, rm, stat, writeFile} from 'node:fs/promises';
import {isAbsolute, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type GitOptions, gitConfig, gitIn, type RunGit} from './command.ts';

/** The path of a repository on this machine, or undefined for one that is reached over a network. */
export const localPathOf = (url: string): string | undefined => {
  if (url.startsWith('file://')) return fileURLToPath(url);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return undefined;
  if (isAbsolute(url) || url.startsWith('.')) return resolve(url);
  return /^[^/]+:/.test(url) ? undefined : resolve(url);
};

/** Where the fetched commit is kept in the mirror: one ref of our own, since nothing else is read. */
const REF = 'refs/rollcall/desired';

/**
 * A bare mirror of the one branch that matters, in a directory of its own below `cacheDirectory`. It has no
 * work tree, and may be deleted at any time: it is then made anew.
 */
export class Mirror {
  readonly #options: GitOptions;
  readonly #home: string;

  constructor(options: GitOptions, cacheDirectory: string) {
    this.#options = options;
    const name = createHash('sha256')
      .update(`${options.url}\n${options.branch ?? ''}`)
      .digest('hex')
      .slice(0, 24);
    this.#home = join(cacheDirectory, 'git', name);
  }

  /** Runs Git in the mirror, until `signal` ends it. */
  git(signal: AbortSignal): RunGit {
    return this.#gitIn(this.#repository, signal);
  }

  /** Runs Git in the repository itself, where it is on this machine. */
  async gitInLocal(path: string): Promise<RunGit> {
    await this.#writeConfig();
    return gitIn(path, this.#configFile, this.#options);
  }

  /** Fetches, and returns the hash of the commit that the branch is at. */
  async fetch(signal: AbortSignal): Promise<string> {
    await this.#writeConfig();
    const exists = await stat(join(this.#repository, 'HEAD')).catch(() => undefined);
    if (!exists) await this.#create(signal);
    return this.#fetch(this.git(signal));
  }

  /** Throws the mirror away, for when it is broken: the next fetch makes it anew. */
  async discard(): Promise<void> {
    await rm(this.#repository, {recursive: true, force: true});
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

  async #writeConfig(): Promise<void> {
    await mkdir(this.#home, {recursive: true, mode: 0o700});
    const fresh = `${this.#configFile}.${process.pid}`;
    await writeFile(fresh, gitConfig(this.#options, localPathOf(this.#options.url)), {mode: 0o600});
    await rename(fresh, this.#configFile);
  }

  async #create(signal: AbortSignal): Promise<void> {
    const fresh = await mkdtemp(join(this.#home, 'new-'));
    try {
      await this.#gitIn(fresh, signal)(['init', '--quiet', '--bare', '.']);
      await this.discard();
      await rename(fresh, this.#repository);
    } finally {
      await rm(fresh, {recursive: true, force: true});
    }
  }

  async #fetch(git: RunGit): Promise<string> {
    const {branch, url} = this.#options;
    const from = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
    const remote = localPathOf(url) ?? url;
    const quietly = [
      '--progress',
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
