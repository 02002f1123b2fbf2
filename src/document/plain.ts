/** A document of a plain file: its value, and the line of its first key. */
export interface PlainYaml {
  readonly value: PlainMap;
  readonly line: number;
}

type PlainMap = {[key: string]: string | PlainMap};

/** A file above this is left to the full parser. Characters. */
const LONGEST = 64 * 1024;

const KEY = '[A-Za-z][A-Za-z0-9._/-]{0,99}';
const BARE = `[A-Za-z][A-Za-z0-9 ,.()/_+@='!?;%&$-]*`;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** Printable ASCII without quotes and backslashes. */
const INSIDE = String.raw`[ !#-&(-\[\]-~]*`;

const ENTRY = new RegExp(`^( *)(${KEY}):(?: (?:(${BARE}|${UUID})|"(${INSIDE})"|'(${INSIDE})'))?$`);
/** A mapping in one line, of words: `{team: billing, region: north}`. */
const WORD = '[A-Za-z][A-Za-z0-9._/@-]*';
const FLOW = new RegExp(`^( *)(${KEY}): \\{(${KEY}: ${WORD}(?:, ${KEY}: ${WORD})*)\\}$`);
const COMMENT = /^ *#[ -~]*$/;
/** What YAML takes for no string, of all that begins with a letter. */
const NO_STRING = /^(?:[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE)$/;

const isBare = (text: string): boolean => !text.endsWith(' ') && !NO_STRING.test(text);

/** Mappings that are open at a line, the outermost first; each is indented by two spaces more. */
class Open {
  readonly root: PlainMap = {};
  readonly #maps: PlainMap[] = [this.root];
  #isEmpty = true;

  /** True for a document that has a key, and whose last mapping has one. */
  get isWhole(): boolean {
    return !this.#isEmpty;
  }

  /** Adds a key at a depth, with a text or with a mapping to come; false where that is not plain. */
  add(depth: number, key: string, text: string | undefined): boolean {
    const isDeeper = depth === this.#maps.length - 1;
    if (depth >= this.#maps.length || (this.#isEmpty && !isDeeper)) return false;
    this.#maps.length = depth + 1;
    const map = this.#maps[depth];
    if (!map || Object.hasOwn(map, key)) return false;
    this.#isEmpty = text === undefined;
    const value = text ?? {};
    map[key] = value;
    if (typeof value !== 'string') this.#maps.push(value);
    return true;
  }

  /** Adds a mapping that is whole: nothing that follows belongs to it. */
  addWhole(depth: number, key: string, entries: readonly (readonly [string, string])[]): boolean {
    const isAdded =
      this.add(depth, key, undefined) && entries.every(([name, text]) => this.add(depth + 1, name, text));
    this.#maps.length = Math.min(this.#maps.length, depth + 1);
    return isAdded;
  }
}

const addFlow = (open: Open, line: string): boolean => {
  const [, indent = '', key = '', inside = ''] = FLOW.exec(line) ?? [];
  const entries = inside.split(', ').map(pair => pair.split(': ') as [string, string]);
  if (key === '' || indent.length % 2 === 1 || NO_STRING.test(key)) return false;
  if (entries.some(([name, text]) => NO_STRING.test(name) || !isBare(text))) return false;
  return open.addWhole(indent.length / 2, key, entries);
};

const addLine = (open: Open, line: string): boolean => {
  if (line.endsWith('}')) return addFlow(open, line);
  const [, indent = '', key = '', bare, double, single] = ENTRY.exec(line) ?? [];
  if (key === '' || indent.length % 2 === 1 || NO_STRING.test(key)) return false;
  if (bare !== undefined && !isBare(bare)) return false;
  return open.add(indent.length / 2, key, bare ?? double ?? single);
};

/**
 * Parses files that are as plain as most are: mappings of strings, each on its line, two spaces deeper each, or whole
 * in one line where they hold words. Undefined
 * for all else, which the full parser has to read; what comes back is what the full parser would have read.
 */
export const parsePlain = (text: string): readonly PlainYaml[] | undefined => {
  if (text.length > LONGEST) return undefined;
  const documents: PlainYaml[] = [];
  let open = new Open();
  let first = 0;
  const close = (): boolean => {
    if (!open.isWhole) return false;
    documents.push({value: open.root, line: first});
    open = new Open();
    first = 0;
    return true;
  };
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line === '---') {
      if (first > 0 ? !close() : documents.length > 0) return undefined;
    } else if (line !== '' && !COMMENT.test(line)) {
      if (!addLine(open, line)) return undefined;
      first ||= number;
    }
  }
  return close() ? documents : undefined;
};
