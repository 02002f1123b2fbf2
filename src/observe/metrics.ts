import {collectDefaultMetrics, Gauge, Registry} from 'prom-client';
import type {ControllerEvent, Work} from '../controller/events.ts';
import type {PassResult, SourceReading} from '../controller/ports.ts';
import {OUTCOMES} from '../domain/outcome.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {type Leases, type MetricsState, watchCampaigns, watchDrift, watchLeases} from './gauges.ts';
import {createInstruments} from './instruments.ts';

/** Default gauges of prom-client whose names end in `_total`, which Prometheus keeps for counters. */
const MISNAMED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

const PASS_RESULTS: readonly PassResult[] = ['success', 'failure', 'interrupted'];
const FETCH_RESULTS: Readonly<Record<SourceReading['kind'], string>> = {
  read: 'success',
  unchanged: 'unchanged',
  failed: 'failure',
};

/** What a workspace's queue and its wire report. */
export interface PlatformMetrics {
  request(operation: string, code: string, seconds: number): void;
  waited(seconds: number): void;
  depth(requests: number): void;
}

const WORKS: readonly Work[] = ['source', 'poll', 'resync', 'pass', 'assess', 'turn'];

/** Every metric of Rollcall, in a registry of its own. Counters exist at 0 from the start. */
export class Metrics {
  readonly registry = new Registry();
  readonly #operations: readonly string[];
  #workspaces: readonly string[];
  readonly #instruments = createInstruments(this.registry);
  readonly #now: () => number;

  /**
   * @param now epoch milliseconds
   * @param operations the calls of the platform, as labels
   */
  constructor(
    version: string,
    workspaces: readonly string[],
    operations: readonly string[],
    now: () => number,
  ) {
    this.#workspaces = workspaces;
    this.#operations = operations;
    this.#now = now;
    collectDefaultMetrics({register: this.registry});
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    new Gauge({
      name: 'rollcall_build_info',
      help: 'The version of Rollcall; always 1.',
      labelNames: ['version'],
      registers: [this.registry],
    }).set({version}, 1);
    this.#startAtZero();
    this.#startWorkspaces(workspaces);
  }

  /** Adds the gauges that are read from the controller's state at each scrape. */
  watch(state: MetricsState): void {
    watchCampaigns(this.registry, state);
    watchDrift(this.registry, state);
  }

  /** The part of the metrics that one workspace's platform feeds. */
  platform(workspace: string): PlatformMetrics {
    return {
      request: (operation, code, seconds) => {
        this.#instruments.requests.inc({workspace, operation, code});
        this.#instruments.requestSeconds.observe({workspace, operation}, seconds);
      },
      waited: seconds => this.#instruments.wait.observe({workspace}, seconds),
      depth: requests => this.#instruments.depth.set({workspace}, requests),
    };
  }

  /** Takes in what happens. */
  hear(event: ControllerEvent): void {
    const {clockJumps, convergence, driftDetected, fetches, terminal, unexpected} = this.#instruments;
    switch (event.kind) {
      case 'source-read':
        fetches.inc({result: FETCH_RESULTS[event.reading.kind]});
        return;
      case 'revision-adopted':
        this.#revisionAdopted(event);
        return;
      case 'drift-detected':
        driftDetected.inc({workspace: event.finding.workspace});
        return;
      case 'became-terminal':
        terminal.inc({workspace: event.finding.workspace});
        return;
      case 'action-ended': {
        const {action, declaration} = event.planned;
        this.#instruments.actions.inc({
          workspace: declaration.workspace,
          action,
          outcome: event.outcome.kind,
        });
        return;
      }
      case 'pass-ended':
        this.#passEnded(event.result, event.seconds);
        return;
      case 'converged':
        convergence.observe({workspace: event.workspace}, event.seconds);
        return;
      case 'unexpected-error':
        unexpected.inc({work: event.work});
        return;
      case 'clock-jumped':
        clockJumps.inc();
        return;
      case 'source-trouble':
      case 'workspace-trouble':
      case 'unusable-changed':
        return;
    }
  }

  /** Shows at each scrape which leases this process holds. */
  watchLeases(leases: Leases): void {
    watchLeases(this.registry, leases);
  }

  /** Tells which configuration is in force, by a digest of its file, and since when. */
  configured(digest: string): void {
    this.#instruments.configInfo.reset();
    this.#instruments.configInfo.set({digest}, 1);
    this.#instruments.configSuccess.set(1);
    this.#instruments.configLoaded.set(this.#now() / 1000);
  }

  /** Tells that the configuration's file is not what is in force. */
  configRefused(): void {
    this.#instruments.configSuccess.set(0);
  }

  /** Takes other workspaces in: the series of those that are gone end, those of new ones begin at 0. */
  async follow(workspaces: readonly string[]): Promise<void> {
    const before = this.#workspaces;
    this.#workspaces = workspaces;
    for (const name of before) if (!workspaces.includes(name)) await this.#forget(name);
    this.#startWorkspaces(workspaces.filter(name => !before.includes(name)));
  }

  async #forget(workspace: string): Promise<void> {
    for (const instrument of Object.values(this.#instruments)) {
      const {values} = await instrument.get();
      for (const {labels} of values) {
        const {le: _le, ...own} = labels as Record<string, string>;
        if (own['workspace'] === workspace) instrument.remove(own);
      }
    }
  }

  #revisionAdopted({
    declarations: {counts},
    revision,
  }: Extract<ControllerEvent, {kind: 'revision-adopted'}>): void {
    const {committedAt, id} = revision;
    this.#instruments.revision.reset();
    this.#instruments.revision.set({revision: id}, (committedAt ?? this.#now()) / 1000);
    for (const validity of ['valid', 'invalid'] as const)
      this.#instruments.declarations.set({validity}, counts[validity]);
  }

  #passEnded(result: PassResult, seconds: number): void {
    this.#instruments.reconciles.inc({result});
    this.#instruments.reconcileSeconds.observe(seconds);
    if (result === 'success') this.#instruments.lastSuccess.set(this.#now() / 1000);
  }

  #startAtZero(): void {
    for (const result of PASS_RESULTS) this.#instruments.reconciles.inc({result}, 0);
    for (const result of Object.values(FETCH_RESULTS)) this.#instruments.fetches.inc({result}, 0);
    for (const validity of ['valid', 'invalid']) this.#instruments.declarations.set({validity}, 0);
    for (const work of WORKS) this.#instruments.unexpected.inc({work}, 0);
  }

  #startWorkspaces(workspaces: readonly string[]): void {
    for (const workspace of workspaces) {
      this.#instruments.driftDetected.inc({workspace}, 0);
      this.#instruments.terminal.inc({workspace}, 0);
      this.#instruments.depth.set({workspace}, 0);
      this.#instruments.convergence.zero({workspace});
      this.#instruments.wait.zero({workspace});
      for (const operation of this.#operations) {
        this.#instruments.requests.inc({workspace, operation, code: '200'}, 0);
        this.#instruments.requestSeconds.zero({workspace, operation});
      }
      for (const action of ACTIONS) {
        for (const outcome of OUTCOMES) this.#instruments.actions.inc({workspace, action, outcome}, 0);
      }
    }
  }
}
