import {setImmediate as otherWork} from 'node:timers/promises';
import type {Problem} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {FileEntry, ReadContents} from './entries.ts';
import {assertTotalBytes} from './limits.ts';
import {parseAside} from './parse-aside.ts';

/** How many bytes are parsed before other work has its turn. */
const SLICE = 16 * 1024;
/** How many files are read at a time: while they are parsed, Git reads the next ones. */
const READ_AT_ONCE = 10_000;

type Contents = Awaited<ReturnType<ReadContents>>;

const withProblem = (parsed: ParsedFile, problem: Problem | undefined): ParsedFile =>
  problem === undefined
    ? parsed
    : {...parsed, diagnostics: [{...problem, file: parsed.file}, ...parsed.diagnostics]};

const parseSome = async (
  entries: readonly FileEntry[],
  contents: Contents,
  parsed: ParsedFile[],
): Promise<number> => {
  let [total, inSlice] = [0, 0];
  for (const {contentId, file, problem} of entries) {
    const bytes = contents.get(contentId);
    if (!bytes) throw new Error(`the content of ${file} could not be read`);
    parsed.push(withProblem(await parseAside(file, bytes), problem));
    total += bytes.byteLength;
    inSlice += bytes.byteLength;
    if (inSlice < SLICE) continue;
    await otherWork();
    inSlice = 0;
  }
  return total;
};

/** Parses files of a revision, in their order. Throws where a content could not be read, or all of them are too large. */
export const parseEntries = async (
  entries: readonly FileEntry[],
  read: ReadContents,
): Promise<readonly ParsedFile[]> => {
  const parsed: ParsedFile[] = [];
  const readFrom = (at: number): Promise<Contents> | undefined => {
    const some = entries.slice(at, at + READ_AT_ONCE);
    return some.length === 0 ? undefined : read([...new Set(some.map(one => one.contentId))]);
  };
  let total = 0;
  let next = readFrom(0);
  for (let at = 0; next; at += READ_AT_ONCE) {
    const contents = await next;
    next = readFrom(at + READ_AT_ONCE);
    next?.catch(() => {});
    total += await parseSome(entries.slice(at, at + READ_AT_ONCE), contents, parsed);
    assertTotalBytes(total);
  }
  return parsed;
};
