import {MINUTE} from './time.ts';

/** How fast requests may be sent: so many within a window (milliseconds). */
export interface Pace {
  readonly slots: number;
  readonly window: number;
}

/** A pause takes a read and the action. */
const REQUESTS_A_PAUSE = 2;
/** For polls and for what has to be sent again. */
const MARGIN = 1.25;
const LEAST = 30_000;
/** However much there is to pause, a closing begins no earlier than this before its edge. Milliseconds. */
export const MOST_LEAD = 30 * MINUTE;

/** How long it takes to pause so many campaigns, in whole minutes: milliseconds. */
export const pausesTake = (campaigns: number, {slots, window}: Pace): number => {
  if (campaigns === 0) return 0;
  const needed = ((campaigns * REQUESTS_A_PAUSE * window) / Math.max(1, slots)) * MARGIN + LEAST;
  return Math.ceil(needed / MINUTE) * MINUTE;
};

/** How long before its edge a closing of so many campaigns begins, so that its last pause is sent in time: milliseconds. */
export const closingLead = (campaigns: number, pace: Pace): number =>
  Math.min(MOST_LEAD, pausesTake(campaigns, pace));
