import {MOST_LEAD} from '../domain/lead.ts';
import {DAY} from '../domain/time.ts';
import type {Listener} from './events.ts';
import {inSlices} from './slices.ts';
import type {CampaignStore} from './store/store.ts';

/** How often it is sought: each timetable is asked for its next edge. Milliseconds. */
const SOUGHT_EVERY = 5 * 60_000;

/** Says a day before that the pauses of a closing cannot be in time, once of each. */
export class LateClosing {
  readonly #store: CampaignStore;
  readonly #listener: Listener;
  #toldOf: number | undefined;
  #soughtAt = Number.NEGATIVE_INFINITY;

  constructor(store: CampaignStore, listener: Listener) {
    this.#store = store;
    this.#listener = listener;
  }

  /** @param now epoch milliseconds */
  async tell(now: number): Promise<void> {
    const {takes} = this.#store.closings.closing;
    if (takes <= MOST_LEAD || Math.abs(now - this.#soughtAt) < SOUGHT_EVERY) return;
    this.#soughtAt = now;
    const edge = await inSlices(this.#store.closings.next({from: now, to: now + DAY}));
    if (edge === undefined || edge === this.#toldOf) return;
    this.#toldOf = edge;
    this.#listener({kind: 'closing-late', workspace: this.#store.workspace, edge, takes});
  }
}
