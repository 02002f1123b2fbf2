import {type Closing, timetableEdges} from '../../domain/edges.ts';
import {closingLead, type Pace, pausesTake} from '../../domain/lead.ts';
import type {Opening} from '../../domain/opening.ts';
import type {Stretch} from '../../domain/window.ts';
import type {Entries} from './entries.ts';
import type {Settler} from './settler.ts';

/** The closings of timetables in one workspace: they begin early enough for all their pauses to be sent. */
export class Closings {
  readonly #entries: Entries;
  readonly #settler: Settler;
  /** Until when a closing is known to be under way: epoch milliseconds. */
  #underWayUntil = Number.NEGATIVE_INFINITY;

  constructor(entries: Entries, settler: Settler) {
    this.#entries = entries;
    this.#settler = settler;
  }

  /** Takes in how fast requests may be sent: a closing begins by that. */
  set pace(pace: Pace) {
    this.#settler.pace = pace;
  }

  /** How long before its edge a closing begins, and how long its pauses take: milliseconds. */
  get closing(): Closing {
    const {indexes, lead, pace} = this.#settler;
    return {lead, takes: pausesTake(indexes.timetables.size, pace)};
  }

  /** When the next timetable closes within a stretch; undefined where none does. One step for each timetable. */
  *next(stretch: Stretch): Generator<void, number | undefined> {
    let first: number | undefined;
    for (const {opening} of this.#settler.indexes.timetables.groups) {
      const at = this.#closes(opening, stretch);
      if (at !== undefined && (first === undefined || at < first)) first = at;
      yield;
    }
    return first;
  }

  #closes(opening: Opening, stretch: Stretch): number | undefined {
    const edges = timetableEdges(opening, stretch, this.closing);
    return edges.find(({kind}) => kind === 'timetable-closes')?.at;
  }

  /** When any timetable closes within a stretch; undefined where none does. */
  #first(stretch: Stretch): number | undefined {
    for (const {opening} of this.#settler.indexes.timetables.groups) {
      const at = this.#closes(opening, stretch);
      if (at !== undefined) return at;
    }
    return undefined;
  }

  /**
   * True where closings begin otherwise than before: what goes by a timetable is to be worked out again then. While one is
   * under way, no closing begins later than before: what it has paused would be resumed.
   */
  keepPace(now: number): boolean {
    const {indexes, lead, pace} = this.#settler;
    const {groups, size} = indexes.timetables;
    const wanted = closingLead(size, pace);
    if (wanted === lead || (wanted < lead && this.#isUnderWay(now, lead))) return false;
    this.#settler.lead = wanted;
    for (const {entries} of groups) for (const entry of entries) this.#entries.mark(entry);
    return true;
  }

  #isUnderWay(now: number, lead: number): boolean {
    if (now < this.#underWayUntil) return true;
    this.#underWayUntil = this.#first({from: now, to: now + lead}) ?? now;
    return now < this.#underWayUntil;
  }
}
