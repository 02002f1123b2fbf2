import type {Logger} from 'pino';
import type {Config} from '../config/schema.ts';
import {Controller} from '../controller/controller.ts';
import type {DeclarationSource, Recorder} from '../controller/ports.ts';
import {WorkspaceReconciler} from '../controller/workspace.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {logRecorder, recordAll} from '../observe/log.ts';
import {Metrics} from '../observe/metrics.ts';
import {OPERATIONS} from '../platform/client.ts';
import {DirectorySource} from '../source/directory.ts';
import {GitSource} from '../source/git/source.ts';
import {systemClock, systemRandom} from '../system.ts';
import {VERSION} from '../version.ts';
import {composePlatform} from './platform.ts';
import type {Secrets} from './secrets.ts';

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
  /** Use a simulator that already runs on the configured port. */
  readonly joinSimulator?: boolean;
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

/**
 * Wires the parts together as the configuration says, and starts the built-in simulator where it asks for
 * it. Diagnostics come back where the simulator's scenario is wrong.
 */
export const compose = async (
  options: ComposeOptions,
): Promise<Composed | {diagnostics: readonly Diagnostic[]}> => {
  const {config, dryRun, log, secrets} = options;
  const metrics = new Metrics(
    VERSION,
    config.workspaces.map(({name}) => name),
    OPERATIONS,
    systemClock.now,
  );
  const composed = await composePlatform(config, secrets, {
    observe: name => metrics.platform(name),
    joinSimulator: options.joinSimulator ?? false,
  });
  if ('diagnostics' in composed) return composed;
  const recorder = recordAll([metrics, logRecorder(log), ...(options.recorder ? [options.recorder] : [])]);
  const ports = {clock: systemClock, random: systemRandom, recorder};
  const workspaces = composed.workspaces.map(
    ({config: {concurrency, mode, name}, platform}) =>
      new WorkspaceReconciler({name, mode, concurrency, dryRun}, {...ports, platform}),
  );
  const controller = new Controller({
    ...ports,
    source: createSource(options),
    workspaces,
    sourceInterval: config.source.git?.interval ?? config.reconcile.interval,
    pollInterval: config.reconcile.interval,
  });
  metrics.watch(controller);
  const byName = new Map(workspaces.map(workspace => [workspace.name, workspace]));
  return {
    controller,
    metrics,
    platformUrl: composed.url,
    viewOf: finding => campaignView(finding, byName.get(finding.workspace)?.lastOutcome(finding.campaignId)),
    close: composed.close,
  };
};
