import {isUtf8} from 'node:buffer';
import {type Problem, START} from './problem.ts';

/** The largest file that is read: what is above it is refused before it is parsed. */
export const MAX_FILE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const isUtf16 = (bytes: Uint8Array): boolean =>
  UTF_16.some(([first, second]) => bytes[0] === first && bytes[1] === second);

/** The column, in UTF-16 code units, of the first byte of a line that is no UTF-8. */
const columnIn = (line: Uint8Array): number => {
  let [good, bad] = [0, line.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(line.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const decoded = new TextDecoder().decode(line.subarray(0, bad));
  return Math.max(1, decoded.indexOf('\uFFFD') + 1);
};

const firstBadPlace = (bytes: Uint8Array): {line: number; column: number} => {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found === -1 ? bytes.length : found;
    const text = bytes.subarray(start, end);
    if (!isUtf8(text)) return {line, column: columnIn(text)};
    start = end + 1;
  }
  return START;
};

const notUtf8 = (bytes: Uint8Array): Problem => {
  const code = 'not-utf-8';
  if (isUtf16(bytes))
    return {code, message: 'the file is UTF-16, not UTF-8', hint: 'save it as UTF-8', ...START};
  return {
    code,
    message: 'the file is not UTF-8: it looks like Windows-1252 or Latin-1',
    hint: 'save it as UTF-8, as with: iconv -f WINDOWS-1252 -t UTF-8 FILE',
    ...firstBadPlace(bytes),
  };
};

const placeOf = (text: string, index: number): {line: number; column: number} => {
  const before = text.slice(0, index).split('\n');
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1};
};

/** Text that is no YAML that somebody wrote, though it may read as such. */
const IMPOSTORS: readonly {pattern: RegExp; problem: Omit<Problem, 'line' | 'column'>}[] = [
  {
    pattern: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    problem: {
      code: 'lfs-pointer',
      message: 'this is a pointer of Git LFS, and not the file itself',
      hint: 'keep declarations out of Git LFS: git lfs untrack them, and commit the file itself',
    },
  },
  {
    pattern: /^(?:<{7}|>{7}|\|{7}) /m,
    problem: {
      code: 'conflict-marker',
      message: 'the file holds the markers of a merge conflict',
      hint: 'resolve the conflict and commit the result',
    },
  },
  {
    pattern: /(?<=[\r\n])\uFEFF/,
    problem: {
      code: 'byte-order-mark',
      message: 'a byte order mark stands inside the file, as where files were joined',
      hint: 'take out the invisible character U+FEFF at the start of this line',
    },
  },
];

/** The text of a file, without a byte order mark at its start; or why it is none that can be read. */
export const decode = (bytes: Uint8Array): {text: string} | {problem: Problem} => {
  if (bytes.byteLength > MAX_FILE_BYTES) {
    const message = `the file is larger than 1 MiB (${MAX_FILE_BYTES} bytes), and is not read`;
    return {problem: {code: 'too-large', message, hint: 'split it into several files', ...START}};
  }
  if (!isUtf8(bytes)) return {problem: notUtf8(bytes)};
  const text = new TextDecoder('utf-8').decode(bytes);
  for (const {pattern, problem} of IMPOSTORS) {
    const found = pattern.exec(text);
    if (found) return {problem: {...problem, ...placeOf(text, found.index)}};
  }
  return {text};
};

/** The text of a file's bytes; undefined where there are none, or they are no text that can be read. */
export const textOf = (bytes: Uint8Array | undefined): string | undefined => {
  const decoded = bytes && decode(bytes);
  return decoded && 'text' in decoded ? decoded.text : undefined;
};
