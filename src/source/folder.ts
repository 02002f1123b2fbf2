import {stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {FileEntry, ReadContents} from './entries.ts';
import {contentsOf, declarationFiles, type FoundFile} from './files.ts';
import {assertFileCount, assertTotalBytes} from './limits.ts';
import {blobId, digestOf, mapBounded} from './snapshot.ts';

/** What a folder holds at one moment. */
export interface FolderState {
  /** A digest of the names and contents of its declaration files. */
  readonly id: string;
  readonly entries: readonly FileEntry[];
  /** When something in it last changed, in epoch milliseconds. */
  readonly changedAt: number;
}

interface Known {
  /** What the file system says of the file; the same again means the same content. */
  readonly signature: string;
  readonly contentId: string;
  readonly bytes: number;
}

/** A file that changed so shortly before it was read may change once more with the same times. Milliseconds. */
const SURELY_STILL = 2_000;

/** What the file system says of a file, and when it last changed; of one that is not to be read, nothing. */
const lookAt = async ({path}: FoundFile): Promise<{signature: string; changedAt: number}> => {
  if (!path) return {signature: '', changedAt: 0};
  const {ctimeMs, ctimeNs, dev, ino, mtimeNs, size} = await stat(path, {bigint: true});
  return {signature: [dev, ino, size, mtimeNs, ctimeNs].join(), changedAt: Number(ctimeMs)};
};

/** The declaration files below a folder. One that the file system says is as before is not read again. */
export class Folder {
  readonly #path: string;
  readonly #now: () => number;
  #known: ReadonlyMap<string, Known> = new Map();
  /** The contents that were read and not taken into force yet. */
  readonly #contents = new Map<string, Uint8Array>();

  /** @param now the time of day, in epoch milliseconds */
  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** Looks at the folder. Throws where a file of it goes away meanwhile, or it holds too much. */
  async look(): Promise<FolderState> {
    const found = await declarationFiles(this.#path);
    assertFileCount(found.length);
    const known = new Map<string, Known>();
    let [total, latest] = [0, 0];
    const entries = await mapBounded(found, async one => {
      const {changedAt, file} = await this.#file(one);
      known.set(one.file, file);
      total += file.bytes;
      assertTotalBytes(total);
      latest = Math.max(latest, changedAt);
      return {file: one.file, contentId: file.contentId, ...(one.problem && {problem: one.problem})};
    });
    this.#known = known;
    this.#forgetOthers(entries);
    const changedAt = Math.max(latest, await this.#foldersChangedAt(found));
    return {entries, changedAt, id: digestOf({entries})};
  }

  /** Reads contents of the last look. */
  readonly read: ReadContents = async () => this.#contents;

  /** What a file holds, where that is still what it was; undefined where it is not, or cannot be read. */
  async contentOf(file: string, contentId: string): Promise<Uint8Array | undefined> {
    try {
      const found = (await declarationFiles(this.#path)).find(one => one.file === file);
      const contents = found && (await contentsOf(found));
      return contents && blobId(contents) === contentId ? contents : undefined;
    } catch {
      return undefined;
    }
  }

  /** Forgets the contents: what they declare is in force. */
  taken(): void {
    this.#contents.clear();
  }

  /** Forgets what no file holds any more: one that is written all the time would leave each of its versions behind. */
  #forgetOthers(entries: readonly FileEntry[]): void {
    const held = new Set(entries.map(({contentId}) => contentId));
    for (const contentId of this.#contents.keys()) if (!held.has(contentId)) this.#contents.delete(contentId);
  }

  /** A file that is not to be read holds nothing. */
  async #file(one: FoundFile): Promise<{changedAt: number; file: Known}> {
    const before = await lookAt(one);
    const known = this.#known.get(one.file);
    if (before.signature !== '' && known?.signature === before.signature)
      return {changedAt: before.changedAt, file: known};
    const readAt = this.#now();
    const bytes = await contentsOf(one);
    const contentId = blobId(bytes);
    this.#contents.set(contentId, bytes);
    const {changedAt, signature} = await lookAt(one);
    const isStill = signature === before.signature && readAt - changedAt > SURELY_STILL;
    return {changedAt, file: {signature: isStill ? signature : '', contentId, bytes: bytes.byteLength}};
  }

  /** When a folder that holds a declaration file last changed. */
  async #foldersChangedAt(files: readonly FoundFile[]): Promise<number> {
    const folders = new Set(files.flatMap(({path}) => (path ? dirname(path.toString('latin1')) : [])));
    const paths = [this.#path, ...[...folders].map(folder => Buffer.from(folder, 'latin1'))];
    const times = await mapBounded(paths, async path => (await stat(path)).ctimeMs);
    return times.reduce((latest, time) => Math.max(latest, time), 0);
  }
}
