import type {SimulatedCampaign} from '../../src/simulator/campaign.ts';

export const DAY = 24 * 3_600_000;

/** A campaign on the simulated platform that was created and began a day before `now`, and has long to go. */
export const simulatedAt = (
  now: number,
  campaignId: string,
  status: string,
  changes: Partial<SimulatedCampaign> = {},
): SimulatedCampaign => ({
  campaignId,
  name: campaignId,
  description: null,
  appConfig: {app_id: 'agent', app_version: 1},
  status,
  createdBy: 'scenario',
  createdAt: now - DAY,
  updatedAt: now - DAY,
  updatedBy: null,
  startsAt: now - DAY,
  endsAt: now + 300 * DAY,
  allowedSchedule: null,
  dialsFor: null,
  ...changes,
});
