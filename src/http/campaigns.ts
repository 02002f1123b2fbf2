import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import {campaignKey} from '../domain/campaign.ts';
import {comparePlaces, type Order, type OrderPlace, placeOf} from '../domain/order.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {placeText, type Query, queryOf} from './campaign-query.ts';
import {type Answer, askOthers, type Fleet} from './fleet.ts';
import {answered, askedOf, isLocalScope, parametersOf, toCursor} from './parameters.ts';
import {jsonAnswer, problem} from './problem.ts';

/** Where campaigns come from. */
export type CampaignSource = Pick<Campaigns, 'page' | 'find'> & {
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
};

interface PageView {
  readonly items: readonly CampaignView[];
  readonly next: string | null;
}

const ownPage = async (source: CampaignSource, query: Query): Promise<PageView> => {
  const {items, next} = await source.page(query);
  return {
    items: items.map(({finding, lastOutcome}) => campaignView(finding, lastOutcome)),
    next: next ? toCursor(placeText(next)) : null,
  };
};

const placeOfView = (
  order: Order,
  {campaignId, liveUpdatedAt, name, state, workspace}: CampaignView,
): OrderPlace =>
  placeOf(order, {
    key: campaignKey(workspace, campaignId),
    name,
    state,
    changed: liveUpdatedAt === null ? 0 : Date.parse(liveUpdatedAt),
  });

const isView = (value: unknown): value is CampaignView =>
  typeof value === 'object' && value !== null && 'workspace' in value && 'campaignId' in value;

const pageOf = (answer: Answer): PageView => {
  const {items, next} = answer.ok ? answer.body : {};
  return {
    items: Array.isArray(items) ? items.filter(isView) : [],
    next: typeof next === 'string' ? next : null,
  };
};

/** One page out of the pages of all replicas, which have no workspace in common. */
const wholePage = async (own: PageView, fleet: Fleet, {limit, order}: Query, query: URLSearchParams) => {
  const answers = await askOthers(fleet, '/api/v1/campaigns', query);
  const pages = [own, ...answers.map(pageOf)];
  const all = pages
    .flatMap(({items}) => items)
    .toSorted((a, b) => comparePlaces(order, placeOfView(order, a), placeOfView(order, b)));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > limit || pages.some(({next}) => next !== null);
  const unanswered = answers.flatMap(answer =>
    answer.ok ? [] : [{...answer.replica, message: answer.message}],
  );
  return {
    items,
    next: isMore && last ? toCursor(placeText(placeOfView(order, last))) : null,
    unanswered,
    unled: fleet.unled,
  };
};

/** The campaigns that are asked for: of all replicas, or with `scope=replica` of this one. Throws `BadRequest`. */
export const gatheredPage = async (asked: URLSearchParams, source: CampaignSource) => {
  const query = queryOf(asked);
  const own = await ownPage(source, query);
  const fleet = query.isLocal ? undefined : source.fleet?.();
  return fleet ? await wholePage(own, fleet, query, asked) : own;
};

/** One campaign, wherever it is led; undefined where nobody knows it, or who does is not answering. */
export const gatheredCampaign = async (
  source: CampaignSource,
  workspace: string,
  campaignId: string,
  isLocal = false,
): Promise<CampaignView | undefined> => {
  const shown = source.find(workspace, campaignId);
  if (shown) return campaignView(shown.finding, shown.lastOutcome);
  const fleet = isLocal ? undefined : source.fleet?.();
  const path = `/api/v1/campaigns/${encodeURIComponent(workspace)}/${encodeURIComponent(campaignId)}`;
  const answers = fleet ? await askOthers(fleet, path, new URLSearchParams()) : [];
  return answers.flatMap(answer => (answer.ok && isView(answer.body) ? [answer.body] : []))[0];
};

/** One campaign, by its workspace and its id. */
export const campaign = (context: Context, source: CampaignSource): Promise<Response> =>
  answered(context, async () => {
    const {campaignId = '', workspace = ''} = context.req.param() as Record<string, string>;
    const {scope} = parametersOf(askedOf(context), ['scope']);
    const found = await gatheredCampaign(source, workspace, campaignId, isLocalScope(scope));
    return found
      ? jsonAnswer(context, found)
      : problem(context, 404, `workspace ${workspace} has no campaign ${campaignId}`);
  });

/** A page of campaigns, in the order that is asked for. */
export const campaigns = (context: Context, source: CampaignSource): Promise<Response> =>
  answered(context, async () => jsonAnswer(context, await gatheredPage(askedOf(context), source)));
