import {type CampaignKey, campaignKey} from '../../src/domain/campaign.ts';
import {allClaims, type Claim, claimed, type DeclarationSet} from '../../src/domain/declarations.ts';

/** What is declared of each campaign, by its workspace and id in one. */
export const claimsByKey = (set: DeclarationSet): Map<CampaignKey, Claim> =>
  new Map(
    [...allClaims(set)].map(claim => {
      const {campaignId, workspace} = claimed(claim);
      return [campaignKey(workspace, campaignId), claim] as const;
    }),
  );
