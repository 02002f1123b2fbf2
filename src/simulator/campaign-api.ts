import type {z} from 'zod';
import {type Answer, answer, json, problems, refused, refusedFor} from './answers.ts';
import type {Result, SimulatedCampaign} from './campaign.ts';
import type {FaultKind} from './faults.ts';
import type {SimulatedWorkspace} from './model.ts';
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

/** Whom the platform names for what is changed by a key. */
const API_USER = 'api-key';

/** A request to the campaigns of a workspace. */
export interface Call {
  readonly request: {readonly method: string; readonly url: string; readonly body: string};
  readonly query: string;
  readonly campaignId: string | undefined;
  readonly toStatus: boolean;
  readonly struck: ReadonlySet<FaultKind>;
  readonly now: number;
}

type ListQuery = z.infer<typeof querySchema>;

const matchingOf = (
  all: readonly SimulatedCampaign[],
  {campaign_status, search, sort_by, sort_order}: ListQuery,
): readonly SimulatedCampaign[] => {
  const direction = sort_order === 'asc' ? 1 : -1;
  return all
    .filter(({status}) => campaign_status === undefined || status === campaign_status)
    .filter(({name}) => search === undefined || name.toLowerCase().includes(search.toLowerCase()))
    .toSorted((a, b) => direction * compare[sort_by](a, b));
};

/** What the platform answers to requests about campaigns, whoever may make them. */
export class CampaignApi {
  #created = 0;
  readonly #lists = new WeakMap<
    SimulatedWorkspace,
    {readonly key: string; readonly matching: readonly SimulatedCampaign[]}
  >();

  /** Answers a request to a workspace. */
  answer(workspace: SimulatedWorkspace, call: Call): Answer {
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

  #result(result: Result<SimulatedCampaign>, struck: ReadonlySet<FaultKind>): Answer {
    if (!result.ok) return refusedFor(result.refusal);
    return answer(200, this.#mistaken(toMetadata(result.value), struck));
  }

  #mistaken<T extends {campaign_id: string}>(metadata: T, struck: ReadonlySet<FaultKind>): T {
    return struck.has('otherCampaign')
      ? {...metadata, campaign_id: `${metadata.campaign_id}-other`}
      : metadata;
  }

  #list(workspace: SimulatedWorkspace, {now, query, request, struck}: Call): Answer {
    const parsed = querySchema.safeParse(Object.fromEntries(new URLSearchParams(query)));
    if (!parsed.success) return problems(parsed.error, 'query');
    const {limit, offset} = parsed.data;
    const matching = struck.has('emptyList')
      ? []
      : struck.has('stale')
        ? matchingOf(
            workspace.all(now).map(campaign => workspace.stale(campaign.campaignId) ?? campaign),
            parsed.data,
          )
        : this.#matching(workspace, parsed.data, now);
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

  /** Sorted once for each change, however many pages are read. */
  #matching(workspace: SimulatedWorkspace, query: ListQuery, now: number): readonly SimulatedCampaign[] {
    const all = workspace.all(now);
    const {version} = workspace;
    const {campaign_status, search, sort_by, sort_order} = query;
    const key = JSON.stringify([version, campaign_status, search, sort_by, sort_order]);
    const known = this.#lists.get(workspace);
    if (known?.key === key) return known.matching;
    const matching = matchingOf(all, query);
    this.#lists.set(workspace, {key, matching});
    return matching;
  }

  #update(workspace: SimulatedWorkspace, campaignId: string, {now, request, struck}: Call): Answer {
    const parsed = updateSchema.safeParse(json(request.body));
    if (!parsed.success) return problems(parsed.error, 'body');
    return this.#result(workspace.update(campaignId, fromWire(parsed.data), API_USER, now), struck);
  }

  #create(workspace: SimulatedWorkspace, {now, request, struck}: Call): Answer {
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
