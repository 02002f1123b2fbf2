import {existsSync, readFileSync} from 'node:fs';
import type {Logger} from 'pino';
import type {Config, WorkspaceConfig} from '../config/schema.ts';
import {Controller} from '../controller/controller.ts';
import type {DeclarationSource, Recorder} from '../controller/ports.ts';
import {WorkspaceReconciler} from '../controller/workspace.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {logRecorder, recordAll} from '../observe/log.ts';
import {Metrics} from '../observe/metrics.ts';
import {OPERATIONS, PlatformClient} from '../platform/client.ts';
import {POLLS_AT_ONCE, WorkspacePlatform} from '../platform/platform.ts';
import {createTransport, type Transport} from '../platform/transport.ts';
import {SimulatedApi} from '../simulator/api.ts';
import {parseScenario, type Scenario} from '../simulator/scenario.ts';
import {type RunningSimulator, simulatedClock, startSimulator} from '../simulator/server.ts';
import {DirectorySource} from '../source/directory.ts';
import {GitSource} from '../source/git/source.ts';
import {systemClock, systemRandom} from '../system.ts';
import {VERSION} from '../version.ts';
import type {Secrets} from './secrets.ts';

const PLATFORM_URL = 'https://apps.sarvam.ai/api/scheduling';

/** A controller with everything that it needs, wired up but not started. */
export interface Composed {
  readonly controller: Controller;
  readonly metrics: Metrics;
  /** Where the platform is. */
  readonly platformUrl: string;
  viewOf(finding: Finding): CampaignView;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly dryRun: boolean;
  readonly recorder?: Recorder;
  /** Where the mirror is kept instead of the configured place: a command must not share a controller's. */
  readonly cacheDirectory?: string;
}

const createSource = ({cacheDirectory, config: {source, workspaces}}: ComposeOptions): DeclarationSource => {
  const names = new Set(workspaces.map(({name}) => name));
  const {directory, git} = source;
  if (directory) return new DirectorySource(directory.path, names);
  if (!git) throw new Error('the configuration has no source');
  const {auth, branch, caFile, path, timeout, url} = git;
  return new GitSource({
    url,
    path,
    timeout,
    cacheDirectory: cacheDirectory ?? git.cacheDirectory ?? '',
    workspaces: names,
    ...(branch !== undefined && {branch}),
    ...(caFile !== undefined && {caFile}),
    ...(auth && {auth: 'sshKeyFile' in auth ? {kind: 'ssh', ...auth} : {kind: 'password', ...auth}}),
  });
};

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

const createWorkspace = (
  workspace: WorkspaceConfig,
  shared: {
    options: ComposeOptions;
    baseUrl: string;
    transport: Transport;
    scenario: Scenario | undefined;
    metrics: Metrics;
    recorder: Recorder;
  },
): WorkspaceReconciler => {
  const {baseUrl, metrics, options, recorder, scenario, transport} = shared;
  const {concurrency, mode, name, orgId, rate, workspaceId} = workspace;
  const observer = metrics.platform(name);
  const apiKey = keyReader(workspace, scenario, options.secrets);
  const observe = observer.request;
  const client = new PlatformClient({
    baseUrl,
    orgId,
    workspaceId,
    apiKey,
    transport,
    clock: systemClock,
    observe,
  });
  const ports = {clock: systemClock, random: systemRandom};
  const platform = new WorkspacePlatform(client, {rate, concurrency}, {...ports, observer});
  return new WorkspaceReconciler(
    {name, mode, concurrency, dryRun: options.dryRun},
    {...ports, platform, recorder},
  );
};

/**
 * Wires the parts together as the configuration says, and starts the built-in simulator where it asks for
 * it. Diagnostics come back where the simulator's scenario is wrong.
 */
export const compose = async (
  options: ComposeOptions,
): Promise<Composed | {diagnostics: readonly Diagnostic[]}> => {
  const {config, log} = options;
  const started = await startInside(config);
  if ('diagnostics' in started) return started;
  const {scenario, simulator} = started;
  const metrics = new Metrics(
    VERSION,
    config.workspaces.map(({name}) => name),
    OPERATIONS,
    systemClock.now,
  );
  const recorder = recordAll([metrics, logRecorder(log), ...(options.recorder ? [options.recorder] : [])]);
  const {caFile, timeout} = config.platform;
  const connections = config.workspaces.reduce((sum, {concurrency}) => sum + concurrency + POLLS_AT_ONCE, 0);
  const {close, transport} = createTransport({timeout, connections, ...(caFile !== undefined && {caFile})});
  const baseUrl = simulator?.baseUrl ?? config.platform.baseUrl ?? PLATFORM_URL;
  const shared = {options, baseUrl, transport, scenario, metrics, recorder};
  const workspaces = config.workspaces.map(workspace => createWorkspace(workspace, shared));
  const controller = new Controller({
    source: createSource(options),
    workspaces,
    recorder,
    clock: systemClock,
    random: systemRandom,
    sourceInterval: config.source.git?.interval ?? config.reconcile.interval,
    pollInterval: config.reconcile.interval,
  });
  metrics.watch(controller);
  const byName = new Map(workspaces.map(workspace => [workspace.name, workspace]));
  return {
    controller,
    metrics,
    platformUrl: baseUrl,
    viewOf: finding => campaignView(finding, byName.get(finding.workspace)?.lastOutcome(finding.campaignId)),
    close: async () => {
      await close();
      await simulator?.close();
    },
  };
};
