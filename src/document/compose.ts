import {Composer, type CST, type Document, type ErrorCode, type ParsedNode} from 'yaml';

/** What the parser finds wrong, at an offset in the text. */
export interface ParserFinding {
  readonly code: ErrorCode;
  readonly message: string;
  readonly offset: number;
}

/** One document as the parser made it, what is wrong with it, and how much more is that was not kept. */
export interface ComposedDocument {
  readonly document: Document.Parsed<ParsedNode> | undefined;
  readonly findings: readonly ParserFinding[];
  readonly untold: number;
}

type ErrorSource = number | readonly [number, ...number[]] | {readonly offset: number};
type OnError = (source: ErrorSource, code: ErrorCode, message: string, warning?: boolean) => void;

const offsetOf = (source: ErrorSource): number => {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
};

const LONGEST_MESSAGE = 200;

/**
 * Makes a document of its concrete syntax. What is wrong is kept up to a bound and counted beyond it, without making
 * an error of each: a document may hold a million.
 *
 * @param directives those that stand before the document
 */
export const composeDocument = (
  token: CST.Document,
  directives: readonly CST.Token[],
  most: number,
): ComposedDocument => {
  const composer = new Composer({
    logLevel: 'silent',
    prettyErrors: false,
    resolveKnownTags: false,
    schema: 'core',
    stringKeys: true,
    uniqueKeys: false,
    version: '1.2',
  });
  const findings: ParserFinding[] = [];
  let untold = 0;
  const onError: OnError = (source, code, message) => {
    if (findings.length >= most) untold += 1;
    else findings.push({code, message: message.slice(0, LONGEST_MESSAGE), offset: offsetOf(source)});
  };
  Reflect.set(composer, 'onError', onError);
  let document: Document.Parsed<ParsedNode> | undefined;
  for (const part of [...directives, token])
    for (const made of composer.next(part)) document = made as Document.Parsed<ParsedNode>;
  for (const made of composer.end()) document ??= made as Document.Parsed<ParsedNode>;
  return {document, findings, untold};
};
