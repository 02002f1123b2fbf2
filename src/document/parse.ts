import {type Document, isMap, isNode, isScalar, LineCounter, type ParsedNode, parseAllDocuments} from 'yaml';

/** A problem and its place in the text, both counted from 1; the file is named by whoever read it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly line: number;
  readonly column: number;
}

/** One YAML document: its plain value, where it could be made, and the way from a path in it to its place. */
export interface ParsedYaml {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the document's first content stands. */
  readonly line: number;
  /** The place of the value at `path`, or of the nearest parent that exists. */
  readonly placeOf: (path: readonly PropertyKey[]) => {line: number; column: number};
  /** The place of the key itself, not of its value. */
  readonly placeOfKey: (path: readonly PropertyKey[], key: string) => {line: number; column: number};
  /** The text of a scalar as it stands in the file, such as `0123`. */
  readonly sourceOf: (path: readonly PropertyKey[]) => string | undefined;
}

/** The largest file that is read: what is above it is refused before it is parsed. */
export const MAX_FILE_BYTES = 1024 * 1024;

const MAX_ALIASES = 100;
const START = {line: 1, column: 1};

type YamlDocument = Document.Parsed<ParsedNode>;

const HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'remove one of the two',
  TAG_RESOLVE_FAILED: 'write the value without a tag; quote it to make it a string',
  BAD_INDENT: 'indent with spaces, the same number for every key of one level',
  TAB_AS_INDENT: 'indent with spaces',
};

const kebab = (code: string): string => code.toLowerCase().replaceAll('_', '-');

const startOf = (document: YamlDocument, path: readonly PropertyKey[]): number => {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.range[0];
};

const plainValue = (document: YamlDocument): {value?: unknown; problem?: {code: string; message: string}} => {
  try {
    return {value: document.toJS({maxAliasCount: MAX_ALIASES})};
  } catch (error) {
    return {problem: {code: 'bad-alias', message: String(error instanceof Error ? error.message : error)}};
  }
};

const placeIn = (lines: LineCounter, offset: number): {line: number; column: number} => {
  const {line, col} = lines.linePos(offset);
  return line === 0 ? START : {line, column: col};
};

const toParsed = (document: YamlDocument, lines: LineCounter): ParsedYaml => {
  const {value, problem} = plainValue(document);
  const start = placeIn(lines, startOf(document, []));
  const yamlProblems = [...document.errors, ...document.warnings].map(({code, message, pos: [offset]}) => ({
    code: kebab(code),
    message,
    ...(HINTS[code] !== undefined && {hint: HINTS[code]}),
    ...placeIn(lines, offset),
  }));
  return {
    value,
    line: start.line,
    problems: problem ? [...yamlProblems, {...problem, ...start}] : yamlProblems,
    placeOf: path => placeIn(lines, startOf(document, path)),
    placeOfKey: (path, key) => {
      const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = isMap(parent)
        ? parent.items.find(item => isScalar(item.key) && item.key.value === key)
        : undefined;
      const range = isNode(pair?.key) ? pair.key.range : undefined;
      return placeIn(lines, range ? range[0] : startOf(document, path));
    },
    sourceOf: path => {
      const node: unknown = document.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    },
  };
};

const conflictMarker = (text: string): Problem[] => {
  const found = /^(?:<{7}|>{7}|\|{7}) /m.exec(text);
  if (!found) return [];
  return [
    {
      code: 'conflict-marker',
      message: 'the file holds the markers of a merge conflict',
      hint: 'resolve the conflict and commit the result',
      line: text.slice(0, found.index).split('\n').length,
      column: 1,
    },
  ];
};

const decode = (bytes: Uint8Array): {text: string} | {problem: Problem} => {
  if (bytes.byteLength > MAX_FILE_BYTES) {
    const message = `the file is larger than 1 MiB (${MAX_FILE_BYTES} bytes), and is not read`;
    return {problem: {code: 'too-large', message, hint: 'split it into several files', ...START}};
  }
  try {
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)};
  } catch {
    return {
      problem: {code: 'not-utf-8', message: 'the file is not UTF-8', hint: 'save it as UTF-8', ...START},
    };
  }
};

const isEmpty = ({contents}: YamlDocument): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && !contents.source);

const parseText = (text: string): {documents: readonly ParsedYaml[]; problems: readonly Problem[]} => {
  const conflicts = conflictMarker(text);
  if (conflicts.length > 0) return {documents: [], problems: conflicts};
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    schema: 'core',
    stringKeys: true,
    uniqueKeys: true,
    version: '1.2',
  });
  const full = [...documents].filter(document => !isEmpty(document) || document.errors.length > 0);
  return {documents: full.map(document => toParsed(document, lines)), problems: []};
};

/**
 * Parses the YAML documents of a file, whatever stands in it. Accepts UTF-8 with or without a byte order mark
 * and any line ends; refuses custom tags, duplicate keys, keys that are no strings, and aliases beyond a
 * bound. Never throws: what is wrong comes back as problems. Empty documents are left out.
 */
export const parseYaml = (
  bytes: Uint8Array,
): {documents: readonly ParsedYaml[]; problems: readonly Problem[]} => {
  const decoded = decode(bytes);
  if ('problem' in decoded) return {documents: [], problems: [decoded.problem]};
  try {
    return parseText(decoded.text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const message = `the file cannot be parsed: ${detail}`;
    return {documents: [], problems: [{code: 'unparsable', message, hint: 'nest less deeply', ...START}]};
  }
};
