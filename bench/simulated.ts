import {PlatformClient} from '../src/platform/client.ts';
import {WorkspacePlatform} from '../src/platform/platform.ts';
import {createTransport} from '../src/platform/transport.ts';
import {SimulatedApi} from '../src/simulator/api.ts';
import {DEFAULT_RULES, type SimulatedCampaign} from '../src/simulator/campaign.ts';
import {NO_FAULTS} from '../src/simulator/faults.ts';
import {startSimulator} from '../src/simulator/server.ts';
import {systemClock} from '../src/system.ts';

/** How many campaigns it has. */
export const CAMPAIGNS = 2_000;
/** How many requests go on at the same time. */
export const CONNECTIONS = 4;
export const KEY = 'key-of-the-bench';
const clock = systemClock;

const campaigns = (statusOf: (i: number) => string): SimulatedCampaign[] =>
  Array.from({length: CAMPAIGNS}, (_, i) => ({
    campaignId: `c${i}`,
    name: `c${i}`,
    description: null,
    appConfig: {appId: 'a', appVersion: 1},
    status: statusOf(i),
    createdBy: 'b',
    createdAt: i,
    updatedAt: i,
    updatedBy: null,
    startsAt: 0,
    endsAt: 1e14,
    allowedSchedule: null,
    dialsFor: null,
  }));

const FAST = {requests: 10_000, per: 10};

export const platformOf = async (statusOf: (i: number) => string, rate = FAST) => {
  const workspaces = [{orgId: 'o', workspaceId: 'w', apiKey: KEY, campaigns: campaigns(statusOf)}];
  const api = new SimulatedApi(
    {
      workspaces,
      rate: rate === FAST ? undefined : rate,
      rules: {...DEFAULT_RULES, concurrentCampaigns: {limit: 1e9, code: 422}},
      faults: NO_FAULTS,
    },
    Math.random,
  );
  const simulator = await startSimulator(api, Date.now, 0);
  const {close, transport} = createTransport({
    baseUrl: simulator.baseUrl,
    proxies: {noProxy: ''},
    timeout: 10_000,
  });
  const options = {
    baseUrl: simulator.baseUrl,
    orgId: 'o',
    workspaceId: 'w',
    apiKey: () => KEY,
    secrets: () => [KEY],
    transport,
    clock,
  };
  const wire = new PlatformClient({...options, observe: () => {}});
  const limits = {rate, concurrency: CONNECTIONS};
  const observer = {waited: () => {}, depth: () => {}};
  const platform = new WorkspacePlatform(wire, limits, {clock, random: Math.random, observer});
  return {
    api,
    platform,
    baseUrl: simulator.baseUrl,
    close: async () => {
      await close();
      await simulator.close();
    },
  };
};
