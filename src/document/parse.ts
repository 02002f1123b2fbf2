import {type CST, isScalar, LineCounter} from 'yaml';
import {errorText} from '../domain/text.ts';
import {composeDocument, type ParserFinding} from './compose.ts';
import {decode} from './decode.ts';
import {hintOf} from './hints.ts';
import {inspect} from './inspect.ts';
import {keyOffset, placeIn, startOf, type YamlDocument} from './places.ts';
import {firstProblems, MOST_PROBLEMS, type Problem, START} from './problem.ts';
import {checkSyntax, concreteSyntax, SyntaxRefused} from './syntax.ts';

/** One YAML document: its plain value, where it could be made, and the way from a path in it to its place. */
export interface ParsedYaml {
  /** Undefined where the document is broken: nothing is made of it then. */
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

/** The documents of a file, and what is wrong with the file as a whole. */
export interface ParsedText {
  readonly documents: readonly ParsedYaml[];
  readonly problems: readonly Problem[];
}

/** Problems of the YAML that leave its structure clear: the schema's problems are worth telling beside them. */
export const STILL_READABLE: ReadonlySet<string> = new Set([
  'duplicate-key',
  'merge-key',
  'tag-resolve-failed',
]);

const kebab = (code: string): string => code.toLowerCase().replaceAll('_', '-');

const told = (lines: LineCounter, {code, message, offset}: ParserFinding): Problem => ({
  code: kebab(code),
  message,
  hint: hintOf(code),
  ...placeIn(lines, offset),
});

const refusal = (lines: LineCounter, {code, hint, message, offset}: SyntaxRefused): Problem => ({
  code,
  message,
  hint,
  ...placeIn(lines, offset),
});

/** A document of which nothing is made, since it is broken. */
const broken = (problems: readonly Problem[], line: number): ParsedYaml => ({
  value: undefined,
  problems,
  line,
  placeOf: () => ({line, column: 1}),
  placeOfKey: () => ({line, column: 1}),
  sourceOf: () => undefined,
});

const readable = (document: YamlDocument, problems: readonly Problem[], lines: LineCounter): ParsedYaml => ({
  value: document.toJS({maxAliasCount: -1}),
  problems,
  line: placeIn(lines, startOf(document, [])).line,
  placeOf: path => placeIn(lines, startOf(document, path)),
  placeOfKey: (path, key) => placeIn(lines, keyOffset(document, path, key)),
  sourceOf: path => {
    const node: unknown = document.getIn(path, true);
    return isScalar(node) ? node.source : undefined;
  },
});

const isEmpty = ({contents}: YamlDocument): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && !contents.source);

/** One document, or undefined for one that is empty. */
const parseDocument = (
  token: CST.Document,
  directives: readonly CST.Token[],
  lines: LineCounter,
): ParsedYaml | undefined => {
  const start = placeIn(lines, token.value?.offset ?? token.offset);
  try {
    checkSyntax(token);
  } catch (error) {
    if (!(error instanceof SyntaxRefused)) throw error;
    return broken([refusal(lines, error)], start.line);
  }
  const {document, findings, untold} = composeDocument(token, directives, MOST_PROBLEMS);
  if (!document || (isEmpty(document) && findings.length === 0)) return undefined;
  const problems = findings.map(finding => told(lines, finding));
  if (!problems.every(({code}) => STILL_READABLE.has(code)))
    return broken(firstProblems(problems, untold), start.line);
  const flaws = inspect(document).map(({offset, ...flaw}) => ({...flaw, ...placeIn(lines, offset)}));
  const all = [...problems, ...flaws];
  return all.every(({code}) => STILL_READABLE.has(code))
    ? readable(document, all, lines)
    : broken(firstProblems(all, untold), start.line);
};

const strayText = (token: CST.ErrorToken, lines: LineCounter): Problem => ({
  code: 'unexpected-token',
  message: `${token.message}: ${JSON.stringify(token.source.slice(0, 40))}`,
  ...placeIn(lines, token.offset),
});

/** Text on the line of the mark `...` that ends a document: the parser drops it without a word. */
const afterTheEnd = (token: CST.DocumentEnd, lines: LineCounter): Problem[] =>
  (token.end ?? [])
    .filter(({type}) => type !== 'space' && type !== 'comment' && type !== 'newline')
    .slice(0, 1)
    .map(({offset, source}) => ({
      code: 'unexpected-token',
      message: `text after the mark ... that ends a document: ${JSON.stringify(source.slice(0, 40))}`,
      hint: 'begin a new document with --- on a line of its own',
      ...placeIn(lines, offset),
    }));

const DIRECTIVE = /^%YAML +1\.2\s*$/;

const directiveProblem = (token: CST.Token, lines: LineCounter): Problem[] =>
  token.type !== 'directive' || DIRECTIVE.test(token.source)
    ? []
    : [
        {
          code: 'directive',
          message: `the directive ${JSON.stringify(token.source.slice(0, 40))} is not read`,
          hint: 'take it out: YAML 1.2 needs none',
          ...placeIn(lines, token.offset),
        },
      ];

const parseText = (text: string): ParsedText => {
  const lines = new LineCounter();
  const documents: ParsedYaml[] = [];
  const problems: Problem[] = [];
  let untold = 0;
  let directives: CST.Token[] = [];
  const add = (found: readonly Problem[]): void => {
    for (const problem of found) {
      if (problems.length < MOST_PROBLEMS) problems.push(problem);
      else untold += 1;
    }
  };
  try {
    for (const token of concreteSyntax(text, lines)) {
      if (token.type === 'error') add([strayText(token, lines)]);
      if (token.type === 'doc-end') add(afterTheEnd(token, lines));
      if (token.type === 'directive') {
        const wrong = directiveProblem(token, lines);
        if (wrong.length === 0 && directives.length === 0) directives = [token];
        add(wrong);
      }
      if (token.type !== 'document') continue;
      const document = parseDocument(token, directives, lines);
      if (document) documents.push(document);
      directives = [];
    }
  } catch (error) {
    if (!(error instanceof SyntaxRefused)) throw error;
    return {documents: [], problems: [refusal(lines, error)]};
  }
  return {documents, problems: firstProblems(problems, untold)};
};

/**
 * Parses the YAML documents of a file, whatever stands in it, in a time that grows with its length alone. Accepts
 * UTF-8 with or without a byte order mark and any line ends; refuses custom tags, duplicate keys, keys that are no
 * strings, directives, and more depth, documents, keys or aliases than `BOUNDS` has. Never throws: what is wrong comes
 * back as problems. Empty documents are left out.
 */
export const parseYaml = (bytes: Uint8Array): ParsedText => {
  const decoded = decode(bytes);
  if ('problem' in decoded) return {documents: [], problems: [decoded.problem]};
  try {
    return parseText(decoded.text);
  } catch (error) {
    const message = `the file cannot be parsed: ${errorText(error)}`;
    return {documents: [], problems: [{code: 'unparsable', message, ...START}]};
  }
};
