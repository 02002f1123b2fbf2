/** What to do about a mistake in YAML, by the parser's own code of it. */
const HINTS: Readonly<Record<string, string>> = {
  TAG_RESOLVE_FAILED: 'write the value without a tag; quote it to make it a string',
  BAD_INDENT: 'indent with spaces, the same number for every key of one level',
  TAB_AS_INDENT: 'indent with spaces',
  MISSING_CHAR: 'a key is followed by a colon and a space, and each bracket and quote is closed',
  BAD_DQ_ESCAPE: 'in double quotes a backslash begins an escape: write two of them, or use single quotes',
  BAD_SCALAR_START: 'quote it: a value may not begin with this sign',
  BLOCK_AS_IMPLICIT_KEY: 'quote a value that holds a colon and a space; indent a mapping below its key',
  BLOCK_IN_FLOW: 'between braces, quote a value that holds a colon and a space',
  MULTILINE_IMPLICIT_KEY: 'write a key and its colon on one line; what follows the value is indented wrongly',
  NON_STRING_KEY: 'write the key as a word, or quote it',
};

/** Where the parser has met what it has no better word for. */
const HINT = 'write a key, a colon, a space and the value, and quote a value that holds signs of YAML';

/** What to do about what the parser has found. */
export const hintOf = (code: string): string => HINTS[code] ?? HINT;
