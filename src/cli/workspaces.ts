import type {Config, LeaderElectionConfig, WorkspaceConfig} from '../config/schema.ts';
import type {Controller} from '../controller/controller.ts';
import type {ControllerSettings} from '../controller/controller-options.ts';
import type {Listener} from '../controller/events.ts';
import type {KnownPast} from '../controller/store/known-past.ts';
import {WorkspaceReconciler} from '../controller/workspace.ts';
import type {WorkspaceSettings} from '../controller/workspace-options.ts';
import type {Metrics} from '../observe/metrics.ts';
import {systemClock, systemRandom} from '../system.ts';
import {workspacesOf} from './leases.ts';
import type {ComposedPlatform, ComposedWorkspace} from './platform.ts';
import type {Share} from './rates.ts';

/** What the workspaces of a controller are made by. */
export interface WorkspaceOptions {
  readonly config: Config;
  readonly dryRun: boolean;
  readonly share: Share;
  /** What is known of a workspace from before this process began. */
  readonly past?: (workspace: string) => KnownPast;
}

/** How replicas share the workspaces out: a command takes no part in it. */
export const electionOf = ({config, share}: WorkspaceOptions): LeaderElectionConfig | undefined =>
  share === 'controller' ? config.leaderElection : undefined;

/** The names of the configured workspaces. */
export const namesOf = ({workspaces}: Config): string[] => workspaces.map(({name}) => name);

/** One workspace of the running controller: how it was reached, and what works on it. */
interface Running extends ComposedWorkspace {
  readonly reconciler: WorkspaceReconciler;
}

/** Two configurations of a workspace mean the same one where it is reached in the same way. */
const identityOf = ({apiKey, name, orgId, rateGroup, workspaceId}: WorkspaceConfig): string =>
  JSON.stringify([name, orgId, workspaceId, apiKey, rateGroup]);

/** The workspaces of a controller, which come, go and change with the configuration. */
export class Workspaces {
  readonly #options: WorkspaceOptions;
  readonly #platform: ComposedPlatform;
  readonly #listener: Listener;
  #running: readonly Running[] = [];
  #config: Config;
  /** The leases that are held; undefined where there are none, and every workspace is this process's. */
  #held: ReadonlySet<string> | undefined;

  constructor(options: WorkspaceOptions, platform: ComposedPlatform, listener: Listener) {
    this.#options = options;
    this.#platform = platform;
    this.#listener = listener;
    this.#config = options.config;
    this.#held = electionOf(options) && new Set();
    if (!this.#held) this.#running = platform.workspaces.map(item => this.#start(item));
  }

  get settings(): ControllerSettings {
    const {reconcile, source} = this.#config;
    const here = new Set(this.names);
    const elsewhere = new Set(namesOf(this.#config)).difference(here);
    return {
      workspaces: this.#running.map(({reconciler}) => reconciler),
      ...(this.#held && {elsewhere}),
      sourceInterval: source.git?.interval ?? reconcile.interval,
      pollInterval: reconcile.interval,
      resyncInterval: reconcile.resyncInterval,
    };
  }

  find(name: string): WorkspaceReconciler | undefined {
    return this.#running.find(({config}) => config.name === name)?.reconciler;
  }

  /** The names of the workspaces that are worked on here. */
  get names(): string[] {
    return this.#running.map(({config}) => config.name);
  }

  /** True where the first of all configured workspaces, by its name, is worked on here. */
  get hasFirst(): boolean {
    const [first] = namesOf(this.#config).toSorted();
    return first !== undefined && this.names.includes(first);
  }

  /** Goes by another configuration: a workspace that is reached as before keeps all that is known of it. */
  follow(config: Config): void {
    this.#config = config;
    this.#arrange();
  }

  /** Works on what these leases cover, and on nothing else: of what is taken over, nothing is known. */
  hold(leases: ReadonlySet<string>): void {
    this.#held = leases;
    this.#arrange();
  }

  #arrange(): void {
    const before = new Map(this.#running.map(running => [identityOf(running.config), running]));
    const mine = this.#held ? workspacesOf(this.#config, this.#held) : this.#config.workspaces;
    this.#running = mine.map(config => {
      const same = before.get(identityOf(config));
      if (!same) return this.#start(this.#platform.open(config));
      this.#platform.configure(same, config);
      same.reconciler.configure(this.#settingsOf(config));
      return {...same, config};
    });
  }

  #start({config, platform}: ComposedWorkspace): Running {
    const {name} = config;
    const past = this.#options.past?.(name);
    const ports = {
      platform,
      clock: systemClock,
      random: systemRandom,
      listener: this.#listener,
      ...(past && {past}),
    };
    return {config, platform, reconciler: new WorkspaceReconciler(name, this.#settingsOf(config), ports)};
  }

  #settingsOf({concurrency, limits, mode, resume}: WorkspaceConfig): WorkspaceSettings {
    const guardrails = {limits, resumeMaxAge: resume.maxAge};
    return {mode, concurrency, dryRun: this.#options.dryRun, guardrails};
  }
}

/** The controller, its workspaces and its metrics as one: what changes of them changes in one place, in turn. */
export class Arrangement {
  readonly #workspaces: Workspaces;
  readonly #controller: Controller;
  readonly #metrics: Metrics;
  #line: Promise<void> = Promise.resolve();

  constructor(workspaces: Workspaces, controller: Controller, metrics: Metrics) {
    this.#workspaces = workspaces;
    this.#controller = controller;
    this.#metrics = metrics;
  }

  change(change: (workspaces: Workspaces) => void): Promise<void> {
    const done = this.#line.then(async () => {
      const before = this.#workspaces.names;
      change(this.#workspaces);
      await this.#metrics.follow([...new Set([...before, ...this.#workspaces.names])]);
      await this.#controller.configure(this.#workspaces.settings);
      await this.#metrics.follow(this.#workspaces.names);
    });
    this.#line = done.catch(() => {});
    return done;
  }
}
