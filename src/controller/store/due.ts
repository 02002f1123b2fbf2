import {compareText} from '../../domain/diagnostic.ts';
import {ACTIONS, type Action} from '../../domain/transitions.ts';
import type {Entry} from './entry.ts';
import {Heap} from './heap.ts';

interface Queued {
  readonly entry: Entry;
  readonly name: string;
}

const inOrder = (a: Queued, b: Queued): boolean => compareText(a.name, b.name) < 0;

/** The campaigns that an action is due for now: by kind of action, and within each by name. */
export class Due {
  readonly #queues = new Map(ACTIONS.map(action => [action, new Heap<Queued>(inOrder)]));
  readonly #numbers = new Map(ACTIONS.map(action => [action, 0]));

  /** Takes in what a campaign is due for now, if for anything. */
  put(entry: Entry, action: Action | undefined): void {
    if (entry.queuedFor === action) return;
    this.#count(entry.queuedFor, -1);
    this.#count(action, 1);
    entry.queuedFor = action;
    if (!action || entry.claim?.kind !== 'valid') return;
    this.#queues.get(action)?.push({entry, name: entry.claim.declaration.name});
  }

  /** The first campaign that is due by an action; it stands there no more. */
  take(action: Action): Entry | undefined {
    const queue = this.#queues.get(action);
    for (let first = queue?.pop(); first; first = queue?.pop()) {
      const {entry} = first;
      if (entry.queuedFor !== action) continue;
      this.#count(action, -1);
      entry.queuedFor = undefined;
      return entry;
    }
    return undefined;
  }

  /** How many campaigns are due by an action. */
  number(action: Action): number {
    return this.#numbers.get(action) ?? 0;
  }

  #count(action: Action | undefined, by: number): void {
    if (action) this.#numbers.set(action, this.number(action) + by);
  }
}
