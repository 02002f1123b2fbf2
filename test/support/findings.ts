import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import type {Observation} from '../../src/domain/diff.ts';
import {type Finding, find} from '../../src/domain/finding.ts';
import {claim, live, WORKSPACE} from './fixtures.ts';

/** The moment at which campaigns are found as they are here. */
export const FOUND_AT = Date.UTC(2026, 10, 24);

/** What is found of one campaign by who enforces: none where there is nothing to say. */
export const foundOf = (
  campaignId: string,
  claimed: Claim | undefined,
  observation: Observation | undefined,
  workspace = WORKSPACE,
): Finding[] => {
  const pair = {campaignId, ...(claimed && {claim: claimed}), ...(observation && {observation})};
  const found = find(pair, {workspace, mode: 'enforce', now: FOUND_AT, past: {}});
  return found ? [found] : [];
};

export const seen = (campaignId: string, status: string, shown: Partial<LiveCampaign> = {}): Observation => ({
  kind: 'seen',
  campaign: live(status, {campaignId, ...shown}),
});

/** The same of one that is seen in a status, and declared so; undefined where no file declares it. */
export const found = (campaignId: string, status: string, declared?: Partial<Declaration>): Finding[] =>
  foundOf(campaignId, declared && claim({campaignId, ...declared}), seen(campaignId, status));

/** A claim of a campaign whose file is broken. */
export const brokenClaim = (campaignId: string): Claim => ({
  kind: 'invalid',
  workspace: WORKSPACE,
  campaignId,
  source: {file: 'bad.yaml', line: 1},
  problem: 'it is broken',
});
