import {type Document, isAlias, isCollection, isMap, isNode, isPair, isScalar, type ParsedNode} from 'yaml';
import {BOUNDS} from './syntax.ts';

/** Something wrong with what a document says, at an offset in the text. */
export interface Flaw {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
}

/** How large a document may become when its aliases are written out, in nodes. */
const MOST_NODES = BOUNDS.tokensOfDocument;

const offsetOf = (node: unknown): number => (isNode(node) && node.range ? node.range[0] : 0);

/** Walks through one document once, and gathers what the parser lets pass, or would take for ever to find. */
class Inspection {
  readonly flaws: Flaw[] = [];
  /** The size of each anchored node, in nodes; undefined while it is still being walked through. */
  readonly #anchors = new Map<string, number | undefined>();

  /** The size of a node with its aliases written out. */
  visit(node: unknown): number {
    if (isPair(node)) return this.visit(node.key) + this.visit(node.value);
    if (isAlias(node)) return this.#alias(node.source, offsetOf(node));
    if (!isNode(node)) return 0;
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    if (isMap(node)) this.#keys(node.items, offsetOf(node));
    let size = 1;
    if (isCollection(node)) for (const item of node.items) size += this.visit(item);
    if (anchor !== undefined) this.#anchors.set(anchor, size);
    return size;
  }

  #alias(name: string, offset: number): number {
    const size = this.#anchors.get(name);
    if (size !== undefined) return size;
    const message = this.#anchors.has(name)
      ? `the alias *${name} stands inside what it stands for`
      : `the alias *${name} has no anchor &${name} before it`;
    this.flaws.push({code: 'bad-alias', message, hint: 'write the value out', offset});
    return 1;
  }

  #keys(items: readonly {key: unknown}[], offset: number): void {
    if (items.length > BOUNDS.keys) {
      const message = `one mapping has more than ${BOUNDS.keys} keys`;
      this.flaws.push({code: 'too-many-keys', message, hint: 'a declaration has some ten', offset});
      return;
    }
    const seen = new Set<unknown>();
    for (const {key} of items) {
      const value = isScalar(key) ? key.value : undefined;
      if (value === '<<') this.#mergeKey(offsetOf(key));
      if (value === '__proto__') this.#reservedKey(offsetOf(key));
      if (value !== undefined && seen.has(value)) {
        const message = `the key ${String(value).slice(0, 60)} stands twice in one mapping`;
        this.flaws.push({
          code: 'duplicate-key',
          message,
          hint: 'remove one of the two',
          offset: offsetOf(key),
        });
      }
      seen.add(value);
    }
  }

  /** Programs drop it, or take it for something else: a selector would lose what it selects by. */
  #reservedKey(offset: number): void {
    const message = 'the key __proto__ cannot stand anywhere: programs do not take it for a key';
    this.flaws.push({code: 'wrong-value', message, hint: 'give it another name', offset});
  }

  #mergeKey(offset: number): void {
    const message = 'merge keys (<<) are not part of YAML 1.2, and are not read';
    this.flaws.push({code: 'merge-key', message, hint: 'write the keys out', offset});
  }
}

/** Everything that is wrong with a document that the parser took: keys that stand twice, aliases that lead nowhere. */
export const inspect = (document: Document.Parsed<ParsedNode>): readonly Flaw[] => {
  const inspection = new Inspection();
  const size = inspection.visit(document.contents);
  if (size <= MOST_NODES) return inspection.flaws;
  const message = `its aliases make more than ${MOST_NODES} values of it`;
  return [
    ...inspection.flaws,
    {code: 'bad-alias', message, hint: 'write the values out', offset: document.range[0]},
  ];
};
