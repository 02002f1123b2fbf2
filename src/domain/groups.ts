import {ByWorkspace} from './by-workspace.ts';
import type {ParsedDocument} from './conflicts.ts';
import {compareText} from './diagnostic.ts';

const inReadingOrder = (a: ParsedDocument, b: ParsedDocument): number =>
  compareText(a.source.file, b.source.file) || a.source.line - b.source.line;

/** Documents of a workspace by what they have in common. Most stand alone, and cost no list. */
export class Groups {
  readonly #groups = new ByWorkspace<ParsedDocument | ParsedDocument[]>();
  readonly #common: 'campaignId' | 'name';
  /** How many groups have several documents. */
  #shared = 0;

  /** @param common what the documents of a group have in common, beside their workspace */
  constructor(common: 'campaignId' | 'name') {
    this.#common = common;
  }

  /** Takes a document in; one that does not say what would put it into a group is in none. */
  add(document: ParsedDocument): void {
    const {[this.#common]: key, workspace} = document;
    if (workspace === undefined || key === undefined) return;
    const known = this.#groups.get(workspace, key);
    if (Array.isArray(known)) known.push(document);
    else this.#groups.set(workspace, key, known ? [known, document] : document);
    if (known && !Array.isArray(known)) this.#shared += 1;
  }

  remove(document: ParsedDocument): void {
    const {[this.#common]: key, workspace} = document;
    if (workspace === undefined || key === undefined) return;
    const known = this.like(document);
    const left = known.filter(other => other !== document);
    const [only] = left;
    if (only === undefined) this.#groups.delete(workspace, key);
    else this.#groups.set(workspace, key, left.length === 1 ? only : left);
    if (known.length > 1 && left.length <= 1) this.#shared -= 1;
  }

  /** True for a document that has others beside it in its group. */
  isShared(document: ParsedDocument): boolean {
    return this.#shared > 0 && Array.isArray(this.#groupOf(document));
  }

  /** The documents of the group of one, in reading order; none where there are none like it. */
  like(document: ParsedDocument): readonly ParsedDocument[] {
    const known = this.#groupOf(document);
    if (known === undefined) return [];
    return Array.isArray(known) ? known.toSorted(inReadingOrder) : [known];
  }

  /** The last of each group in reading order. */
  *lasts(): Generator<ParsedDocument, void> {
    for (const group of this.#groups.values()) {
      const last = Array.isArray(group) ? group.toSorted(inReadingOrder).at(-1) : group;
      if (last) yield last;
    }
  }

  #groupOf(document: ParsedDocument): ParsedDocument | ParsedDocument[] | undefined {
    const {[this.#common]: key, workspace} = document;
    return workspace === undefined || key === undefined ? undefined : this.#groups.get(workspace, key);
  }
}
