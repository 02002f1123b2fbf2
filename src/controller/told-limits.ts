import {LIMITED} from '../domain/limits.ts';
import type {Listener} from './events.ts';
import type {CampaignStore} from './store/store.ts';

/** Says when a limit of a workspace stops actions, in numbers, and when none does any more. */
export class ToldLimits {
  readonly #store: CampaignStore;
  readonly #listener: Listener;
  #told = '';

  constructor(store: CampaignStore, listener: Listener) {
    this.#store = store;
    this.#listener = listener;
  }

  /** @param now epoch milliseconds */
  tell(now: number): void {
    const {stops, workspace} = this.#store;
    const stopped = LIMITED.filter(action => stops.restraints[action]).join();
    if (stopped === this.#told) return;
    this.#told = stopped;
    this.#listener({kind: 'limits-changed', workspace, texts: stops.texts(now)});
  }
}
