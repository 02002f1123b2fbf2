import {ACTIONS, type Action} from '../domain/transitions.ts';
import type {Entry} from './store/entry.ts';
import type {CampaignStore} from './store/store.ts';

/** How many campaigns have their turn in one pass: the others follow in the next. */
export const MOST_IN_A_PASS = 1_000;

/** What of it is taken. */
export interface Taking {
  readonly most: number;
  /**
   * Whether resumes are taken as well: not before every declared campaign has been read since the revision came, so that no pause
   * of the same revision is still undiscovered.
   */
  readonly resumes: boolean;
  /**
   * By which actions a campaign that has not failed goes alone, before all others: no action is answered, or only those of campaigns that are
   * broken themselves, and that one tells which.
   */
  readonly sound: readonly Action[];
  /** `Clock.ticks`. */
  readonly ticks: number;
  /** Nothing is sent: no kind of action waits for another to be done. */
  readonly isDryRun: boolean;
}

const earlierThan = (action: Action): readonly Action[] => ACTIONS.slice(0, ACTIONS.indexOf(action));

/**
 * True while an earlier kind of action that has failed once is to be tried again: a passing failure of one pause lets no resume go
 * before it. One that fails again keeps nobody waiting any more.
 */
const isTriedAgainBefore = (action: Action, {waits}: CampaignStore, ticks: number): boolean =>
  earlierThan(action).some(one => waits.isTriedAgain(one, ticks));

const hasNotFailed = ({waiting}: Entry): boolean => waiting === undefined;

/** The first that has not failed, where others have, which may be broken themselves. */
const soundOne = (store: CampaignStore, actions: readonly Action[]): Entry | undefined => {
  for (const action of actions) {
    const entry = store.turns.take(action, hasNotFailed);
    if (entry) return entry;
  }
  return undefined;
};

/**
 * Takes what is due now out of the store, in the order of actions, and one kind at a time: none before the turns of an earlier one are
 * over, here or from another pass, or have been tried again.
 *
 * @returns isWhole: nothing more is due
 */
export const takeDue = (
  store: CampaignStore,
  {isDryRun, most, resumes, sound, ticks}: Taking,
): {taken: Entry[]; isWhole: boolean} => {
  const actions = resumes ? ACTIONS : ACTIONS.filter(one => one !== 'resume');
  const alone = soundOne(
    store,
    actions.filter(action => sound.includes(action) && !isTriedAgainBefore(action, store, ticks)),
  );
  if (alone) return {taken: [alone], isWhole: false};
  const taken: Entry[] = [];
  for (const action of actions) {
    const isAwaited = earlierThan(action).some(one => store.turns.isAwaited(one));
    if (!isDryRun && (isAwaited || isTriedAgainBefore(action, store, ticks)))
      return {taken, isWhole: actions.every(one => store.indexes.due.number(one) === 0)};
    for (let entry = store.turns.take(action); entry; entry = store.turns.take(action)) {
      taken.push(entry);
      if (taken.length >= most) return {taken, isWhole: false};
    }
  }
  return {taken, isWhole: true};
};
