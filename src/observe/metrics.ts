import {collectDefaultMetrics, Gauge, Registry} from 'prom-client';
import type {ControllerEvent, Work} from '../controller/events.ts';
import type {PassResult} from '../controller/ports.ts';
import {OUTCOMES} from '../domain/outcome.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {count, FETCH_RESULTS, workspaceOf} from './counting.ts';
import {watchWorkspaces} from './gauges/campaigns.ts';
import {watchOffenders} from './gauges/offenders.ts';
import {type Leases, type ProcessState, watchLeases, watchProcess} from './gauges/process.ts';
import {type Receiver, watchReceivers} from './gauges/receivers.ts';
import {createInstruments} from './instruments.ts';

/** Default gauges of prom-client whose names end in `_total`, which Prometheus keeps for counters. */
const MISNAMED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

const PASS_RESULTS: readonly PassResult[] = ['success', 'failure', 'interrupted'];

const WEBHOOK_RESULTS = ['accepted', 'ignored', 'refused'] as const;
const DELIVERY_RESULTS = ['delivered', 'failed', 'abandoned'] as const;
type DeliveryResult = (typeof DELIVERY_RESULTS)[number];

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
  watch(state: ProcessState, unled: () => readonly string[] = () => []): void {
    watchProcess(this.registry, state, unled);
    watchWorkspaces(this.registry, state.campaigns);
    watchOffenders(this.registry, state.campaigns, this.#now);
  }

  /** The part of the metrics that one workspace's platform feeds. */
  platform(workspace: string): PlatformMetrics {
    return {
      request: (operation, code, seconds) => {
        if (!this.#isKnown(workspace)) return;
        this.#instruments.requests.inc({workspace, operation, code});
        this.#instruments.requestSeconds.observe({workspace, operation}, seconds);
      },
      waited: seconds => {
        if (this.#isKnown(workspace)) this.#instruments.wait.observe({workspace}, seconds);
      },
      depth: requests => {
        if (this.#isKnown(workspace)) this.#instruments.depth.set({workspace}, requests);
      },
    };
  }

  /** The part of the metrics that the history feeds. */
  get history(): {written: (records: number) => void; lost: (records: number) => void} {
    const {lost, recorded} = this.#instruments;
    return {written: records => recorded.inc(records), lost: records => lost.inc(records)};
  }

  /** Counts a push that was told by webhook. */
  delivered(result: (typeof WEBHOOK_RESULTS)[number]): void {
    this.#instruments.deliveries.inc({result});
  }

  /** Counts how a delivery ended. */
  notified(receiver: string, result: DeliveryResult): void {
    this.#instruments.notifications.inc({receiver, result});
  }

  /** Shows at each scrape what waits for each receiver of messages. */
  watchReceivers(receivers: readonly Receiver[]): void {
    for (const {name} of receivers)
      for (const result of DELIVERY_RESULTS) this.#instruments.notifications.inc({receiver: name, result}, 0);
    watchReceivers(this.registry, receivers);
  }

  /** Takes in what happens. What is told late of a workspace that is not this process's any more counts for nobody. */
  hear(event: ControllerEvent): void {
    const workspace = workspaceOf(event);
    if (workspace === undefined || this.#isKnown(workspace)) count(this.#instruments, event, this.#now);
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

  #isKnown(workspace: string): boolean {
    return this.#workspaces.includes(workspace);
  }

  #startAtZero(): void {
    this.#instruments.sourceSuccess.set(0);
    for (const result of WEBHOOK_RESULTS) this.#instruments.deliveries.inc({result}, 0);
    for (const result of Object.values(FETCH_RESULTS)) this.#instruments.fetches.inc({result}, 0);
    for (const validity of ['valid', 'invalid']) this.#instruments.declarations.set({validity}, 0);
    for (const work of WORKS) this.#instruments.unexpected.inc({work}, 0);
  }

  #startWorkspaces(workspaces: readonly string[]): void {
    for (const workspace of workspaces) {
      this.#instruments.driftDetected.inc({workspace}, 0);
      this.#instruments.terminal.inc({workspace}, 0);
      this.#instruments.contested.inc({workspace}, 0);
      this.#instruments.lastSuccess.set({workspace}, 0);
      this.#instruments.reconcileSeconds.zero({workspace});
      for (const result of PASS_RESULTS) this.#instruments.reconciles.inc({workspace, result}, 0);
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
