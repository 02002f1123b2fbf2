import {existsSync, readFileSync} from 'node:fs';
import type {Config, WorkspaceConfig} from '../config/schema.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {PlatformClient, type RequestObserver} from '../platform/client.ts';
import {POLLS_AT_ONCE, WorkspacePlatform} from '../platform/platform.ts';
import type {QueueObserver} from '../platform/queue.ts';
import {createTransport, type Transport} from '../platform/transport.ts';
import {SimulatedApi} from '../simulator/api.ts';
import {parseScenario, type Scenario} from '../simulator/scenario.ts';
import {type RunningSimulator, simulatedClock, startSimulator} from '../simulator/server.ts';
import {systemClock, systemRandom} from '../system.ts';
import type {Secrets} from './secrets.ts';

const PLATFORM_URL = 'https://apps.sarvam.ai/api/scheduling';

/** Told of each workspace's requests and queue. */
export type PlatformObserver = QueueObserver & {readonly request: RequestObserver};

/** The platform as the configuration says, reached or simulated. */
export interface ComposedPlatform {
  readonly workspaces: readonly {readonly config: WorkspaceConfig; readonly platform: WorkspacePlatform}[];
  readonly url: string;
  close(): Promise<void>;
}

/** Reads a scenario file, or says what is wrong with it. */
export const readScenario = (file: string): {scenario: Scenario} | {diagnostics: readonly Diagnostic[]} => {
  if (!existsSync(file)) {
    const message = 'the scenario file does not exist';
    return {diagnostics: [{code: 'unreadable', message, file, line: 1, column: 1}]};
  }
  return parseScenario(file, readFileSync(file), systemClock.now());
};

type Started = {simulator?: RunningSimulator; scenario?: Scenario};

const startInside = async (config: Config): Promise<Started | {diagnostics: readonly Diagnostic[]}> => {
  const {simulator} = config.platform;
  if (!simulator) return {};
  const read = readScenario(simulator.scenario);
  if ('diagnostics' in read) return read;
  const now = simulatedClock(systemClock.now, simulator.speed);
  const api = new SimulatedApi(read.scenario, systemRandom);
  return {scenario: read.scenario, simulator: await startSimulator(api, now, simulator.port)};
};

const keyReader = (workspace: WorkspaceConfig, scenario: Scenario | undefined, secrets: Secrets) => {
  const {apiKey, orgId, workspaceId} = workspace;
  if (apiKey) return () => secrets.read(apiKey);
  const known = scenario?.workspaces.find(item => item.orgId === orgId && item.workspaceId === workspaceId);
  return () => known?.apiKey;
};

interface Shared {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly scenario: Scenario | undefined;
  readonly secrets: Secrets;
  readonly observe: (workspace: string) => PlatformObserver;
}

const createPlatform = (workspace: WorkspaceConfig, shared: Shared): WorkspacePlatform => {
  const {baseUrl, observe, scenario, secrets, transport} = shared;
  const {concurrency, name, orgId, rate, workspaceId} = workspace;
  const observer = observe(name);
  const client = new PlatformClient({
    baseUrl,
    orgId,
    workspaceId,
    apiKey: keyReader(workspace, scenario, secrets),
    transport,
    clock: systemClock,
    observe: observer.request,
  });
  return new WorkspacePlatform(
    client,
    {rate, concurrency},
    {clock: systemClock, random: systemRandom, observer},
  );
};

/** Nobody is told. */
const UNOBSERVED: PlatformObserver = {request: () => {}, waited: () => {}, depth: () => {}};

/**
 * Reaches the platform, each workspace behind its rate, or starts the built-in simulator where the
 * configuration asks for it. Diagnostics come back where the simulator's scenario is wrong.
 */
export const composePlatform = async (
  config: Config,
  secrets: Secrets,
  observe: (workspace: string) => PlatformObserver = () => UNOBSERVED,
): Promise<ComposedPlatform | {diagnostics: readonly Diagnostic[]}> => {
  const started = await startInside(config);
  if ('diagnostics' in started) return started;
  const {scenario, simulator} = started;
  const {baseUrl, caFile, timeout} = config.platform;
  const connections = config.workspaces.reduce((sum, {concurrency}) => sum + concurrency + POLLS_AT_ONCE, 0);
  const {close, transport} = createTransport({timeout, connections, ...(caFile !== undefined && {caFile})});
  const url = simulator?.baseUrl ?? baseUrl ?? PLATFORM_URL;
  const shared = {baseUrl: url, transport, scenario, secrets, observe};
  return {
    url,
    workspaces: config.workspaces.map(item => ({config: item, platform: createPlatform(item, shared)})),
    close: async () => {
      await close();
      await simulator?.close();
    },
  };
};
