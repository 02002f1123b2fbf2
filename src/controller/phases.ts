import type {GuardedAction} from '../domain/guard.ts';
import {ACTIONS} from '../domain/transitions.ts';
import type {Failure} from './ports.ts';

/** How much a halt says: that something was called off says nothing of why, and what was not sent repeats what another met. */
const weightOf = (halt: Failure | undefined): number => {
  if (!halt) return 0;
  if (halt.kind === 'dropped') return 1;
  return halt.unsent ? 2 : 3;
};

/** Of two halts the one that says more; of two that say as much the first. */
const moreTelling = (first: Failure | undefined, second: Failure | undefined): Failure | undefined =>
  weightOf(second) > weightOf(first) ? second : first;

/**
 * Works through actions with `workers` at a time: every pause is answered before the first cancel starts,
 * and every cancel before the first resume, so that what they free can be used. Ends early when a turn says
 * that the workspace must rest, or `signal` that the plan is out of date; returns why it rests.
 */
export const inPhases = async (
  actions: readonly GuardedAction[],
  workers: number,
  signal: AbortSignal,
  turn: (action: GuardedAction) => Promise<Failure | undefined>,
): Promise<Failure | undefined> => {
  let halt: Failure | undefined;
  for (const phase of ACTIONS) {
    const waiting = actions.filter(({action}) => action === phase)[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (const action of waiting) {
        if (halt || signal.aborted) return;
        const came = await turn(action);
        halt = moreTelling(halt, came);
      }
    };
    await Promise.all(Array.from({length: workers}, worker));
  }
  return halt;
};
