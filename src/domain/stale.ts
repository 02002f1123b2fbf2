import type {Cause} from './assess.ts';
import type {Declaration, LiveCampaign} from './campaign.ts';
import type {Restraint} from './restraint.ts';
import {lengthOf, rfc3339} from './time.ts';
import type {Wanted} from './wanted.ts';

/** When a resume is too old to be sent. Milliseconds. */
export interface Freshness {
  readonly maxAge: number;
  /** Since when Git asks for what it asks for. Epoch milliseconds. */
  readonly inForceAt: number;
  /** When what kept the campaign as it is let it go, where something did. Epoch milliseconds. */
  readonly freeSince?: number | undefined;
}

/** A resume, and what it follows from. */
export interface Resume {
  readonly cause: Cause;
  readonly declaration: Declaration;
  readonly live: LiveCampaign;
  readonly wanted: Wanted;
}

/** Since when a campaign could have been resumed for what it is to be resumed for: epoch milliseconds. */
export const dueSince = (
  {cause, declaration: {freezes = [], hold}, live, wanted}: Resume,
  {freeSince = 0, inForceAt}: Freshness,
  now: number,
): number => {
  const began = Math.max(inForceAt, cause === 'drifted' ? live.updatedAt : (wanted.since ?? 0));
  const ends = [hold?.until, ...freezes.map(({until}) => until)].filter(
    (end): end is number => end !== undefined && end <= now,
  );
  return Math.max(began, freeSince, ...ends);
};

/** What keeps a resume that has been due for longer than it may be. */
export const staleSince = (since: number, maxAge: number): Restraint => ({
  reason: 'stale',
  message: `due since ${rfc3339(since)}, which is longer ago than ${lengthOf(maxAge)}: whoever wanted that may want something else by now; it is resumed once its declaration is changed in Git, if only a word of its reason, or an Allowance lets resumes through`,
});
