import {setImmediate as otherWork} from 'node:timers/promises';
import {eachInSlices} from '../controller/slices.ts';
import type {Problem} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {FileEntry, ReadContents} from './entries.ts';
import {assertTotalBytes} from './limits.ts';
import {parseAside} from './parse-aside.ts';

/** How many bytes are parsed before other work has its turn. */
const SLICE = 16 * 1024;
/** How many files are read first, so that parsing begins early. */
const FIRST_READ = 4_000;
/** How many are read at a time at most; each time twice as many as before, since each has a cost of its own. */
const LARGEST_READ = 16_000;

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

/** What files hold, each content once. */
const contentIds = async (entries: readonly FileEntry[]): Promise<readonly string[]> => {
  const ids = new Set<string>();
  await eachInSlices(entries, ({contentId}) => ids.add(contentId));
  return [...ids];
};

/** The files in parts, as they are read. */
function* partsOf(entries: readonly FileEntry[]): Generator<readonly FileEntry[], void> {
  for (
    let at = 0, size = FIRST_READ;
    at < entries.length;
    at += size, size = Math.min(2 * size, LARGEST_READ)
  )
    yield entries.slice(at, at + size);
}

/** Parses files of a revision, in their order. Throws where a content could not be read, or all of them are too large. */
export const parseEntries = async (
  entries: readonly FileEntry[],
  read: ReadContents,
): Promise<readonly ParsedFile[]> => {
  const parsed: ParsedFile[] = [];
  const parts = partsOf(entries);
  const readNext = (): {part: readonly FileEntry[]; contents: Promise<Contents>} | undefined => {
    const {value: part} = parts.next();
    if (!part) return undefined;
    const contents = contentIds(part).then(read);
    contents.catch(() => {});
    return {part, contents};
  };
  let total = 0;
  for (let now = readNext(), next = readNext(); now; now = next, next = readNext()) {
    total += await parseSome(now.part, await now.contents, parsed);
    assertTotalBytes(total);
  }
  return parsed;
};
