import type {Logger} from 'pino';
import type {Config, WorkspaceConfig} from '../config/schema.ts';
import {Controller, type ControllerSettings} from '../controller/controller.ts';
import {type Listener, listenAll} from '../controller/events.ts';
import type {DeclarationSource} from '../controller/ports.ts';
import {WorkspaceReconciler} from '../controller/workspace.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {errorText} from '../domain/text.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {logListener} from '../observe/log.ts';
import {Metrics} from '../observe/metrics.ts';
import {OPERATIONS} from '../platform/client.ts';
import {DirectorySource} from '../source/directory.ts';
import {GitSource} from '../source/git/source.ts';
import {systemClock, systemRandom} from '../system.ts';
import {VERSION} from '../version.ts';
import {type ComposedPlatform, type ComposedWorkspace, composePlatform} from './platform.ts';
import type {Share} from './rates.ts';
import type {Secrets} from './secrets.ts';

/** A controller with everything that it needs, wired up but not started. */
export interface Composed {
  readonly controller: Controller;
  readonly metrics: Metrics;
  /** Where the platform is. */
  readonly platformUrl: string;
  viewOf(finding: Finding): CampaignView;
  /** Takes into force what a new configuration changes, of what can change while the controller runs. */
  reconfigure(config: Config): Promise<void>;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly dryRun: boolean;
  readonly listener?: Listener;
  /** Where the mirror is kept instead of the configured place: a command must not share a controller's. */
  readonly cacheDirectory?: string;
  /** Use a simulator that already runs on the configured port. */
  readonly joinSimulator?: boolean;
  readonly share: Share;
}

const namesOf = ({workspaces}: Config): string[] => workspaces.map(({name}) => name);

/** The source of declarations that a configuration names. */
export const createSource = ({
  cacheDirectory,
  config,
  secrets,
}: Pick<ComposeOptions, 'cacheDirectory' | 'config' | 'secrets'>): DeclarationSource => {
  const workspaces = new Set(namesOf(config));
  const {directory, git} = config.source;
  if (directory) return new DirectorySource({...directory, workspaces, now: systemClock.now});
  if (!git) throw new Error('the configuration has no source');
  const {auth, branch, caFile, path, timeout, url} = git;
  const password = auth && 'passwordFile' in auth ? auth.passwordFile : undefined;
  return new GitSource({
    url,
    path,
    timeout,
    cacheDirectory: cacheDirectory ?? git.cacheDirectory ?? '',
    workspaces,
    secrets: () => {
      if (password !== undefined) secrets.read({file: password});
      return secrets.known;
    },
    ...(branch !== undefined && {branch}),
    ...(caFile !== undefined && {caFile}),
    ...(auth && {auth: 'sshKeyFile' in auth ? {kind: 'ssh', ...auth} : {kind: 'password', ...auth}}),
  });
};

/** One workspace of the running controller: how it was reached, and what works on it. */
interface Running extends ComposedWorkspace {
  readonly reconciler: WorkspaceReconciler;
}

/** Two configurations of a workspace mean the same one where it is reached in the same way. */
const identityOf = ({apiKey, name, orgId, workspaceId}: WorkspaceConfig): string =>
  JSON.stringify([name, orgId, workspaceId, apiKey]);

/** The workspaces of a controller, which come, go and change with the configuration. */
class Workspaces {
  readonly #options: ComposeOptions;
  readonly #platform: ComposedPlatform;
  readonly #listener: Listener;
  #running: readonly Running[];

  constructor(options: ComposeOptions, platform: ComposedPlatform, listener: Listener) {
    this.#options = options;
    this.#platform = platform;
    this.#listener = listener;
    this.#running = platform.workspaces.map(item => this.#start(item));
  }

  settingsFor({reconcile, source}: Config): ControllerSettings {
    return {
      workspaces: this.#running.map(({reconciler}) => reconciler),
      sourceInterval: source.git?.interval ?? reconcile.interval,
      pollInterval: reconcile.interval,
      resyncInterval: reconcile.resyncInterval,
    };
  }

  find(name: string): WorkspaceReconciler | undefined {
    return this.#running.find(({config}) => config.name === name)?.reconciler;
  }

  /** Goes by another configuration: a workspace that is reached as before keeps all that is known of it. */
  follow({workspaces}: Config): void {
    const before = new Map(this.#running.map(running => [identityOf(running.config), running]));
    this.#running = workspaces.map(config => {
      const same = before.get(identityOf(config));
      if (!same) return this.#start(this.#platform.open(config));
      const {concurrency, mode} = config;
      this.#platform.configure(same, config);
      same.reconciler.configure({mode, concurrency, dryRun: this.#options.dryRun});
      return {...same, config};
    });
  }

  #start({config, platform}: ComposedWorkspace): Running {
    const {concurrency, mode, name} = config;
    const settings = {mode, concurrency, dryRun: this.#options.dryRun};
    const ports = {platform, clock: systemClock, random: systemRandom, listener: this.#listener};
    return {config, platform, reconciler: new WorkspaceReconciler(name, settings, ports)};
  }
}

/**
 * Wires the parts together as the configuration says, and starts the built-in simulator where it asks for
 * it. Diagnostics come back where the simulator's scenario is wrong.
 */
export const compose = async (
  options: ComposeOptions,
): Promise<Composed | {diagnostics: readonly Diagnostic[]}> => {
  const {config, env, joinSimulator = false, log, secrets, share} = options;
  const metrics = new Metrics(VERSION, namesOf(config), OPERATIONS, systemClock.now);
  const observe = (name: string) => metrics.platform(name);
  const onTrouble = (message: string): void => log.error(message);
  const platform = await composePlatform(config, secrets, {env, observe, onTrouble, joinSimulator, share});
  if ('diagnostics' in platform) return platform;
  const listener = listenAll(
    [event => metrics.hear(event), logListener(log), ...(options.listener ? [options.listener] : [])],
    error => log.error(`an unexpected error, a fault of Rollcall’s own, in a listener: ${errorText(error)}`),
  );
  const workspaces = new Workspaces(options, platform, listener);
  const controller = new Controller({
    clock: systemClock,
    random: systemRandom,
    listener,
    source: createSource(options),
    settings: workspaces.settingsFor(config),
  });
  metrics.watch(controller.campaigns);
  return {
    controller,
    metrics,
    platformUrl: platform.url,
    viewOf: finding =>
      campaignView(finding, workspaces.find(finding.workspace)?.store.find(finding.campaignId)?.lastOutcome),
    reconfigure: async next => {
      workspaces.follow(next);
      await controller.configure(workspaces.settingsFor(next));
      await metrics.follow(namesOf(next));
    },
    close: platform.close,
  };
};
