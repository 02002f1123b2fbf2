import {collectDefaultMetrics, Gauge, Registry} from 'prom-client';
import type {PassResult, Recorder, SourceReading} from '../controller/ports.ts';
import type {Finding} from '../domain/finding.ts';
import {OUTCOMES} from '../domain/outcome.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {type MetricsState, watchCampaigns, watchDrift} from './gauges.ts';
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

/** Every metric of Rollcall, in a registry of its own. Counters exist at 0 from the start. */
export class Metrics implements Recorder {
  readonly registry = new Registry();
  readonly #workspaces: readonly string[];
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
    this.#now = now;
    collectDefaultMetrics({register: this.registry});
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    new Gauge({
      name: 'rollcall_build_info',
      help: 'The version of Rollcall; always 1.',
      labelNames: ['version'],
      registers: [this.registry],
    }).set({version}, 1);
    this.#startAtZero(operations);
  }

  /** Adds the gauges that are read from the controller's state at each scrape. */
  watch(state: MetricsState): void {
    watchCampaigns(this.registry, this.#workspaces, state);
    watchDrift(this.registry, this.#workspaces, state);
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

  sourceRead(reading: SourceReading): void {
    this.#instruments.fetches.inc({result: FETCH_RESULTS[reading.kind]});
  }

  revisionAdopted(...[{committedAt, id}, {counts}]: Parameters<Recorder['revisionAdopted']>): void {
    this.#instruments.revision.reset();
    this.#instruments.revision.set({revision: id}, (committedAt ?? this.#now()) / 1000);
    for (const validity of ['valid', 'invalid'] as const)
      this.#instruments.declarations.set({validity}, counts[validity]);
  }

  workspaceTrouble(): void {}

  driftDetected({workspace}: Finding): void {
    this.#instruments.driftDetected.inc({workspace});
  }

  actionEnded(...[{action, declaration}, outcome]: Parameters<Recorder['actionEnded']>): void {
    this.#instruments.actions.inc({workspace: declaration.workspace, action, outcome: outcome.kind});
  }

  passEnded(_workspace: string, result: PassResult, seconds: number): void {
    this.#instruments.reconciles.inc({result});
    this.#instruments.reconcileSeconds.observe(seconds);
    if (result === 'success') this.#instruments.lastSuccess.set(this.#now() / 1000);
  }

  converged(workspace: string, seconds: number): void {
    this.#instruments.convergence.observe({workspace}, seconds);
  }

  #startAtZero(operations: readonly string[]): void {
    for (const result of PASS_RESULTS) this.#instruments.reconciles.inc({result}, 0);
    for (const result of Object.values(FETCH_RESULTS)) this.#instruments.fetches.inc({result}, 0);
    for (const validity of ['valid', 'invalid']) this.#instruments.declarations.set({validity}, 0);
    for (const workspace of this.#workspaces) {
      this.#instruments.driftDetected.inc({workspace}, 0);
      this.#instruments.depth.set({workspace}, 0);
      this.#instruments.convergence.zero({workspace});
      this.#instruments.wait.zero({workspace});
      for (const operation of operations) {
        this.#instruments.requests.inc({workspace, operation, code: '200'}, 0);
        this.#instruments.requestSeconds.zero({workspace, operation});
      }
      for (const action of ACTIONS) {
        for (const outcome of OUTCOMES) this.#instruments.actions.inc({workspace, action, outcome}, 0);
      }
    }
  }
}
