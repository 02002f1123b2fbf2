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

  /** The first campaign that is due by an action, of those that are meant; it stands there no more. */
  take(action: Action, isMeant: (entry: Entry) => boolean = () => true): Entry | undefined {
    const queue = this.#queues.get(action);
    const others: Queued[] = [];
    let first = queue?.pop();
    while (first && !(first.entry.queuedFor === action && isMeant(first.entry))) {
      if (first.entry.queuedFor === action) others.push(first);
      first = queue?.pop();
    }
    for (const other of others) queue?.push(other);
    if (!first) return undefined;
    const {entry} = first;
    this.#count(action, -1);
    entry.queuedFor = undefined;
    return entry;
  }

  /** How many campaigns are due by an action. */
  number(action: Action): number {
    return this.#numbers.get(action) ?? 0;
  }

  #count(action: Action | undefined, by: number): void {
    if (action) this.#numbers.set(action, this.number(action) + by);
  }
}
