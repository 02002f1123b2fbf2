import type {Action} from '../../domain/transitions.ts';
import type {Due} from './due.ts';
import type {Entries} from './entries.ts';
import type {Entry} from './entry.ts';
import {dueAction} from './indexes.ts';

/** The campaigns whose turn it is, each with what it was taken for. */
export class InTurn {
  readonly #turns = new Map<Entry, Action>();
  readonly #entries: Entries;
  readonly #due: Due;

  constructor(entries: Entries, due: Due) {
    this.#entries = entries;
    this.#due = due;
  }

  /**
   * Takes the first campaign that is due by an action, of those that are meant, and whose turn it is not already; it is due no more until
   * its turn is over.
   */
  take(action: Action, isMeant?: (entry: Entry) => boolean): Entry | undefined {
    for (let entry = this.#due.take(action, isMeant); entry; entry = this.#due.take(action, isMeant)) {
      if (entry.inTurn) continue;
      entry.inTurn = true;
      this.#turns.set(entry, action);
      return entry;
    }
    return undefined;
  }

  /** The turns of campaigns are over, whatever came of them. */
  over(entries: readonly Entry[]): void {
    for (const entry of entries) {
      entry.inTurn = false;
      this.#turns.delete(entry);
      this.#entries.mark(entry);
    }
  }

  /** True where a campaign whose turn goes on is due by an action, once that is over. */
  isAwaited(action: Action): boolean {
    return this.#turns.keys().some(({verdict}) => dueAction(verdict) === action);
  }

  /** How many were taken for an action, those left out that are among others. */
  number(action: Action, others: ReadonlySet<Entry>): number {
    return this.#turns
      .entries()
      .reduce((sum, [entry, taken]) => sum + Number(taken === action && !others.has(entry)), 0);
  }
}
