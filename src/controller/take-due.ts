import {ACTIONS} from '../domain/transitions.ts';
import type {Entry} from './store/entry.ts';
import type {CampaignStore} from './store/store.ts';

/** How many campaigns have their turn in one pass: the others follow in the next. */
export const MOST_IN_A_PASS = 1_000;

/**
 * Takes what is due now out of the store, in the order of actions: none before an earlier one that waits for the end of another
 * turn of its campaign.
 *
 * @param resumes whether resumes are taken as well: not before every declared campaign has been read since the revision
 *   came, so that no pause of the same revision is still undiscovered
 * @returns isWhole: nothing more is due
 */
export const takeDue = (
  store: CampaignStore,
  {most, resumes}: {readonly most: number; readonly resumes: boolean},
): {taken: Entry[]; isWhole: boolean} => {
  const taken: Entry[] = [];
  for (const action of resumes ? ACTIONS : ACTIONS.filter(one => one !== 'resume')) {
    if (ACTIONS.slice(0, ACTIONS.indexOf(action)).some(earlier => store.turns.isAwaited(earlier))) break;
    for (let entry = store.turns.take(action); entry; entry = store.turns.take(action)) {
      taken.push(entry);
      if (taken.length >= most) return {taken, isWhole: false};
    }
  }
  return {taken, isWhole: true};
};
