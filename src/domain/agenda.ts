import {compareText} from './diagnostic.ts';

/**
 * What happens by itself: a timetable opens or closes, a hold or a freeze runs out, a campaign's window opens or ends, and
 * the hours in which it may dial open or close.
 */
export const UPCOMING_KINDS = [
  'timetable-opens',
  'timetable-closes',
  'hold-ends',
  'freeze-begins',
  'freeze-ends',
  'window-opens',
  'hours-open',
  'hours-close',
  'window-ends',
] as const;
export type UpcomingKind = (typeof UPCOMING_KINDS)[number];

/** A campaign as it is named in a list. */
export interface Named {
  readonly campaignId: string;
  readonly name: string;
}

/** What happens at one time. Epoch milliseconds. */
export interface Edge {
  readonly at: number;
  readonly kind: UpcomingKind;
  /** What follows from it, in words. */
  readonly what: string;
  /** When Rollcall begins with it, where that is earlier. */
  readonly begins?: number;
  /** The zone by whose clocks it happens, where one is said. */
  readonly timezone?: string;
}

/** What happens at one time to campaigns of one workspace. */
export interface Upcoming extends Edge {
  readonly workspace: string;
  readonly number: number;
  /** A few of them. */
  readonly first: readonly Named[];
}

/** How many campaigns of a group are named. */
export const MOST_NAMED = 3;

/** Puts what happens at the same time and in the same way to campaigns of a workspace into one. */
export class Agenda {
  readonly #groups = new Map<string, Upcoming>();

  /** Takes in what happens to one campaign, or to so many of which it knows the first few. */
  add(edge: Edge, workspace: string, named: readonly Named[], count = named.length): void {
    const key = JSON.stringify([edge.at, workspace, edge.kind, edge.what]);
    const {first = [], number = 0} = this.#groups.get(key) ?? {};
    this.#groups.set(key, {
      ...edge,
      workspace,
      number: number + count,
      first: first.length < MOST_NAMED ? [...first, ...named].slice(0, MOST_NAMED) : first,
    });
  }

  /** All of it, in time. */
  get sorted(): readonly Upcoming[] {
    return [...this.#groups.values()].toSorted(
      (a, b) => a.at - b.at || compareText(a.workspace, b.workspace) || compareText(a.kind, b.kind),
    );
  }
}
