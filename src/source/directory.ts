import {createHash} from 'node:crypto';
import {type Dirent, existsSync} from 'node:fs';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {DeclarationSource, SourceReading} from '../controller/ports.ts';
import {MAX_FILE_BYTES} from '../document/parse.ts';
import {type DeclarationSet, declare, NOTHING_DECLARED} from '../domain/declarations.ts';
import {compareText} from '../domain/diagnostic.ts';
import {FileCache, type FileEntry} from './file-cache.ts';
import {isDeclarationPath} from './parse.ts';
import {watchPaths} from './watch.ts';

/** A folder has no commits: it counts as whole once it reads the same twice, this many milliseconds apart. */
const STILL_FOR = 100;
const MOST_ATTEMPTS = 20;

interface Snapshot {
  readonly id: string;
  readonly entries: readonly FileEntry[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() ?? false;

const isRepository = (path: string): boolean => existsSync(join(path, '.git'));

const isDeclarationFile = async (entry: Dirent, path: string, links: boolean): Promise<boolean> => {
  if (!isDeclarationPath(entry.name)) return false;
  return entry.isFile() || (links && entry.isSymbolicLink() && (await isFile(path)));
};

/**
 * Paths of declaration files below a folder, in order. A symbolic link to a folder is never followed, so that
 * no loop is walked.
 *
 * @param links follow symbolic links to files, as a mounted ConfigMap needs it; where the folder is part of a Git
 *   repository they are not read, and neither are the repositories inside it, as in a commit
 */
export const declarationFiles = async (directory: string, links = true): Promise<string[]> => {
  const entries = await readdir(directory, {withFileTypes: true});
  const found = await Promise.all(
    entries.map(async entry => {
      if (entry.name.startsWith('.')) return [];
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return !links && isRepository(path) ? [] : declarationFiles(path, links);
      return (await isDeclarationFile(entry, path, links)) ? [path] : [];
    }),
  );
  return found.flat().toSorted(compareText);
};

/**
 * The bytes of a file, in one read. One that is larger than a declaration file may be comes back as one byte
 * over that limit, so that whoever parses it refuses it.
 */
export const readAtMost = async (path: string): Promise<Uint8Array> => {
  const {size} = await stat(path);
  return size > MAX_FILE_BYTES ? new Uint8Array(MAX_FILE_BYTES + 1) : readFile(path);
};

/** Declarations in a plain folder, such as a mounted ConfigMap. Its revision is a digest of what it holds. */
export class DirectorySource implements DeclarationSource {
  readonly #directory: string;
  readonly #workspaces: ReadonlySet<string>;
  readonly #files = new FileCache();
  #currentId: string | undefined;
  #declarations: DeclarationSet = NOTHING_DECLARED;

  constructor(directory: string, workspaces: ReadonlySet<string>) {
    this.#directory = directory;
    this.#workspaces = workspaces;
  }

  async read(): Promise<SourceReading> {
    try {
      return await this.#read();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const message = `the folder ${this.#directory} could not be read: ${said}`;
      return {kind: 'failed', trouble: {reason: 'SourceFailed', message, stalls: false}};
    }
  }

  watch(onChange: () => void): Promise<() => Promise<void>> {
    return watchPaths([this.#directory], onChange);
  }

  async #read(): Promise<SourceReading> {
    let snapshot = await this.#snapshot();
    for (let attempt = 0; snapshot.id !== this.#currentId; attempt++) {
      await sleep(STILL_FOR);
      const again = await this.#snapshot();
      if (again.id === snapshot.id) return this.#adopt(snapshot);
      if (attempt === MOST_ATTEMPTS) throw new Error('it keeps changing while it is read');
      snapshot = again;
    }
    return {kind: 'unchanged'};
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
    for (const path of await declarationFiles(this.#directory)) {
      const bytes = await readAtMost(path);
      const contentId = sha256(bytes);
      contents.set(contentId, bytes);
      entries.push({file: relative(this.#directory, path).replaceAll(sep, '/'), contentId});
    }
    return {contents, entries, id: `sha256:${sha256(JSON.stringify(entries))}`};
  }
}
