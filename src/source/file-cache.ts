import type {ParsedFile} from '../domain/declarations.ts';
import type {FileEntry, ReadContents} from './entries.ts';
import {parseEntries} from './parse-entries.ts';

/** Parses the files of revisions; one whose content is as it was in the revision before is not read again. */
export class FileCache {
  #files = new Map<string, {contentId: string; parsed: ParsedFile}>();

  /** Parses all entries. Throws, and remembers nothing, where a content could not be read. */
  async parse(entries: readonly FileEntry[], read: ReadContents): Promise<readonly ParsedFile[]> {
    const isKnown = ({file, contentId}: FileEntry): boolean => this.#files.get(file)?.contentId === contentId;
    const fresh = await parseEntries(
      entries.filter(entry => !isKnown(entry)),
      read,
    );
    const next = new Map(this.#files);
    const parsedOf = new Map(fresh.map(parsed => [parsed.file, parsed]));
    const all = entries.flatMap(({contentId, file}) => {
      const parsed = parsedOf.get(file) ?? this.#files.get(file)?.parsed;
      if (parsed) next.set(file, {contentId, parsed});
      return parsed ?? [];
    });
    this.#files = next;
    return all;
  }
}
