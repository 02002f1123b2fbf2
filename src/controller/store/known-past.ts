import type {DesiredStatus, LiveCampaign} from '../../domain/campaign.ts';
import type {Claim} from '../../domain/declarations.ts';
import type {Limited} from '../../domain/limits.ts';
import type {Move} from '../../domain/restraint.ts';
import {NO_MOVES} from './entry.ts';

/** An action that was being sent, and when (epoch milliseconds). */
export interface Begun {
  readonly action: Limited;
  readonly at: number;
}

/** What is known of a workspace from before this process began. Epoch milliseconds. */
export interface KnownPast {
  /** What was sent and counts against limits, the oldest first. */
  readonly sent: readonly Begun[];
  /** What was being sent to a campaign when an earlier process was killed: nobody knows whether it took effect. */
  begun(campaignId: string): readonly Begun[];
  /** Whom the platform names for what Rollcall changes, as it last did. */
  readonly ownName?: string | undefined;
  /** Since when Git asks for what it asks for of a campaign, in the same words; undefined where nobody knows. */
  inForceAt(campaignId: string, claim: Claim | undefined): number | undefined;
  /** When Git asked for it: by its commit, where that is known. */
  askedAt(campaignId: string, claim: Claim | undefined): number | undefined;
  /** Who moved a campaign against Git of late, since its declaration says what it says. */
  moves(campaignId: string, claim: Claim | undefined): readonly Move[];
  /**
   * What Git asked for when a campaign was last seen in place, or, where it asks for something else now, what it asked for
   * before; undefined where it asks for the same, and the campaign was not in place.
   */
  settledFor(campaignId: string, desired: DesiredStatus): DesiredStatus | undefined;
  /** Drift was told of a campaign under what Git still asks for, and it was not seen in place since: it is the same drift. */
  isDrifting(campaignId: string, claim: Claim | undefined): boolean;
  /** It was told that a campaign is over against what Git still asks for. */
  isLost(campaignId: string, claim: Claim | undefined): boolean;
  /** The version of a campaign that was seen last: an older one that is shown is a stale read. */
  lastSeen(campaignId: string): LiveCampaign | undefined;
  /** The version of a campaign that Rollcall made, where that was seen last, by the platform's time of its change. */
  ownUpdatedAt(campaignId: string): number | undefined;
}

/** Nothing is known. */
export const NO_PAST: KnownPast = {
  sent: [],
  begun: () => [],
  inForceAt: () => undefined,
  askedAt: () => undefined,
  moves: () => NO_MOVES,
  settledFor: () => undefined,
  isDrifting: () => false,
  isLost: () => false,
  lastSeen: () => undefined,
  ownUpdatedAt: () => undefined,
};
