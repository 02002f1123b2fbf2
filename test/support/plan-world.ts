import {applyChecked, type Ended} from '../../src/controller/plan-applier.ts';
import {type ApplyRequest, checkPlan} from '../../src/controller/plan-check.ts';
import type {PlanWorkspace} from '../../src/controller/plan-workspace.ts';
import {type PlanRequest, planRevision} from '../../src/controller/planner.ts';
import type {DeclarationSet} from '../../src/domain/declarations.ts';
import {declare} from '../../src/domain/declare.ts';
import type {ProposedChange} from '../../src/domain/proposed-change.ts';
import {PlatformClient} from '../../src/platform/client.ts';
import {WorkspacePlatform} from '../../src/platform/platform.ts';
import {SimulatedApi} from '../../src/simulator/api.ts';
import {DEFAULT_RULES, type SimulatedCampaign} from '../../src/simulator/campaign.ts';
import {type Faults, NO_FAULTS} from '../../src/simulator/faults.ts';
import {parseFile} from '../../src/source/parse.ts';
import {takeOverTimers, timerClock} from './timer-clock.ts';

/** The moment at which every world of plans begins. */
export const START = Date.UTC(2026, 0, 5);
const KEY = 'key-of-the-plans';

export interface Request {
  readonly workspace: string;
  readonly method: string;
  readonly campaignId: string | undefined;
  readonly action: string | undefined;
}

/**
 * The real planner, applier, queue and client over the simulator's model, in virtual time: nothing but the clock and
 * the wire is replaced. Must be closed, since it takes over the timers of the process.
 */
export class PlanWorld {
  readonly api: SimulatedApi;
  readonly workspaces: readonly PlanWorkspace[];
  readonly requests: Request[] = [];
  readonly stopping = new AbortController();
  /** Called before each request is answered. */
  onRequest: (request: Request) => void = () => {};
  readonly #timers = takeOverTimers(START);
  readonly clock = timerClock;

  constructor(campaigns: Readonly<Record<string, readonly SimulatedCampaign[]>>) {
    const names = Object.keys(campaigns);
    this.api = new SimulatedApi(
      {
        rules: {...DEFAULT_RULES, concurrentCampaigns: {limit: 10_000, code: 422}},
        rate: undefined,
        faults: NO_FAULTS,
        workspaces: names.map(name => ({
          orgId: 'org',
          workspaceId: name,
          apiKey: KEY,
          campaigns: campaigns[name] ?? [],
        })),
      },
      () => 0.5,
    );
    this.workspaces = names.map(name => ({
      name,
      mode: 'enforce',
      concurrency: 4,
      pace: {slots: 50, window: 1000},
      platform: this.#platform(name),
    }));
  }

  declare(files: Readonly<Record<string, string>>): DeclarationSet {
    const parsed = Object.entries(files).map(([file, text]) =>
      parseFile(file, new TextEncoder().encode(text)),
    );
    return declare(parsed, new Set(this.workspaces.map(({name}) => name)));
  }

  faults(faults: Partial<Faults>): void {
    this.api.faults = {...NO_FAULTS, ...faults};
  }

  workspace(index = 0) {
    const found = this.api.workspaces[index];
    if (!found) throw new Error('the world has no such workspace');
    return found;
  }

  status(campaignId: string): string | undefined {
    return this.workspace().get(campaignId, Date.now())?.status;
  }

  actions(): string[] {
    return this.requests.flatMap(({action, campaignId}) => (action ? [`${action} ${campaignId}`] : []));
  }

  plan(request: Pick<PlanRequest, 'declarations' | 'base'> & Partial<PlanRequest>) {
    return this.#passing(
      planRevision({
        workspaces: this.workspaces,
        clock: this.clock,
        signal: this.stopping.signal,
        told: new Set(),
        changedAt: async () => new Map(),
        onProgress: () => {},
        onWait: () => {},
        ...request,
      }),
    );
  }

  #request(planned: readonly ProposedChange[], declarations: DeclarationSet): ApplyRequest {
    const {clock, stopping, workspaces} = this;
    return {
      planned,
      declarations,
      workspaces,
      clock,
      random: () => 0.5,
      signal: stopping.signal,
      onWait: () => {},
    };
  }

  check(planned: readonly ProposedChange[], declarations: DeclarationSet) {
    return this.#passing(checkPlan(this.#request(planned, declarations)));
  }

  /** Checks and applies; `between` happens after the check, before the first action. */
  async apply(
    planned: readonly ProposedChange[],
    declarations: DeclarationSet,
    between: () => void = () => {},
  ): Promise<readonly Ended[]> {
    const request = this.#request(planned, declarations);
    const checked = await this.#passing(checkPlan(request));
    between();
    return this.#passing(applyChecked(checked, request, () => {}));
  }

  /** Sets the time forward, as where much had to be sent before. */
  later(milliseconds: number): void {
    this.#timers.setSystemTime(Date.now() + milliseconds);
  }

  close(): void {
    this.#timers.uninstall();
  }

  /** Lets virtual time run until `work` is done, for as long as a command would wait at the most. */
  async #passing<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    for (let second = 0; second < 600 && !over; second++) await this.#timers.tickAsync(1_000);
    return ended;
  }

  #platform(name: string): WorkspacePlatform {
    const client = new PlatformClient({
      baseUrl: 'http://platform.test',
      orgId: 'org',
      workspaceId: name,
      apiKey: () => KEY,
      secrets: () => [KEY],
      clock: this.clock,
      observe: () => {},
      transport: async ({body = '', headers, method, url}) => {
        const {pathname, search} = new URL(url);
        const [, campaignId] = /\/campaigns\/([^/]+)/.exec(pathname) ?? [];
        const request = {
          workspace: name,
          method,
          campaignId,
          action: body ? JSON.parse(body).action : undefined,
        };
        this.onRequest(request);
        this.requests.push(request);
        const apiKey = headers['x-api-key'];
        const answer = this.api.handle({method, url: pathname + search, body, apiKey}, Date.now());
        if (answer === 'drop') throw Object.assign(new Error('reset'), {code: 'ECONNRESET'});
        return {status: answer.status, headers: answer.headers, text: answer.body};
      },
    });
    const observer = {waited: () => {}, depth: () => {}};
    const rate = {requests: 50, per: 1000};
    return new WorkspacePlatform(
      client,
      {rate, concurrency: 4},
      {clock: this.clock, random: () => 0.5, observer},
    );
  }
}
