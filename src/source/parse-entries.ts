import {eachInSlices} from '../controller/slices.ts';
import type {Problem} from '../document/problem.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {FileEntry, ReadContents} from './entries.ts';
import {assertTotalBytes} from './limits.ts';
import {parseHere, type Readable} from './parse-here.ts';
import {ParseThreads} from './parse-threads.ts';
import {mapBounded} from './snapshot.ts';

/** How many bytes are parsed before other work has its turn, or handed to another thread together. */
const SLICE = 16 * 1024;
/** So many files are a slice, however small they are. */
const MOST_IN_SLICE = 200;
/** How many slices a thread has before it, so that it never waits for the next. */
const AHEAD = 3;
/** From so many files on, threads that parse them take less time than they take to start. */
const MANY = 15_000;
/** How many files are read first, so that parsing begins early. */
const FIRST_READ = 4_000;
/** How many are read at a time at most; each time twice as many as before, since each has a cost of its own. */
const LARGEST_READ = 16_000;

type Contents = Awaited<ReturnType<ReadContents>>;

/** Parses the files of a slice, in their order. */
type ParseSlice = (slice: readonly Readable[]) => Promise<readonly ParsedFile[]>;

const withProblem = (parsed: ParsedFile, problem: Problem | undefined): ParsedFile =>
  problem === undefined
    ? parsed
    : {...parsed, diagnostics: [{...problem, file: parsed.file}, ...parsed.diagnostics]};

/** The contents of files, in slices. */
function* slicesOf(entries: readonly FileEntry[], contents: Contents): Generator<readonly Readable[], void> {
  let slice: Readable[] = [];
  let size = 0;
  for (const {contentId, file} of entries) {
    const bytes = contents.get(contentId);
    if (!bytes) throw new Error(`the content of ${file} could not be read`);
    slice.push({file, bytes});
    size += bytes.byteLength;
    if (size < SLICE && slice.length < MOST_IN_SLICE) continue;
    yield slice;
    slice = [];
    size = 0;
  }
  if (slice.length > 0) yield slice;
}

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

/** Each part with what it holds; the next is read while one is looked at. */
async function* readAhead(
  entries: readonly FileEntry[],
  read: ReadContents,
): AsyncGenerator<{part: readonly FileEntry[]; contents: Contents}, void> {
  const begin = (part: readonly FileEntry[]) => {
    const contents = contentIds(part).then(read);
    contents.catch(() => {});
    return {part, contents};
  };
  let now: ReturnType<typeof begin> | undefined;
  for (const part of partsOf(entries)) {
    const next = begin(part);
    if (now) yield {part: now.part, contents: await now.contents};
    now = next;
  }
  if (now) yield {part: now.part, contents: await now.contents};
}

const parseAll = async (
  entries: readonly FileEntry[],
  read: ReadContents,
  parse: ParseSlice,
  atOnce: number,
): Promise<readonly ParsedFile[]> => {
  const parsed: ParsedFile[] = [];
  let total = 0;
  const parseSlice: ParseSlice = slice => {
    for (const {bytes} of slice) total += bytes.byteLength;
    assertTotalBytes(total);
    return parse(slice);
  };
  for await (const {contents, part} of readAhead(entries, read)) {
    const files = (await mapBounded(slicesOf(part, contents), parseSlice, atOnce)).flat();
    for (const [i, file] of files.entries()) parsed.push(withProblem(file, part[i]?.problem));
  }
  return parsed;
};

/** Parses files of a revision, in their order. Throws where a content could not be read, or all of them are too large. */
export const parseEntries = async (
  entries: readonly FileEntry[],
  read: ReadContents,
): Promise<readonly ParsedFile[]> => {
  if (entries.length < MANY || ParseThreads.available === 0) return parseAll(entries, read, parseHere, 1);
  const threads = new ParseThreads();
  try {
    return await parseAll(entries, read, slice => threads.parse(slice), AHEAD * ParseThreads.available);
  } finally {
    await threads.close();
  }
};
