import {onTestFinished} from 'vitest';
import {SimulatedApi} from '../../src/simulator/api.ts';
import {DEFAULT_RULES, type Rules, type SimulatedCampaign} from '../../src/simulator/campaign.ts';
import {type Faults, NO_FAULTS} from '../../src/simulator/faults.ts';
import {startSimulator} from '../../src/simulator/server.ts';
import {simulatedAt} from './campaigns.ts';

export const API_KEY = 'a-key-that-must-stay-secret';

export const campaign = (
  campaignId: string,
  status: string,
  changes?: Partial<SimulatedCampaign>,
): SimulatedCampaign => simulatedAt(Date.now(), campaignId, status, changes);

/** The simulated platform over real HTTP, in the test's own process, so that a test can look inside. */
export const startPlatform = async (
  campaigns: readonly SimulatedCampaign[],
  options: {
    rate?: {requests: number; per: number};
    concurrentCampaigns?: number;
    rules?: Partial<Rules>;
    now?: () => number;
  } = {},
) => {
  const now = options.now ?? Date.now;
  const api = new SimulatedApi(
    {
      workspaces: [{orgId: 'org-1', workspaceId: 'ws-1', apiKey: API_KEY, campaigns}],
      rate: options.rate,
      rules: {
        ...DEFAULT_RULES,
        concurrentCampaigns: {limit: options.concurrentCampaigns ?? 10_000, code: 422},
        ...options.rules,
      },
      faults: NO_FAULTS,
    },
    Math.random,
  );
  const {baseUrl, close} = await startSimulator(api, now, 0);
  onTestFinished(close);
  const [workspace] = api.workspaces;
  if (!workspace) throw new Error('the simulator has no workspace');
  return {
    api,
    baseUrl,
    workspace,
    faults: (faults: Partial<Faults>) => {
      api.faults = {...NO_FAULTS, ...faults};
    },
    status: (id: string) => workspace.get(id, now())?.status,
    actions: () =>
      api.journal.flatMap(({action, path}) => (action ? [`${action} ${path.split('/').at(-2)}`] : [])),
  };
};
