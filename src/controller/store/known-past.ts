import type {Claim} from '../../domain/declarations.ts';
import type {Limited} from '../../domain/limits.ts';
import type {Move} from '../../domain/restraint.ts';
import {NO_MOVES} from './entry.ts';

/** What is known of a workspace from before this process began. Epoch milliseconds. */
export interface KnownPast {
  /** What was sent and counts against limits, the oldest first. */
  readonly sent: readonly {readonly action: Limited; readonly at: number}[];
  /** Since when Git asks for what it asks for of a campaign; undefined where nobody knows. */
  inForceAt(campaignId: string, claim: Claim | undefined): number | undefined;
  /** Who moved a campaign against Git of late. */
  moves(campaignId: string): readonly Move[];
}

/** Nothing is known. */
export const NO_PAST: KnownPast = {
  sent: [],
  inForceAt: () => undefined,
  moves: () => NO_MOVES,
};
