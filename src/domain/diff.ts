import type {LiveCampaign} from './campaign.ts';
import type {Claim} from './declarations.ts';

/** What was last read of a campaign. `before`: what it was when it could last be read. */
export type Observation =
  | {readonly kind: 'seen'; readonly campaign: LiveCampaign}
  | {readonly kind: 'missing'; readonly before?: LiveCampaign}
  | {readonly kind: 'unreadable'; readonly problem: string; readonly before?: LiveCampaign};

/** One campaign that Git, the platform or both know. */
export interface Pair {
  readonly campaignId: string;
  readonly claim?: Claim;
  readonly observation?: Observation;
}

/** Joins both sides of one workspace by the campaign's id: exactly one pair for each that either knows. */
export const diff = (claims: ReadonlyMap<string, Claim>, live: ReadonlyMap<string, Observation>): Pair[] => {
  const pairs: Pair[] = [];
  let shared = 0;
  for (const [campaignId, claim] of claims) {
    const observation = live.get(campaignId);
    if (observation) shared += 1;
    pairs.push(observation ? {campaignId, claim, observation} : {campaignId, claim});
  }
  if (shared === live.size) return pairs;
  for (const [campaignId, observation] of live) {
    if (!claims.has(campaignId)) pairs.push({campaignId, observation});
  }
  return pairs;
};
