import type {Config, WorkspaceConfig} from '../config/schema.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {PlatformClient, type RequestObserver} from '../platform/client.ts';
import {WorkspacePlatform} from '../platform/platform.ts';
import {proxiesOf} from '../platform/proxy.ts';
import type {QueueObserver} from '../platform/queue.ts';
import {createTransport, type Transport} from '../platform/transport.ts';
import type {Scenario} from '../simulator/scenario.ts';
import {systemClock, systemRandom} from '../system.ts';
import type {Lead} from './leases.ts';
import {openRates, Rates, rateName, type Share} from './rates.ts';
import {type Secrets, secretPlace} from './secrets.ts';
import {type Simulated, startInside} from './simulated.ts';

export const PLATFORM_URL = 'https://apps.sarvam.ai/api/scheduling';

/** Told of each workspace's requests and queue. */
type PlatformObserver = QueueObserver & {readonly request: RequestObserver};

/** A workspace as it is configured, and the way to it. */
export interface ComposedWorkspace {
  readonly config: WorkspaceConfig;
  readonly platform: WorkspacePlatform;
}

/** The platform as the configuration says, reached or simulated. */
export interface ComposedPlatform {
  readonly workspaces: readonly ComposedWorkspace[];
  readonly url: string;
  /** The way to a workspace that the configuration did not have when this was made. */
  open(workspace: WorkspaceConfig): ComposedWorkspace;
  /** Goes by another rate and concurrency of a workspace from its next request on. */
  configure(workspace: ComposedWorkspace, next: WorkspaceConfig): void;
  close(): Promise<void>;
}

/** Reads a workspace's key, anew at each call; the built-in simulator's are its scenario's. */
export const keyReader = (workspace: WorkspaceConfig, scenario: Scenario | undefined, secrets: Secrets) => {
  const {apiKey, orgId, workspaceId} = workspace;
  if (apiKey) return () => secrets.read(apiKey);
  const known = scenario?.workspaces.find(item => item.orgId === orgId && item.workspaceId === workspaceId);
  return () => known?.apiKey;
};

/** Where a workspace's key is, in words. */
export const placeOf = ({apiKey}: WorkspaceConfig): string | undefined => apiKey && secretPlace(apiKey);

interface Shared {
  readonly baseUrl: string;
  readonly rates: Rates;
  readonly probeInterval: number;
  readonly transport: Transport;
  readonly scenario: Scenario | undefined;
  readonly secrets: Secrets;
  readonly observe: (workspace: string) => PlatformObserver;
  readonly lead: Lead | undefined;
}

const createPlatform = (workspace: WorkspaceConfig, shared: Shared): WorkspacePlatform => {
  const {baseUrl, lead, observe, probeInterval, rates, scenario, secrets, transport} = shared;
  const {concurrency, name, orgId, workspaceId} = workspace;
  const observer = observe(name);
  const keyPlace = placeOf(workspace);
  const client = new PlatformClient({
    baseUrl,
    orgId,
    workspaceId,
    apiKey: keyReader(workspace, scenario, secrets),
    ...(keyPlace !== undefined && {keyPlace}),
    secrets: () => secrets.known,
    transport,
    clock: systemClock,
    observe: observer.request,
  });
  return new WorkspacePlatform(
    client,
    {...rates.settings(workspace), concurrency, probeInterval},
    {
      clock: systemClock,
      random: systemRandom,
      observer,
      ...rates.windows(rateName(baseUrl, workspace), workspace),
    },
    lead?.fence(workspace),
  );
};

export interface PlatformOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Use a simulator that already runs on the configured port: for commands beside a controller. */
  readonly joinSimulator?: boolean;
  readonly observe?: (workspace: string) => PlatformObserver;
  /** Told of what is wrong with a file that the connections or the rates need, while they are in use. */
  readonly onTrouble?: (message: string) => void;
  readonly share: Share;
  /** Where replicas share the workspaces out. */
  readonly lead?: Lead;
}

/** Nobody is told. */
const UNOBSERVED: PlatformObserver = {request: () => {}, waited: () => {}, depth: () => {}};

/**
 * The ways to the workspaces of a platform whose place is known; what it opens is put on `opening`. Every key is read
 * here once, so that an answer to the first request shows none of another workspace.
 */
const composeAt = (
  config: Config,
  simulated: Simulated | undefined,
  secrets: Secrets,
  options: PlatformOptions,
  opening: AsyncDisposableStack,
): Omit<ComposedPlatform, 'close'> => {
  const {env, lead, observe = () => UNOBSERVED, onTrouble} = options;
  const {caFile, probeInterval, timeout} = config.platform;
  const url = simulated?.url ?? config.platform.baseUrl ?? PLATFORM_URL;
  const {close, transport} = createTransport({
    baseUrl: url,
    proxies: proxiesOf(env),
    timeout,
    ...(lead && {whole: lead.requestLimit}),
    ...(caFile !== undefined && {caFile}),
    ...(onTrouble && {onTrouble}),
  });
  opening.defer(close);
  const rates = simulated ? new Rates(undefined, undefined) : openRates(config, options, opening);
  const scenario = simulated?.scenario;
  const shared = {baseUrl: url, probeInterval, rates, transport, scenario, secrets, observe, lead};
  const open = (item: WorkspaceConfig): ComposedWorkspace => {
    keyReader(item, shared.scenario, secrets)();
    return {config: item, platform: createPlatform(item, shared)};
  };
  const configure = (item: ComposedWorkspace, next: WorkspaceConfig): void =>
    item.platform.configure({...rates.settings(next), concurrency: next.concurrency});
  return {url, workspaces: config.workspaces.map(open), open, configure};
};

/**
 * Reaches the platform, each workspace behind its rate, or starts the built-in simulator where the
 * configuration asks for it. Diagnostics come back where the simulator's scenario is wrong. Whatever was opened is
 * closed again where the rest cannot be had.
 */
export const composePlatform = async (
  config: Config,
  secrets: Secrets,
  options: PlatformOptions,
): Promise<ComposedPlatform | {diagnostics: readonly Diagnostic[]}> => {
  const opening = new AsyncDisposableStack();
  try {
    const simulated = await startInside(config, options.joinSimulator ?? false);
    if (simulated && 'diagnostics' in simulated) return simulated;
    if (simulated) opening.defer(() => simulated.close());
    const composed = composeAt(config, simulated, secrets, options, opening);
    return {...composed, close: () => opening.disposeAsync()};
  } catch (error) {
    await opening.disposeAsync();
    throw error;
  }
};
