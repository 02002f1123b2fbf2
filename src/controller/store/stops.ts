import {type Allowance, LIMITED, type Limited, type Limits} from '../../domain/limits.ts';
import type {Restraint} from '../../domain/restraint.ts';
import type {Entries} from './entries.ts';
import type {InTurn} from './in-turn.ts';
import type {Settler} from './settler.ts';

/** What keeps big things from happening by accident; undefined where nothing does. */
export interface Guardrails {
  readonly limits?: Limits | undefined;
  /** How old a resume may become: milliseconds. */
  readonly resumeMaxAge?: number | undefined;
}

/** What stops actions of one workspace as a whole. What that is about is worked out again where it changes. */
export class Stops {
  readonly #entries: Entries;
  readonly #settler: Settler;
  readonly #turns: InTurn;
  /** Resumes may be of any age now. */
  #anyAge = false;

  constructor(entries: Entries, settler: Settler, turns: InTurn) {
    this.#entries = entries;
    this.#settler = settler;
    this.#turns = turns;
  }

  /** Goes by other guardrails. */
  guard({limits, resumeMaxAge}: Guardrails): void {
    this.#settler.limiter.limits = limits;
    if (this.#settler.resumeMaxAge === resumeMaxAge) return;
    this.#settler.resumeMaxAge = resumeMaxAge;
    for (const entry of this.#entries.all) this.#entries.mark(entry);
  }

  /** Takes in what a revision allows, since a time (epoch milliseconds); true where that is other than before. */
  allow(allowances: readonly Allowance[], since: number): boolean {
    if (!this.#settler.limiter.allow(allowances, since)) return false;
    const {differences, wanting} = this.#settler.indexes;
    for (const action of LIMITED) for (const entry of wanting[action]) this.#entries.mark(entry);
    for (const entry of differences.guarded) this.#entries.mark(entry);
    return true;
  }

  /** What is stopped, in numbers, with the allowance that would let it through. */
  texts(now: number): readonly string[] {
    return this.#settler.limiter.texts(now);
  }

  /** What stops actions, by their kind. */
  get restraints(): Readonly<Partial<Record<Limited, Restraint>>> {
    return this.#settler.limiter.restraints;
  }

  /** An allowance of resumes lets those through that are too old, until it ends; true where that is otherwise than before. */
  #agesChanged(now: number): boolean {
    const anyAge = this.#settler.limiter.allowsResumes(now);
    if (anyAge === this.#anyAge) return false;
    this.#anyAge = anyAge;
    for (const entry of this.#settler.indexes.wanting.resume) this.#entries.mark(entry);
    return true;
  }

  /** How many are wanted, and those that may have been sent although Git has moved on meanwhile. */
  #wanted(action: Limited): number {
    const wanting = this.#settler.indexes.wanting[action];
    return wanting.size + this.#turns.number(action, wanting);
  }

  /** Counts anew; true where a limit stops something otherwise than before. */
  count(now: number): boolean {
    const {wanting} = this.#settler.indexes;
    const wanted = {resume: this.#wanted('resume'), cancel: this.#wanted('cancel')};
    const counted = {wanted, declared: this.#entries.declared.size};
    const changed = this.#settler.limiter.update(counted, now);
    for (const action of changed) for (const entry of wanting[action]) this.#entries.mark(entry);
    return this.#agesChanged(now) || changed.length > 0;
  }
}
