import {existsSync, readFileSync, statSync} from 'node:fs';
import type {Config, WorkspaceConfig} from '../config/schema.ts';
import type {PlanWorkspace} from '../controller/planner.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {PlatformClient, type RequestObserver} from '../platform/client.ts';
import {POLLS_AT_ONCE, WorkspacePlatform} from '../platform/platform.ts';
import type {QueueObserver} from '../platform/queue.ts';
import {createTransport, type Transport} from '../platform/transport.ts';
import {SimulatedApi} from '../simulator/api.ts';
import {parseScenario, type Scenario} from '../simulator/scenario.ts';
import {simulatedClock, startSimulator} from '../simulator/server.ts';
import {systemClock, systemRandom} from '../system.ts';
import {printDiagnostics} from './configured.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import {Secrets} from './secrets.ts';

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
  const unreadable = (message: string) => ({
    diagnostics: [{code: 'unreadable', message, file, line: 1, column: 1}],
  });
  if (!existsSync(file)) return unreadable('the scenario file does not exist');
  if (!statSync(file).isFile()) return unreadable('the scenario is not a file');
  return parseScenario(file, readFileSync(file), systemClock.now());
};

interface Simulated {
  readonly url: string;
  readonly scenario: Scenario;
  close(): Promise<void>;
}

const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Starts the built-in simulator; or joins the one that already runs on its port, where `join` allows it. */
const startInside = async (
  {platform: {simulator}}: Config,
  join: boolean,
): Promise<Simulated | undefined | {diagnostics: readonly Diagnostic[]}> => {
  if (!simulator) return undefined;
  const read = readScenario(simulator.scenario);
  if ('diagnostics' in read) return read;
  const now = simulatedClock(systemClock.now, simulator.speed);
  const api = new SimulatedApi(read.scenario, systemRandom);
  try {
    const {baseUrl, close} = await startSimulator(api, now, simulator.port);
    return {url: baseUrl, scenario: read.scenario, close};
  } catch (error) {
    if (!join || !isInUse(error)) throw error;
    return {url: `http://127.0.0.1:${simulator.port}`, scenario: read.scenario, close: async () => {}};
  }
};

const keyReader = (workspace: WorkspaceConfig, scenario: Scenario | undefined, secrets: Secrets) => {
  const {apiKey, orgId, workspaceId} = workspace;
  if (apiKey) return () => secrets.read(apiKey);
  const known = scenario?.workspaces.find(item => item.orgId === orgId && item.workspaceId === workspaceId);
  return () => known?.apiKey;
};

const placeOf = ({apiKey}: WorkspaceConfig): string | undefined => {
  if (!apiKey) return undefined;
  return 'env' in apiKey ? `the environment variable ${apiKey.env}` : `the file ${apiKey.file}`;
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
  const keyPlace = placeOf(workspace);
  const client = new PlatformClient({
    baseUrl,
    orgId,
    workspaceId,
    apiKey: keyReader(workspace, scenario, secrets),
    ...(keyPlace !== undefined && {keyPlace}),
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

export interface PlatformOptions {
  /** Use a simulator that already runs on the configured port: for commands beside a controller. */
  readonly joinSimulator?: boolean;
  readonly observe?: (workspace: string) => PlatformObserver;
}

/** Nobody is told. */
const UNOBSERVED: PlatformObserver = {request: () => {}, waited: () => {}, depth: () => {}};

/**
 * Reaches the platform, each workspace behind its rate, or starts the built-in simulator where the
 * configuration asks for it. Diagnostics come back where the simulator's scenario is wrong.
 */
export const composePlatform = async (
  config: Config,
  secrets: Secrets,
  {joinSimulator = false, observe = () => UNOBSERVED}: PlatformOptions = {},
): Promise<ComposedPlatform | {diagnostics: readonly Diagnostic[]}> => {
  const simulated = await startInside(config, joinSimulator);
  if (simulated && 'diagnostics' in simulated) return simulated;
  const {baseUrl, caFile, timeout} = config.platform;
  const connections = config.workspaces.reduce((sum, {concurrency}) => sum + concurrency + POLLS_AT_ONCE, 0);
  const {close, transport} = createTransport({timeout, connections, ...(caFile !== undefined && {caFile})});
  const url = simulated?.url ?? baseUrl ?? PLATFORM_URL;
  const shared = {baseUrl: url, transport, scenario: simulated?.scenario, secrets, observe};
  return {
    url,
    workspaces: config.workspaces.map(item => ({config: item, platform: createPlatform(item, shared)})),
    close: async () => {
      await close();
      await simulated?.close();
    },
  };
};

/** Says where simulated statuses come from, so that nobody takes them for those of the platform. */
export const noteSimulator = ({platform: {simulator}}: Config, url: string, io: Io): void => {
  if (simulator) print(io.stderr, `note: the live statuses are simulated, by the simulator at ${url}`);
};

/** How a plan names the platform that its statuses were read from: a simulator's port says nothing. */
export const platformName = ({platform}: Config, {url}: ComposedPlatform): string =>
  platform.simulator ? 'simulator' : url;

/** The workspaces, as plans are made and applied for them. */
export const planWorkspaces = ({workspaces}: ComposedPlatform): PlanWorkspace[] =>
  workspaces.map(({config: {concurrency, mode, name}, platform}) => ({name, mode, concurrency, platform}));

/**
 * Runs a command with the platform, and closes it. Says what is wrong with the simulator's scenario, where
 * something is.
 */
export const withPlatform = async (
  config: Config,
  io: Io,
  work: (composed: ComposedPlatform) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const composed = await composePlatform(config, new Secrets(io.env), {joinSimulator: true});
  if ('diagnostics' in composed) {
    printDiagnostics(composed.diagnostics, io);
    return EXIT.failed;
  }
  try {
    noteSimulator(config, composed.url, io);
    return await work(composed);
  } finally {
    await composed.close();
  }
};
