import {setImmediate as otherWork} from 'node:timers/promises';
import type {Problem} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {FileEntry, ReadContents} from './entries.ts';
import {parseAside} from './parse-aside.ts';

/** How many bytes are parsed before other work has its turn. */
const SLICE = 16 * 1024;

const withProblem = (parsed: ParsedFile, problem: Problem | undefined): ParsedFile =>
  problem === undefined
    ? parsed
    : {...parsed, diagnostics: [{...problem, file: parsed.file}, ...parsed.diagnostics]};

/** Parses files of a revision, in their order. Throws where a content could not be read. */
export const parseEntries = async (
  entries: readonly FileEntry[],
  read: ReadContents,
): Promise<readonly ParsedFile[]> => {
  const contents =
    entries.length > 0 ? await read([...new Set(entries.map(one => one.contentId))]) : new Map();
  const parsed: ParsedFile[] = [];
  let bytesInSlice = 0;
  for (const {contentId, file, problem} of entries) {
    const bytes = contents.get(contentId);
    if (!bytes) throw new Error(`the content of ${file} could not be read`);
    parsed.push(withProblem(await parseAside(file, bytes), problem));
    bytesInSlice += bytes.byteLength;
    if (bytesInSlice < SLICE) continue;
    await otherWork();
    bytesInSlice = 0;
  }
  return parsed;
};
