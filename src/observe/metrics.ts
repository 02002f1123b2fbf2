import {Counter, collectDefaultMetrics, Gauge, Histogram, Registry} from 'prom-client';
import type {PassResult, Recorder, SourceReading} from '../controller/ports.ts';
import {CAMPAIGN_STATES, type Finding, statusWord} from '../domain/finding.ts';
import {OUTCOMES} from '../domain/outcome.ts';
import {ACTIONS} from '../domain/transitions.ts';

/** How many drifted campaigns have a series of their own; the others are counted in `..._omitted`. */
const MOST_DRIFTED_SERIES = 200;

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

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** What the gauges are read from at each scrape. */
export interface MetricsState {
  findings(): readonly Finding[];
}

/** What a workspace's queue and its wire report. */
export interface PlatformMetrics {
  request(operation: string, code: string, seconds: number): void;
  waited(seconds: number): void;
  depth(requests: number): void;
}

const isDrifted = ({cause, state}: Finding): boolean =>
  cause === 'drifted' && (state === 'drifted' || state === 'failed' || state === 'held');

/** Every metric of Rollcall, in a registry of its own. Counters exist at 0 from the start. */
export class Metrics implements Recorder {
  readonly registry = new Registry();
  readonly #workspaces: readonly string[];
  readonly #registers = {registers: [this.registry]};

  readonly #driftDetected = new Counter({
    name: 'rollcall_drift_detected_total',
    help: 'Campaigns that were in place and were found changed from outside.',
    labelNames: ['workspace'],
    ...this.#registers,
  });
  readonly #actions = new Counter({
    name: 'rollcall_actions_total',
    help: 'Actions attempted, by how they ended.',
    labelNames: ['workspace', 'action', 'outcome'],
    ...this.#registers,
  });
  readonly #reconciles = new Counter({
    name: 'rollcall_reconcile_total',
    help: 'Passes, by result.',
    labelNames: ['result'],
    ...this.#registers,
  });
  readonly #reconcileSeconds = new Histogram({
    name: 'rollcall_reconcile_duration_seconds',
    help: 'Duration of one pass.',
    buckets: SECONDS,
    ...this.#registers,
  });
  readonly #convergence = new Histogram({
    name: 'rollcall_convergence_seconds',
    help: 'From a revision being seen to a campaign that it changed being satisfied or awaiting.',
    labelNames: ['workspace'],
    buckets: SECONDS,
    ...this.#registers,
  });
  readonly #lastSuccess = new Gauge({
    name: 'rollcall_last_success_timestamp_seconds',
    help: 'End of the last pass in which nothing failed.',
    ...this.#registers,
  });
  readonly #fetches = new Counter({
    name: 'rollcall_source_fetch_total',
    help: 'Reads of the source, by result.',
    labelNames: ['result'],
    ...this.#registers,
  });
  readonly #revision = new Gauge({
    name: 'rollcall_source_revision_timestamp_seconds',
    help: 'Commit time of the revision in force.',
    labelNames: ['revision'],
    ...this.#registers,
  });
  readonly #declarations = new Gauge({
    name: 'rollcall_declarations',
    help: 'Declarations in the revision in force, by validity.',
    labelNames: ['validity'],
    ...this.#registers,
  });
  readonly #requests = new Counter({
    name: 'rollcall_platform_requests_total',
    help: 'Requests to the platform, by HTTP status code (error: no answer).',
    labelNames: ['workspace', 'operation', 'code'],
    ...this.#registers,
  });
  readonly #requestSeconds = new Histogram({
    name: 'rollcall_platform_request_duration_seconds',
    help: 'Duration of requests to the platform.',
    labelNames: ['workspace', 'operation'],
    buckets: SECONDS,
    ...this.#registers,
  });
  readonly #depth = new Gauge({
    name: 'rollcall_queue_depth',
    help: 'Requests waiting for a slot.',
    labelNames: ['workspace'],
    ...this.#registers,
  });
  readonly #wait = new Histogram({
    name: 'rollcall_queue_wait_seconds',
    help: 'Time that requests waited for a slot.',
    labelNames: ['workspace'],
    buckets: SECONDS,
    ...this.#registers,
  });
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
      ...this.#registers,
    }).set({version}, 1);
    this.#startAtZero(operations);
  }

  /** Adds the gauges that are read from the controller's state at each scrape. */
  watch(state: MetricsState): void {
    this.#watchCampaigns(state);
    this.#watchDrift(state);
  }

  /** The part of the metrics that one workspace's platform feeds. */
  platform(workspace: string): PlatformMetrics {
    return {
      request: (operation, code, seconds) => {
        this.#requests.inc({workspace, operation, code});
        this.#requestSeconds.observe({workspace, operation}, seconds);
      },
      waited: seconds => this.#wait.observe({workspace}, seconds),
      depth: requests => this.#depth.set({workspace}, requests),
    };
  }

  sourceRead(reading: SourceReading): void {
    this.#fetches.inc({result: FETCH_RESULTS[reading.kind]});
  }

  revisionAdopted(...[{committedAt, id}, {counts}]: Parameters<Recorder['revisionAdopted']>): void {
    this.#revision.reset();
    this.#revision.set({revision: id}, (committedAt ?? this.#now()) / 1000);
    for (const validity of ['valid', 'invalid'] as const)
      this.#declarations.set({validity}, counts[validity]);
  }

  workspaceTrouble(): void {}

  driftDetected({workspace}: Finding): void {
    this.#driftDetected.inc({workspace});
  }

  actionEnded(...[{action, declaration}, outcome]: Parameters<Recorder['actionEnded']>): void {
    this.#actions.inc({workspace: declaration.workspace, action, outcome: outcome.kind});
  }

  passEnded(_workspace: string, result: PassResult, seconds: number): void {
    this.#reconciles.inc({result});
    this.#reconcileSeconds.observe(seconds);
    if (result === 'success') this.#lastSuccess.set(this.#now() / 1000);
  }

  converged(workspace: string, seconds: number): void {
    this.#convergence.observe({workspace}, seconds);
  }

  #startAtZero(operations: readonly string[]): void {
    for (const result of PASS_RESULTS) this.#reconciles.inc({result}, 0);
    for (const result of Object.values(FETCH_RESULTS)) this.#fetches.inc({result}, 0);
    for (const validity of ['valid', 'invalid']) this.#declarations.set({validity}, 0);
    for (const workspace of this.#workspaces) {
      this.#driftDetected.inc({workspace}, 0);
      this.#depth.set({workspace}, 0);
      this.#convergence.zero({workspace});
      this.#wait.zero({workspace});
      for (const operation of operations) {
        this.#requests.inc({workspace, operation, code: '200'}, 0);
        this.#requestSeconds.zero({workspace, operation});
      }
      for (const action of ACTIONS) {
        for (const outcome of OUTCOMES) this.#actions.inc({workspace, action, outcome}, 0);
      }
    }
  }

  #watchCampaigns(state: MetricsState): void {
    const workspaces = this.#workspaces;
    new Gauge({
      name: 'rollcall_campaigns',
      help: 'Campaigns now in each state.',
      labelNames: ['workspace', 'state'],
      ...this.#registers,
      collect() {
        this.reset();
        for (const workspace of workspaces) {
          for (const name of CAMPAIGN_STATES) this.set({workspace, state: name}, 0);
        }
        for (const finding of state.findings())
          this.inc({workspace: finding.workspace, state: finding.state});
      },
    });
  }

  #watchDrift(state: MetricsState): void {
    const workspaces = this.#workspaces;
    const omitted = new Gauge({
      name: 'rollcall_campaign_drifted_omitted',
      help: 'Drifted campaigns beyond those that have a series of their own.',
      labelNames: ['workspace'],
      ...this.#registers,
    });
    new Gauge({
      name: 'rollcall_campaign_drifted',
      help: 'Each campaign that is drifted now: 1; gone when it is not.',
      labelNames: ['workspace', 'campaign', 'name', 'desired', 'live'],
      ...this.#registers,
      collect() {
        this.reset();
        for (const workspace of workspaces) omitted.set({workspace}, 0);
        const drifted = state.findings().filter(isDrifted);
        for (const {campaignId, desired, live, name, workspace} of drifted.slice(0, MOST_DRIFTED_SERIES)) {
          const labels = {
            workspace,
            campaign: campaignId,
            name,
            desired: desired ?? '',
            live: live ? statusWord(live) : '',
          };
          this.set(labels, 1);
        }
        for (const {workspace} of drifted.slice(MOST_DRIFTED_SERIES)) omitted.inc({workspace});
      },
    });
  }
}
