import {type Answer, json, MISSING_KEY, refused, throttled} from './answers.ts';
import {CampaignApi} from './campaign-api.ts';
import {type FaultKind, type Faults, strike} from './faults.ts';
import {SimulatedWorkspace} from './model.ts';
import type {Scenario, ScenarioWorkspace} from './scenario.ts';
import {statusSchema} from './wire.ts';

export interface ApiRequest {
  readonly method: string;
  /** With the query; not decoded. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly body: string;
}

/** An answer, or `drop`: the connection breaks instead. */
export type ApiAnswer = Answer | 'drop';

/** One request as the simulator saw it, for whoever checks what was sent and how fast. */
export interface JournalEntry {
  readonly at: number;
  readonly workspaceId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | 'dropped';
  readonly action?: string;
}

interface Tenant {
  readonly settings: ScenarioWorkspace;
  readonly workspace: SimulatedWorkspace;
  readonly requestsAt: number[];
}

const ROUTE = /^\/v1\/orgs\/([^/]+)\/workspaces\/([^/]+)\/campaigns(?:\/([^/]+)(\/status)?)?$/;
const LONGEST_JOURNAL = 100_000;

/** A part of a path; undefined where its percent signs make no text. */
const decode = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
};

/** The platform's HTTP API over simulated workspaces: requests in, answers out, with no socket and no clock. */
export class SimulatedApi {
  faults: Faults;
  readonly journal: JournalEntry[] = [];
  readonly #tenants: readonly Tenant[];
  readonly #scenario: Scenario;
  readonly #random: () => number;
  readonly #campaigns = new CampaignApi();

  constructor(scenario: Scenario, random: () => number) {
    this.#scenario = scenario;
    this.#random = random;
    this.faults = scenario.faults;
    this.#tenants = scenario.workspaces.map(settings => ({
      settings,
      workspace: new SimulatedWorkspace(settings.campaigns, scenario.rules, now =>
        this.#slotsTaken(settings.orgId, now),
      ),
      requestsAt: [],
    }));
  }

  /** The limit of concurrent campaigns counts an organisation, whatever the workspace. */
  #slotsTaken(orgId: string, now: number): number {
    const own = this.#tenants.filter(({settings}) => settings.orgId === orgId);
    return own.reduce((sum, {workspace}) => sum + workspace.slotsTaken(now), 0);
  }

  /** The workspaces, for the control path: what a person in the dashboard does goes around the API. */
  get workspaces(): readonly SimulatedWorkspace[] {
    return this.#tenants.map(({workspace}) => workspace);
  }

  /** Answers one request at the simulated time `now`. */
  handle(request: ApiRequest, now: number): ApiAnswer {
    const [path = '', query = ''] = request.url.split('?');
    const route = ROUTE.exec(path);
    const [, orgPart = '', workspacePart = '', campaignPart, statusPart] = route ?? [];
    const [orgId, workspaceId] = [decode(orgPart), decode(workspacePart)];
    const campaignId = campaignPart === undefined ? undefined : decode(campaignPart);
    const unreadable = campaignPart !== undefined && campaignId === undefined;
    if (!route || orgId === undefined || workspaceId === undefined || unreadable)
      return refused(404, 'Not Found');
    const tenant = this.#tenants.find(
      ({settings}) => settings.orgId === orgId && settings.workspaceId === workspaceId,
    );
    const struck = strike(this.faults, this.#random);
    const reply = this.#guarded(tenant, request, struck, now, () => {
      const call = {request, query, campaignId, toStatus: statusPart !== undefined, struck, now};
      return tenant
        ? this.#campaigns.answer(tenant.workspace, call)
        : refused(404, 'Not Found', 'Workspace not found');
    });
    this.#record(request, workspaceId, path, reply, now);
    return reply;
  }

  #record(
    {body, method}: ApiRequest,
    workspaceId: string,
    path: string,
    reply: ApiAnswer,
    now: number,
  ): void {
    if (this.journal.length >= LONGEST_JOURNAL) this.journal.shift();
    const action = method === 'PUT' ? statusSchema.safeParse(json(body)).data?.action : undefined;
    const status = reply === 'drop' ? 'dropped' : reply.status;
    this.journal.push({at: now, workspaceId, method, path, status, ...(action && {action})});
  }

  /** What may happen to any request before and after it is handled: keys, rates, broken lines and bodies. */
  #guarded(
    tenant: Tenant | undefined,
    {apiKey}: ApiRequest,
    struck: ReadonlySet<FaultKind>,
    now: number,
    handle: () => Answer,
  ): ApiAnswer {
    if (struck.has('dropBefore')) return 'drop';
    if (apiKey === undefined || apiKey === '') return MISSING_KEY;
    if (struck.has('unauthorised') || tenant === undefined || apiKey !== tenant.settings.apiKey) {
      return refused(401, 'Unauthorized', 'Invalid API key');
    }
    const wait = this.#overRate(tenant, now);
    if (wait !== undefined) return throttled(wait);
    if (struck.has('throttled')) return throttled(2);
    if (struck.has('unavailable')) return refused(503, 'Service Unavailable');
    if (struck.has('serverError')) return refused(500, 'Internal Server Error');
    const reply = handle();
    if (struck.has('dropAfter')) return 'drop';
    if (struck.has('serverErrorAfter')) return refused(500, 'Internal Server Error');
    if (struck.has('html')) {
      return {
        status: 200,
        headers: {'content-type': 'text/html'},
        body: '<!doctype html><title>Sign in</title>',
      };
    }
    return struck.has('truncated') ? {...reply, body: reply.body.slice(0, reply.body.length / 2)} : reply;
  }

  /** Seconds to wait where the workspace is over its rate. */
  #overRate({requestsAt}: Tenant, now: number): number | undefined {
    const {rate} = this.#scenario;
    if (!rate) return undefined;
    while (requestsAt[0] !== undefined && requestsAt[0] <= now - rate.per) requestsAt.shift();
    requestsAt.push(now);
    return requestsAt.length > rate.requests ? Math.max(1, Math.ceil(rate.per / 1000)) : undefined;
  }
}
