import type {ParsedDocument} from './conflicts.ts';
import {compareText} from './diagnostic.ts';

const inReadingOrder = (a: ParsedDocument, b: ParsedDocument): number =>
  compareText(a.source.file, b.source.file) || a.source.line - b.source.line;

/** Documents by what they have in common. Most stand alone, and cost no list. */
export class Groups {
  readonly #groups = new Map<string, ParsedDocument | ParsedDocument[]>();

  add(key: string, document: ParsedDocument): void {
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, document);
    else if (Array.isArray(known)) known.push(document);
    else this.#groups.set(key, [known, document]);
  }

  remove(key: string, document: ParsedDocument): void {
    const left = this.of(key).filter(other => other !== document);
    const [only] = left;
    if (only === undefined) this.#groups.delete(key);
    else this.#groups.set(key, left.length === 1 ? only : left);
  }

  /** What any document has in common with others, or with none. */
  keys(): Iterable<string> {
    return this.#groups.keys();
  }

  /** True for a group of several documents. */
  isShared(key: string): boolean {
    return Array.isArray(this.#groups.get(key));
  }

  /** The documents of a group, in reading order. */
  of(key: string): readonly ParsedDocument[] {
    const known = this.#groups.get(key);
    if (known === undefined) return [];
    return Array.isArray(known) ? known.toSorted(inReadingOrder) : [known];
  }
}
