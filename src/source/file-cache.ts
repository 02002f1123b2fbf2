import type {ParsedFile} from '../domain/declarations.ts';
import {parseFile} from './parse.ts';

/** A file of a revision: its path, and a name for its content that changes when the content does. */
export interface FileEntry {
  readonly file: string;
  readonly contentId: string;
}

/** Reads the bytes of the entries that are asked for, by content id; one that it lacks could not be read. */
export type ReadContents = (contentIds: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/** Parses the files of a revision; one whose content is as it was in the revision before is not read again. */
export class FileCache {
  #files = new Map<string, {contentId: string; parsed: ParsedFile}>();

  /** Parses all entries. Throws, and remembers nothing, where a content could not be read. */
  async parse(entries: readonly FileEntry[], read: ReadContents): Promise<readonly ParsedFile[]> {
    const isKnown = ({file, contentId}: FileEntry): boolean => this.#files.get(file)?.contentId === contentId;
    const wanted = new Set(entries.filter(entry => !isKnown(entry)).map(({contentId}) => contentId));
    const contents = wanted.size > 0 ? await read([...wanted]) : new Map<string, Uint8Array>();
    const next = new Map<string, {contentId: string; parsed: ParsedFile}>();
    for (const entry of entries) {
      const known = isKnown(entry) ? this.#files.get(entry.file) : undefined;
      next.set(entry.file, known ?? {contentId: entry.contentId, parsed: this.#parse(entry, contents)});
    }
    this.#files = next;
    return [...next.values()].map(({parsed}) => parsed);
  }

  #parse({file, contentId}: FileEntry, contents: ReadonlyMap<string, Uint8Array>): ParsedFile {
    const bytes = contents.get(contentId);
    if (!bytes) throw new Error(`the content of ${file} could not be read`);
    return parseFile(file, bytes);
  }
}
