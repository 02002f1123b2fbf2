import {type CST, Lexer, type LineCounter, Parser} from 'yaml';

/**
 * What one file may hold. A declaration of ten lines has some 120 tokens, four levels and ten keys; text beyond these
 * bounds takes the parser for ever, and is nobody's declaration.
 */
export const BOUNDS = {
  /** Levels of nesting, as the parser counts them: some two for each that a person sees. */
  depth: 64,
  documents: 2_000,
  tokens: 250_000,
  tokensOfDocument: 20_000,
  blankLines: 100,
  aliases: 100,
  keys: 1_000,
} as const;

/** Why a file, or a document of it, is not looked at any further, and where: an offset in the text. */
export class SyntaxRefused extends Error {
  readonly code: string;
  readonly offset: number;
  readonly hint: string;

  constructor(code: string, message: string, offset: number, hint: string) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.hint = hint;
  }
}

const SPLIT = 'split it into several files';

/** Counts what the lexer and the parser do, and ends them where it is too much. */
class Meter {
  #tokens = 0;
  #documentTokens = 0;
  #documents = 0;
  #blankLines = 0;

  token(source: string, offset: number): void {
    this.#tokens += 1;
    this.#documentTokens += 1;
    this.#countBlankLine(source, offset);
    if (this.#tokens > BOUNDS.tokens)
      throw new SyntaxRefused('too-complex', `the file has more than ${BOUNDS.tokens} tokens`, offset, SPLIT);
    if (this.#documentTokens > BOUNDS.tokensOfDocument) {
      const message = `one document has more than ${BOUNDS.tokensOfDocument} tokens: keys, values, commas and the like`;
      throw new SyntaxRefused(
        'too-complex',
        message,
        offset,
        'write less into one: a declaration has some 120',
      );
    }
  }

  depth(stack: readonly unknown[], offset: number): void {
    if (stack.length <= BOUNDS.depth) return;
    const message = `it is nested more than ${BOUNDS.depth / 2} levels deep`;
    throw new SyntaxRefused('too-deep', message, offset, 'a declaration has four levels');
  }

  document(offset: number): void {
    this.#documents += 1;
    this.#documentTokens = 0;
    if (this.#documents <= BOUNDS.documents) return;
    const message = `the file has more than ${BOUNDS.documents} documents`;
    throw new SyntaxRefused('too-many-documents', message, offset, SPLIT);
  }

  /** The parser reads the blank lines before each of many comments again. */
  #countBlankLine(source: string, offset: number): void {
    if (source === '\n' || source === '\r\n') this.#blankLines += 1;
    else if (source.trim() !== '') this.#blankLines = 0;
    if (this.#blankLines > BOUNDS.blankLines)
      throw new SyntaxRefused(
        'too-complex',
        `more than ${BOUNDS.blankLines} blank lines stand in a row`,
        offset,
        'take them out',
      );
  }
}

/** Gives the documents of a text, one after the other, as concrete syntax. Throws `SyntaxRefused` at a bound. */
export function* concreteSyntax(text: string, lines: LineCounter): Generator<CST.Token, void> {
  const meter = new Meter();
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const source of new Lexer().lex(text)) {
    meter.token(source, parser.offset);
    for (const token of parser.next(source)) {
      if (token.type === 'document' || token.type === 'doc-end') meter.document(token.offset);
      yield token;
    }
    meter.depth(parser.stack, parser.offset);
  }
  yield* parser.end();
}

type Item = CST.CollectionItem;

/** Everything inside a token, without recursion: the text decides how deep it is. */
function* within(token: CST.Token): Generator<CST.Token | CST.SourceToken, void> {
  const waiting: (CST.Token | null | undefined)[] = [token];
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    if (!next) continue;
    yield next;
    if ('value' in next && next.type === 'document') waiting.push(next.value);
    if ('items' in next)
      for (const item of next.items) for (const child of childrenOf(item)) waiting.push(child);
  }
}

const childrenOf = ({key, sep, start, value}: Item): (CST.Token | null | undefined)[] => [
  ...(start as CST.Token[]),
  ...((sep ?? []) as CST.Token[]),
  key,
  value,
];

const CLOSERS: Readonly<Record<string, string>> = {'[': ']', '{': '}'};

/** The mark of a quoted text that is never closed; undefined for anything else. */
const openQuote = (token: CST.Token | CST.SourceToken): string | undefined => {
  if (token.type !== 'double-quoted-scalar' && token.type !== 'single-quoted-scalar') return undefined;
  const {source} = token;
  return source.length < 2 || source.at(-1) !== source[0] ? source[0] : undefined;
};

const isUnclosed = ({end, start}: CST.FlowCollection): boolean => end[0]?.source !== CLOSERS[start.source];

/** Refuses a document whose syntax alone shows what is wrong: a bracket without its end, very many aliases. */
export const checkSyntax = (document: CST.Token): void => {
  let aliases = 0;
  let unclosed: CST.FlowCollection | undefined;
  for (const token of within(document)) {
    if (token.type === 'alias') aliases += 1;
    if (aliases > BOUNDS.aliases) {
      const message = `one document has more than ${BOUNDS.aliases} aliases`;
      throw new SyntaxRefused('bad-alias', message, token.offset, 'write the values out');
    }
    const mark = openQuote(token);
    if (mark !== undefined)
      throw new SyntaxRefused(
        'missing-char',
        `this ${mark} is never closed`,
        token.offset,
        `close it with ${mark}`,
      );
    if (token.type !== 'flow-collection' || !isUnclosed(token)) continue;
    if (!unclosed || token.start.offset < unclosed.start.offset) unclosed = token;
  }
  if (!unclosed) return;
  const {offset, source} = unclosed.start;
  const hint = `close it with ${CLOSERS[source]}, or quote the text`;
  throw new SyntaxRefused('missing-char', `this ${source} is never closed`, offset, hint);
};
