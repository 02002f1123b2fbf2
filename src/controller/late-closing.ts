import {MOST_LEAD} from '../domain/lead.ts';
import type {Listener} from './events.ts';
import type {CampaignStore} from './store/store.ts';

const DAY = 24 * 3_600_000;

/** Says a day before that the pauses of a closing cannot be in time, once of each. */
export class LateClosing {
  readonly #store: CampaignStore;
  readonly #listener: Listener;
  #toldOf: number | undefined;

  constructor(store: CampaignStore, listener: Listener) {
    this.#store = store;
    this.#listener = listener;
  }

  /** @param now epoch milliseconds */
  tell(now: number): void {
    const {takes} = this.#store.closings.closing;
    if (takes <= MOST_LEAD) return;
    const edge = this.#store.closings.next({from: now, to: now + DAY});
    if (edge === undefined || edge === this.#toldOf) return;
    this.#toldOf = edge;
    this.#listener({kind: 'closing-late', workspace: this.#store.workspace, edge, takes});
  }
}
