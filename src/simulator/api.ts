import type {z} from 'zod';
import {type FaultKind, type Faults, strike} from './faults.ts';
import {type Refusal, type Result, type SimulatedCampaign, SimulatedWorkspace} from './model.ts';
import type {Scenario, ScenarioWorkspace} from './scenario.ts';
import {
  compare,
  createSchema,
  fromWire,
  querySchema,
  statusSchema,
  toDetails,
  toMetadata,
  updateSchema,
} from './wire.ts';

export interface ApiRequest {
  readonly method: string;
  /** With the query; not decoded. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly body: string;
}

/** An answer, or `drop`: the connection breaks instead. */
export type ApiAnswer =
  | {readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string}
  | 'drop';

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
const API_USER = 'api-key';
const LONGEST_JOURNAL = 100_000;

const answer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Exclude<ApiAnswer, 'drop'> => ({
  status,
  headers: {'content-type': 'application/json', ...headers},
  body: JSON.stringify(body),
});

/** The documented envelope: a message for machines, and in `data.details` what a person needs. */
const refused = (status: number, message: string, details = message): Exclude<ApiAnswer, 'drop'> =>
  answer(status, {error: {message, code: message.toUpperCase().replaceAll(' ', '_'), data: {details}}});

const refusedFor = ({details, message, status}: Refusal): Exclude<ApiAnswer, 'drop'> =>
  refused(status, message, details);

/** FastAPI's answer to a request that does not fit the schema. */
const problems = (error: z.ZodError, part: 'body' | 'query') =>
  answer(422, {
    detail: error.issues.map(({message, path}) => ({
      loc: [part, ...path],
      msg: message,
      type: 'value_error',
    })),
  });

const MISSING_KEY = answer(422, {
  detail: [{loc: ['header', 'X-API-Key'], msg: 'Field required', type: 'missing'}],
});

const throttled = (seconds: number): Exclude<ApiAnswer, 'drop'> => ({
  ...refused(429, 'Too Many Requests'),
  headers: {'content-type': 'application/json', 'retry-after': String(seconds)},
});

/** A part of a path; undefined where its percent signs make no text. */
const decode = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
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
  #created = 0;

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
      return tenant ? this.#route(tenant, call) : refused(404, 'Not Found', 'Workspace not found');
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
    handle: () => Exclude<ApiAnswer, 'drop'>,
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

  #route({workspace}: Tenant, call: Call): Exclude<ApiAnswer, 'drop'> {
    const {campaignId, now, request, struck, toStatus} = call;
    if (campaignId === undefined) {
      if (request.method === 'GET') return this.#list(workspace, call);
      return request.method === 'POST' ? this.#create(workspace, call) : refused(405, 'Method Not Allowed');
    }
    if (toStatus) {
      if (request.method !== 'PUT') return refused(405, 'Method Not Allowed');
      const parsed = statusSchema.safeParse(json(request.body));
      if (!parsed.success) return problems(parsed.error, 'body');
      return this.#result(workspace.act(campaignId, parsed.data.action, API_USER, now), struck);
    }
    if (request.method === 'PATCH') return this.#update(workspace, campaignId, call);
    if (request.method !== 'GET') return refused(405, 'Method Not Allowed');
    const found = workspace.get(campaignId, now);
    if (!found) return refused(404, 'Not Found', 'Campaign not found');
    const shown = struck.has('stale') ? (workspace.stale(campaignId) ?? found) : found;
    return answer(200, this.#mistaken(toDetails(shown), struck));
  }

  #result(result: Result<SimulatedCampaign>, struck: ReadonlySet<FaultKind>): Exclude<ApiAnswer, 'drop'> {
    if (!result.ok) return refusedFor(result.refusal);
    return answer(200, this.#mistaken(toMetadata(result.value), struck));
  }

  #mistaken<T extends {campaign_id: string}>(metadata: T, struck: ReadonlySet<FaultKind>): T {
    return struck.has('otherCampaign')
      ? {...metadata, campaign_id: `${metadata.campaign_id}-other`}
      : metadata;
  }

  #list(workspace: SimulatedWorkspace, {now, query, request, struck}: Call): Exclude<ApiAnswer, 'drop'> {
    const parsed = querySchema.safeParse(Object.fromEntries(new URLSearchParams(query)));
    if (!parsed.success) return problems(parsed.error, 'query');
    const {campaign_status, limit, offset, search, sort_by, sort_order} = parsed.data;
    const direction = sort_order === 'asc' ? 1 : -1;
    const matching = (struck.has('emptyList') ? [] : workspace.all(now))
      .map(campaign => (struck.has('stale') ? (workspace.stale(campaign.campaignId) ?? campaign) : campaign))
      .filter(({status}) => campaign_status === undefined || status === campaign_status)
      .filter(({name}) => search === undefined || name.toLowerCase().includes(search.toLowerCase()))
      .toSorted((a, b) => direction * compare[sort_by](a, b));
    const from = struck.has('shiftedPage') && offset > 0 ? offset + 1 : offset;
    const uri = (start: number): string => {
      const [path = ''] = request.url.split('?');
      return `${path}?${new URLSearchParams({...Object.fromEntries(new URLSearchParams(query)), offset: String(start)})}`;
    };
    return answer(200, {
      items: matching.slice(from, from + limit).map(toMetadata),
      total: matching.length,
      limit,
      offset,
      next_page_uri: offset + limit < matching.length ? uri(offset + limit) : null,
      prev_page_uri: offset > 0 ? uri(Math.max(0, offset - limit)) : null,
    });
  }

  #update(
    workspace: SimulatedWorkspace,
    campaignId: string,
    {now, request, struck}: Call,
  ): Exclude<ApiAnswer, 'drop'> {
    const parsed = updateSchema.safeParse(json(request.body));
    if (!parsed.success) return problems(parsed.error, 'body');
    return this.#result(workspace.update(campaignId, fromWire(parsed.data), API_USER, now), struck);
  }

  #create(workspace: SimulatedWorkspace, {now, request, struck}: Call): Exclude<ApiAnswer, 'drop'> {
    const parsed = createSchema.safeParse(json(request.body));
    if (!parsed.success) return problems(parsed.error, 'body');
    this.#created += 1;
    const {app_config, end_timestamp, name, start_timestamp} = parsed.data;
    const campaign: SimulatedCampaign = {
      campaignId: `camp-new-${this.#created}`,
      description: null,
      allowedSchedule: null,
      ...fromWire(parsed.data),
      name,
      appConfig: app_config,
      status: 'scheduled',
      createdBy: API_USER,
      createdAt: now,
      updatedAt: now,
      updatedBy: null,
      startsAt: Date.parse(start_timestamp),
      endsAt: Date.parse(end_timestamp),
      dialsFor: null,
    };
    return this.#result(workspace.create(campaign, now), struck);
  }
}

interface Call {
  readonly request: ApiRequest;
  readonly query: string;
  readonly campaignId: string | undefined;
  readonly toStatus: boolean;
  readonly struck: ReadonlySet<FaultKind>;
  readonly now: number;
}
