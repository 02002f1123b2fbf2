import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import {campaignKey} from '../domain/campaign.ts';
import {comparePlaces, type Order, type OrderPlace, placeOf} from '../domain/order.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {placeText, type Query, queryOf} from './campaign-query.ts';
import {campaignPageSchema} from './campaign-schemas.ts';
import {askOthers, bodiesOf, type Fleet, type Gaps, unansweredOf} from './fleet.ts';
import {answered, askedOf, toCursor} from './parameters.ts';
import {jsonAnswer} from './problem.ts';

/** Where campaigns come from. */
export type CampaignSource = Pick<Campaigns, 'page' | 'find'> & {
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
};

interface PageView extends Gaps {
  readonly items: readonly CampaignView[];
  readonly next: string | null;
}

const ownPage = async (source: CampaignSource, query: Query): Promise<PageView> => {
  const {items, next} = await source.page(query);
  return {
    items: items.map(({finding, lastOutcome}) => campaignView(finding, lastOutcome)),
    next: next ? toCursor(placeText(query.order, next)) : null,
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

/** One page out of the pages of all replicas, which have no workspace in common. */
const wholePage = async (own: PageView, fleet: Fleet, {limit, order}: Query, query: URLSearchParams) => {
  const answers = await askOthers(fleet, '/api/v1/campaigns', query, campaignPageSchema);
  const pages = [own, ...bodiesOf(answers)];
  const all = pages
    .flatMap(({items}) => items)
    .toSorted((a, b) => comparePlaces(order, placeOfView(order, a), placeOfView(order, b)));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > limit || pages.some(({next}) => next !== null);
  return {
    items,
    next: isMore && last ? toCursor(placeText(order, placeOfView(order, last))) : null,
    unanswered: unansweredOf(answers),
    unled: fleet.unled,
  };
};

/** The campaigns that are asked for: of all replicas, or with `scope=replica` of this one. Throws `BadRequest`. */
export const gatheredPage = async (asked: URLSearchParams, source: CampaignSource): Promise<PageView> => {
  const query = queryOf(asked);
  const own = await ownPage(source, query);
  const fleet = query.isLocal ? undefined : source.fleet?.();
  return fleet ? await wholePage(own, fleet, query, asked) : own;
};

/** A page of campaigns, in the order that is asked for. */
export const campaigns = (context: Context, source: CampaignSource): Promise<Response> =>
  answered(context, async () => jsonAnswer(context, await gatheredPage(askedOf(context), source)));
