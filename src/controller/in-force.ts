import {EMPTIED_TEXT, EMPTY_REVISION, type Trouble} from '../domain/condition.ts';
import {type DeclarationSet, isNothing, NOTHING_DECLARED} from '../domain/declarations.ts';
import type {EventOf} from './events.ts';
import type {Revision, SourceReading} from './ports.ts';

/** A revision as a source has read it anew. */
export type ReadRevision = Extract<SourceReading, {kind: 'read'}>;

const EMPTIED: Trouble = {reason: EMPTY_REVISION, message: EMPTIED_TEXT, stalls: true};

/** What the source says: the revision in force, and what keeps it from being read, or from being followed. */
export class InForce {
  #revision: Revision | undefined;
  #declarations: DeclarationSet = NOTHING_DECLARED;
  /** The revision before had declarations. */
  #declared = false;
  #emptied = false;
  #trouble: Trouble | undefined;
  #readAt: number | undefined;
  #isTaking = false;

  /** The revision in force, if one could be read. */
  get revision(): Revision | undefined {
    return this.#revision;
  }

  get declarations(): DeclarationSet {
    return this.#declarations;
  }

  /** When the source was last read, whatever was new in it. Epoch milliseconds. */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /** What keeps the source from being read. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The same, and what keeps the revision from being followed. */
  get troubles(): readonly Trouble[] {
    return [this.#trouble, this.#emptied ? EMPTIED : undefined].filter(one => one !== undefined);
  }

  /** A revision is being taken into force. */
  get isTaking(): boolean {
    return this.#isTaking;
  }

  /** A revision is taken into force from now on. */
  begin(): void {
    this.#isTaking = true;
  }

  /** Takes in what came of a reading; returns whether what keeps the source from being read is another than before: of what somebody has to mend, also in words. */
  heard(reading: SourceReading, now: number): boolean {
    const before = this.#trouble;
    this.#trouble = reading.kind === 'unchanged' ? undefined : reading.trouble;
    if (!this.#trouble) this.#readAt = now;
    const isAnother = this.#trouble?.stalls === true && this.#trouble.message !== before?.message;
    return isAnother || this.#trouble?.reason !== before?.reason;
  }

  /** Takes a revision for the one in force; returns what is to be told of it. */
  take({declarations, emptied, revision}: ReadRevision): EventOf<'revision-adopted'> {
    this.#emptied = isNothing(declarations) && (emptied === true || this.#emptied || this.#declared);
    this.#declared = declarations.claims.size > 0;
    this.#isTaking = false;
    this.#revision = revision;
    this.#declarations = declarations;
    const isEmptied = this.#emptied && {emptied: true as const};
    return {kind: 'revision-adopted', revision, declarations, ...isEmptied};
  }
}
