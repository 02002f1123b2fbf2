import type {Plan, PlannedAction} from './plan.ts';
import {frozen} from './restraint.ts';
import {isTerminal, resultOf} from './transitions.ts';
import {closedText, type When, wantedAt} from './wanted.ts';

declare const guarded: unique symbol;

/** An action that the guard has let through. Nothing else can be applied: it does not compile. */
export type GuardedAction = PlannedAction & {readonly [guarded]: true};

/** An action that the guard has stopped, and why. */
interface Stopped {
  readonly planned: PlannedAction;
  readonly message: string;
}

export interface Verdicts {
  readonly passed: readonly GuardedAction[];
  readonly stopped: readonly Stopped[];
}

const objection = ({action, from, declaration}: PlannedAction, when: When): string | undefined => {
  if (isTerminal(from)) return `${from} is terminal: nothing may be sent to this campaign`;
  if (resultOf(from, action) === undefined) return `the platform forbids ${action} from ${from}`;
  const freeze = frozen(declaration.freezes, action, when.now);
  if (freeze) return freeze.message;
  const wanted = wantedAt(declaration, when);
  if (action === 'resume' && wanted.closed !== undefined) return closedText(declaration, wanted);
  if (action !== 'cancel') return undefined;
  if (declaration.desired !== 'cancelled') return `Git asks for ${declaration.desired}, not for a cancel`;
  if (declaration.confirmCancel === declaration.campaignId) return undefined;
  return `a cancel needs confirmCancel: ${declaration.campaignId} in the same document`;
};

/**
 * Holds a plan against what is never done, whatever made the plan: no action that the transition table
 * forbids, none out of a terminal status, no cancel without its confirmation, no resume and no cancel in a freeze, no
 * resume outside a timetable or while its closing has begun.
 */
export const guard = (plan: Plan, when: When): Verdicts => {
  const passed: GuardedAction[] = [];
  const stopped: Stopped[] = [];
  for (const planned of plan) {
    const message = objection(planned, when);
    if (message === undefined) passed.push(planned as GuardedAction);
    else stopped.push({planned, message});
  }
  return {passed, stopped};
};
