import {setImmediate as otherWork} from 'node:timers/promises';
import type {Problem} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import {parseAside} from './parse-aside.ts';

/** A file of a revision: its path, and a name for its content that changes when the content does. */
export interface FileEntry {
  readonly file: string;
  readonly contentId: string;
  /** What is wrong with the file itself, whatever it holds. */
  readonly problem?: Problem;
}

/** Reads the bytes of the entries that are asked for, by content id; one that it lacks could not be read. */
export type ReadContents = (contentIds: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/** How many bytes are parsed before other work has its turn. */
const SLICE = 16 * 1024;

const withProblem = (parsed: ParsedFile, problem: Problem | undefined): ParsedFile =>
  problem === undefined
    ? parsed
    : {...parsed, diagnostics: [{...problem, file: parsed.file}, ...parsed.diagnostics]};

/** Parses the files of a revision; one whose content is as it was in the revision before is not read again. */
export class FileCache {
  #files = new Map<string, {contentId: string; parsed: ParsedFile}>();

  /** Parses all entries. Throws, and remembers nothing, where a content could not be read. */
  async parse(entries: readonly FileEntry[], read: ReadContents): Promise<readonly ParsedFile[]> {
    const isKnown = ({file, contentId}: FileEntry): boolean => this.#files.get(file)?.contentId === contentId;
    const wanted = new Set(entries.filter(entry => !isKnown(entry)).map(({contentId}) => contentId));
    const contents = wanted.size > 0 ? await read([...wanted]) : new Map<string, Uint8Array>();
    const next = new Map<string, {contentId: string; parsed: ParsedFile}>();
    let parsedBytes = 0;
    for (const entry of entries) {
      const known = isKnown(entry) ? this.#files.get(entry.file) : undefined;
      if (!known) parsedBytes += contents.get(entry.contentId)?.byteLength ?? 0;
      next.set(entry.file, known ?? {contentId: entry.contentId, parsed: await this.#parse(entry, contents)});
      if (parsedBytes < SLICE) continue;
      parsedBytes = 0;
      await otherWork();
    }
    this.#files = next;
    return [...next.values()].map(({parsed}) => parsed);
  }

  async #parse(
    {contentId, file, problem}: FileEntry,
    contents: ReadonlyMap<string, Uint8Array>,
  ): Promise<ParsedFile> {
    const bytes = contents.get(contentId);
    if (!bytes) throw new Error(`the content of ${file} could not be read`);
    return withProblem(await parseAside(file, bytes), problem);
  }
}
