import {type Closing, timetableEdges} from '../../domain/edges.ts';
import {type Pace, pausesTake} from '../../domain/lead.ts';
import type {Stretch} from '../../domain/window.ts';
import type {Entries} from './entries.ts';
import type {Settler} from './settler.ts';

/** The closings of timetables in one workspace: they begin early enough for all their pauses to be sent. */
export class Closings {
  readonly #entries: Entries;
  readonly #settler: Settler;

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

  /** When the next timetable closes within a stretch; undefined where none does. */
  next(stretch: Stretch): number | undefined {
    let first: number | undefined;
    for (const {opening} of this.#settler.indexes.timetables.groups) {
      const edges = timetableEdges(opening, stretch, this.closing);
      const at = edges.find(({kind}) => kind === 'timetable-closes')?.at;
      if (at !== undefined && (first === undefined || at < first)) first = at;
    }
    return first;
  }

  /** True where closings begin otherwise than before: what goes by a timetable is to be worked out again then. */
  keepPace(): boolean {
    const {groups, size} = this.#settler.indexes.timetables;
    if (!this.#settler.keepPace(size)) return false;
    for (const {entries} of groups) for (const entry of entries) this.#entries.mark(entry);
    return true;
  }
}
