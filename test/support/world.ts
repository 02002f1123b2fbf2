import {Controller} from '../../src/controller/controller.ts';
import type {ControllerEvent, Listener} from '../../src/controller/events.ts';
import type {Clock, DeclarationSource, SourceReading} from '../../src/controller/ports.ts';
import type {KnownPast} from '../../src/controller/store/known-past.ts';
import type {Guardrails} from '../../src/controller/store/stops.ts';
import {WorkspaceReconciler} from '../../src/controller/workspace.ts';
import type {Finding} from '../../src/domain/finding.ts';
import type {Outcome} from '../../src/domain/outcome.ts';
import type {PlannedAction} from '../../src/domain/plan.ts';
import {Register} from '../../src/domain/register.ts';
import type {Metrics, PlatformMetrics} from '../../src/observe/metrics.ts';
import {PlatformClient} from '../../src/platform/client.ts';
import {WorkspacePlatform} from '../../src/platform/platform.ts';
import type {Rate} from '../../src/platform/queue.ts';
import type {Transport} from '../../src/platform/transport.ts';
import {SimulatedApi} from '../../src/simulator/api.ts';
import {DEFAULT_RULES, type SimulatedCampaign} from '../../src/simulator/campaign.ts';
import {type Faults, NO_FAULTS} from '../../src/simulator/faults.ts';
import {holidays} from '../../src/source/holidays.ts';
import {parseFile} from '../../src/source/parse.ts';
import {simulatedAt} from './campaigns.ts';
import {takeOverTimers, timerClock} from './timer-clock.ts';

/** The simulated day on which every virtual world begins. */
export const START = Date.UTC(2026, 0, 5);
const UNMETERED: PlatformMetrics = {request: () => {}, waited: () => {}, depth: () => {}};
const BASE_URL = 'http://platform.test';
const KEY = 'key-of-the-world';

export const simulated = (
  campaignId: string,
  status: string,
  changes?: Partial<SimulatedCampaign>,
): SimulatedCampaign => simulatedAt(START, campaignId, status, changes);

const withoutOrder = (search: string): string =>
  search.replace(/sort_by=\w+&sort_order=\w+/, 'sort_by=created_at&sort_order=asc');

/** A source that is handed its commits. */
class ScriptedSource implements DeclarationSource {
  #onChange: () => void = () => {};
  #next: SourceReading = {kind: 'unchanged'};
  readonly #workspaces: ReadonlySet<string>;
  #register: Register;
  #files: Readonly<Record<string, string>> = {};
  #committedAt: number | undefined;
  #revision = 0;

  constructor(workspaces: ReadonlySet<string>) {
    this.#workspaces = workspaces;
    this.#register = new Register(workspaces, holidays);
  }

  /** Somebody else reads it from now on, to whom everything is new. */
  reopen(): void {
    const files = this.#files;
    this.#onChange = () => {};
    this.#files = {};
    this.#register = new Register(this.#workspaces, holidays);
    this.#revision -= 1;
    this.commit(files, this.#committedAt);
  }

  /**
   * @param committedAt undefined as of a folder, which has no commits
   * @param unseen why nobody notices before the source is read again
   */
  commit(files: Readonly<Record<string, string>>, committedAt: number | undefined, unseen?: string): void {
    const before = this.#files;
    const parsed = Object.entries(files)
      .filter(([file, text]) => before[file] !== text)
      .map(([file, text]) => [file, parseFile(file, new TextEncoder().encode(text))] as const);
    const gone = Object.keys(before).filter(file => !(file in files));
    const changes = this.#register.change(
      new Map([...gone.map(file => [file, undefined] as const), ...parsed]),
    );
    this.#files = files;
    this.#committedAt = committedAt;
    this.#revision += 1;
    this.#next = {
      kind: 'read',
      revision: {id: `r${this.#revision}`, ...(committedAt !== undefined && {committedAt})},
      declarations: this.#register,
      changes,
    };
    if (unseen === undefined) this.#onChange();
  }

  fail(message: string, stalls = false): void {
    this.#next = {kind: 'failed', trouble: {reason: 'SourceFailed', message, stalls}};
    this.#onChange();
  }

  know(): void {}

  async text(): Promise<undefined> {}

  async read(): Promise<SourceReading> {
    const reading = this.#next;
    if (reading.kind === 'read') this.#next = {kind: 'unchanged'};
    return reading;
  }

  async watch(onChange: () => void): Promise<() => Promise<void>> {
    this.#onChange = onChange;
    return async () => {};
  }
}

/** What a test sees of one request. */
export interface Sent {
  readonly at: number;
  readonly workspace: string;
  readonly method: string;
  readonly campaignId: string | undefined;
  readonly action: string | undefined;
  readonly url: string;
}

/** What came of it: an answer, or a broken connection. */
export type Answered = {readonly status: number; readonly text: string} | 'broken';

type Handle = SimulatedApi['handle'];
type Request = Parameters<Handle>[0];

/** An answer without a word of its own. */
export const bare = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: {'content-type': 'application/json', ...headers},
  body: '{}',
});

export interface WorldOptions {
  readonly workspaces: Readonly<Record<string, readonly SimulatedCampaign[]>>;
  readonly rate?: Rate;
  readonly concurrency?: number;
  readonly mode?: 'enforce' | 'detect';
  readonly pollInterval?: number;
  readonly resyncInterval?: number;
  readonly concurrentCampaigns?: number;
  /** The day on which it begins; `START` where it is not given. Epoch milliseconds. */
  readonly start?: number;
  readonly guardrails?: Guardrails;
  readonly past?: KnownPast;
  readonly random?: () => number;
  /** False for a platform on which what happens by itself leaves the time of the last change as it was. */
  readonly automaticTransitionsTouch?: boolean;
  /** A platform that lists by the time of creation, whatever order it is asked for. */
  readonly ignoresOrder?: boolean;
  /** Milliseconds that an answer takes. */
  readonly latency?: () => number;
  /** Counts what happens, as a controller does. */
  readonly metrics?: Metrics;
  readonly onSent?: (sent: Sent) => void;
  readonly onAnswered?: (sent: Sent, answered: Answered) => void;
}

/**
 * The real controller, queue and client, over the simulator's model, in virtual time: nothing but the clock
 * and the wire is replaced. Must be closed, since it takes over the timers of the process.
 */
export class World {
  readonly api: SimulatedApi;
  controller: Controller;
  workspaces: readonly WorkspaceReconciler[];
  readonly source: ScriptedSource;
  readonly sent: Sent[] = [];
  readonly outcomes: {planned: PlannedAction; outcome: Outcome; at: number}[] = [];
  readonly drifts: Finding[] = [];
  readonly events: ControllerEvent[] = [];
  /** Whoever else hears what happens. */
  readonly listeners: Listener[] = [];
  /** By how much somebody has set the time of day forward, in milliseconds. */
  setClockBy = 0;
  /** For how long the process has stood still in all, in milliseconds: its timers are late by that. */
  stoodStillFor = 0;
  passes = 0;
  readonly #timers: ReturnType<typeof takeOverTimers>;
  readonly #options: WorldOptions;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#timers = takeOverTimers(options.start ?? START);
    const random = options.random ?? (() => 0.5);
    const names = Object.keys(options.workspaces);
    this.api = new SimulatedApi(
      {
        rules: {
          ...DEFAULT_RULES,
          ...(options.automaticTransitionsTouch === false && {automaticTransitionsTouch: false}),
          concurrentCampaigns: {limit: options.concurrentCampaigns ?? 1000, code: 422},
        },
        rate: undefined,
        faults: NO_FAULTS,
        workspaces: names.map(name => ({
          orgId: 'org',
          workspaceId: name,
          apiKey: KEY,
          campaigns: options.workspaces[name] ?? [],
        })),
      },
      random,
    );
    this.source = new ScriptedSource(new Set(names));
    const {past} = options;
    [this.workspaces, this.controller] = this.#open(past && (() => past));
  }

  /** A process that works on the platform; it knows of one before it what a history knows. */
  #open(
    pastOf: ((workspace: string) => KnownPast) | undefined,
  ): [readonly WorkspaceReconciler[], Controller] {
    const options = this.#options;
    const random = options.random ?? (() => 0.5);
    const clock: Clock = {
      ...timerClock,
      now: () => Date.now() + this.setClockBy + this.stoodStillFor,
      ticks: () => timerClock.ticks() + this.stoodStillFor,
    };
    const listener = (event: ControllerEvent): void => this.#hear(event);
    const {
      concurrency = 4,
      mode = 'enforce',
      pollInterval = 30_000,
      resyncInterval = 600_000,
      rate = {requests: 5, per: 1000},
    } = options;
    const workspaces = Object.keys(options.workspaces).map(name => {
      const metered = options.metrics?.platform(name) ?? UNMETERED;
      const wire = new PlatformClient({
        baseUrl: BASE_URL,
        orgId: 'org',
        workspaceId: name,
        apiKey: () => KEY,
        secrets: () => [KEY],
        transport: this.#transport(name),
        clock,
        observe: metered.request,
      });
      const platform = new WorkspacePlatform(wire, {rate, concurrency}, {clock, random, observer: metered});
      const {guardrails} = options;
      const settings = {mode, concurrency, dryRun: false, ...(guardrails && {guardrails})};
      const ports = {platform, clock, random, listener, ...(pastOf && {past: pastOf(name)})};
      return new WorkspaceReconciler(name, settings, ports);
    });
    const settings = {
      pollInterval,
      resyncInterval,
      sourceInterval: pollInterval,
      workspaces,
    };
    const controller = new Controller({source: this.source, clock, random, listener, settings});
    options.metrics?.watch(controller);
    return [workspaces, controller];
  }

  /** Ends the process, and starts another after a moment. */
  async restart(pastOf: (workspace: string) => KnownPast): Promise<void> {
    await this.stop();
    this.source.reopen();
    [this.workspaces, this.controller] = this.#open(pastOf);
    await this.controller.start();
  }

  get now(): number {
    return Date.now();
  }

  /** Has some requests answered otherwise than the simulator does; undefined for one that it answers itself. */
  answer(otherwise: (request: Request, handle: Handle, now: number) => ReturnType<Handle> | undefined): void {
    const handle = this.api.handle.bind(this.api);
    this.api.handle = (request, now) => otherwise(request, handle, now) ?? handle(request, now);
  }

  faults(faults: Partial<Faults>): void {
    this.api.faults = {...NO_FAULTS, ...faults};
  }

  commit(files: Readonly<Record<string, string>>): void {
    this.source.commit(files, Date.now());
  }

  /** Lets virtual time pass, with everything that happens in it. */
  async pass(milliseconds: number): Promise<void> {
    await this.#timers.tickAsync(milliseconds);
  }

  async start(files: Readonly<Record<string, string>>): Promise<void> {
    this.commit(files);
    await this.controller.start();
    await this.pass(5_000);
  }

  /** The workspace of the simulator, for what a person in the dashboard would do. */
  dashboard(workspace: string) {
    const index = Object.keys(this.#options.workspaces).indexOf(workspace);
    const found = this.api.workspaces[index];
    if (!found) throw new Error(`the world has no workspace ${workspace}`);
    return found;
  }

  statuses(workspace: string): Record<string, string> {
    return Object.fromEntries(
      this.dashboard(workspace)
        .all(Date.now())
        .map(({campaignId, status}) => [campaignId, status]),
    );
  }

  finding(campaignId: string): Finding | undefined {
    return [...this.controller.campaigns.findings()].find(finding => finding.campaignId === campaignId);
  }

  actions(): string[] {
    return this.sent.flatMap(({action, campaignId}) => (action ? [`${action} ${campaignId}`] : []));
  }

  /** Ends the process after what is in flight. */
  async stop(): Promise<void> {
    const stopped = this.controller.stop();
    await this.#timers.tickAsync(60_000);
    await stopped;
  }

  async close(): Promise<void> {
    await this.stop();
    this.#timers.uninstall();
  }

  #hear(event: ControllerEvent): void {
    this.events.push(event);
    for (const listener of this.listeners) listener(event);
    this.#options.metrics?.hear(event);
    if (event.kind === 'drift-detected') this.drifts.push(event.finding);
    if (event.kind === 'pass-ended') this.passes += 1;
    if (event.kind === 'action-ended')
      this.outcomes.push({planned: event.planned, outcome: event.outcome, at: Date.now()});
  }

  #transport(workspace: string): Transport {
    return async ({body = '', headers, method, url}) => {
      const {pathname, search} = new URL(url);
      const [, campaignId] = /\/campaigns\/([^/]+)/.exec(pathname) ?? [];
      const action: string | undefined = body ? JSON.parse(body).action : undefined;
      const sent = {at: Date.now(), workspace, method, campaignId, action, url};
      this.sent.push(sent);
      this.#options.onSent?.(sent);
      const latency = this.#options.latency?.() ?? 0;
      if (latency > 0) await new Promise(resolve => setTimeout(resolve, latency / 2));
      const answer = this.api.handle(
        {
          method,
          url: pathname + (this.#options.ignoresOrder ? withoutOrder(search) : search),
          body,
          apiKey: headers['x-api-key'],
        },
        Date.now(),
      );
      if (latency > 0) await new Promise(resolve => setTimeout(resolve, latency / 2));
      this.#options.onAnswered?.(
        sent,
        answer === 'drop' ? 'broken' : {status: answer.status, text: answer.body},
      );
      if (answer === 'drop') throw Object.assign(new Error('connection reset'), {code: 'ECONNRESET'});
      return {status: answer.status, headers: answer.headers, text: answer.body};
    };
  }
}
