import {setImmediate as otherWork} from 'node:timers/promises';
import type {Problem} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {FileEntry, ReadContents} from './entries.ts';
import {parseAside} from './parse-aside.ts';

/** How long files are parsed before other work has its turn. Milliseconds. */
const SLICE = 8;

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
  let since = performance.now();
  for (const {contentId, file, problem} of entries) {
    const bytes = contents.get(contentId);
    if (!bytes) throw new Error(`the content of ${file} could not be read`);
    parsed.push(withProblem(await parseAside(file, bytes), problem));
    if (performance.now() - since < SLICE) continue;
    await otherWork();
    since = performance.now();
  }
  return parsed;
};
