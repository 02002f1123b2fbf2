/** Whether what is known of a campaign by now still asks for the action that was planned. */
import {relate} from '../domain/assess.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import type {PlannedAction} from '../domain/plan.ts';
import {changedBy, statusWord} from '../domain/reasons.ts';
import {isStatus} from '../domain/transitions.ts';

/** How a campaign is no longer just what its action was planned from; undefined where it still is. */
export const movedFrom = ({from, fromUpdatedAt}: PlannedAction, live: LiveCampaign): string | undefined => {
  const word = statusWord(live.status);
  if (word !== from) return `live was ${from}, and is now ${word}`;
  if (live.updatedAt === fromUpdatedAt) return undefined;
  return `live is ${word} as planned, but was changed since, by ${changedBy(live)}`;
};

/** True where the action is the next one from that status: which of several was shown last then changes nothing. */
export const isNextFrom = ({action, desired}: PlannedAction, word: string): boolean => {
  if (!isStatus(word)) return false;
  const relation = relate(desired, word);
  return relation.kind === 'act' && relation.steps[0] === action;
};
