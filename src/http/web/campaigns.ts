import type {Context} from 'hono';
import {html} from 'hono/html';
import {CAUSES} from '../../domain/assess.ts';
import {type OrderBy, orderText, parseOrder} from '../../domain/order.ts';
import {CAMPAIGN_STATES} from '../../domain/states.ts';
import {withTimesIn} from '../../domain/time.ts';
import {type CampaignSource, gatheredPage} from '../campaigns.ts';
import {filledOf} from '../parameters.ts';
import {choiceHtml, fieldHtml} from './form.ts';
import {type Column, campaignLink, type Html, linkTo, live, page, tableHtml, timeHtml} from './layout.ts';
import {missingHtml} from './missing.ts';

/** How many campaigns a page shows, where nobody says. */
const ROWS = '50';

const HEAD: readonly (readonly [string, OrderBy?])[] = [
  ['campaign', 'name'],
  ['id'],
  ['workspace', 'workspace'],
  ['state', 'state'],
  ['Git wants'],
  ['live'],
  ['changed by'],
  ['changed', 'changed'],
  ['why'],
];

const headOf = (asked: URLSearchParams): readonly Column[] => {
  const order = parseOrder(asked.get('sort') ?? 'workspace');
  return HEAD.map(([name, by]) => {
    if (by === undefined) return name;
    const isBy = order?.by === by;
    const sorted = order?.descending ? 'descending' : 'ascending';
    const next = orderText({by, descending: isBy ? !order.descending : by === 'changed'});
    const href = linkTo('campaigns', asked, {sort: next, cursor: undefined});
    return {name, href, sorted: isBy ? sorted : 'none'};
  });
};

const filters = (asked: URLSearchParams): Html => html`<form method="get" action="campaigns" role="search">
    ${fieldHtml(asked, 'search', {type: 'search', placeholder: 'name, id, label'})}
    ${fieldHtml(asked, 'workspace', {placeholder: 'any'})}
    ${choiceHtml(asked, 'state', CAMPAIGN_STATES)}
    ${choiceHtml(asked, 'cause', CAUSES)}
    ${choiceHtml(asked, 'mode', ['enforce', 'detect'])}
    ${fieldHtml(asked, 'label', {placeholder: 'team=billing'})}
    ${asked.has('sort') ? html`<input type="hidden" name="sort" value="${asked.get('sort') ?? ''}" />` : ''}
    <button>Show</button>
  </form>`;

const eventsOf = (asked: URLSearchParams): string => {
  const workspace = asked.get('workspace');
  return workspace === null ? '' : `workspace=${encodeURIComponent(workspace)}`;
};

/** The table of campaigns: filtered, searched and in order as the API has it, page by page. Throws `BadRequest`. */
export const campaignsPage = async (
  context: Context,
  source: CampaignSource,
  now: number,
): Promise<Response> => {
  const asked = filledOf(context);
  const shown = await gatheredPage(new URLSearchParams({limit: ROWS, ...Object.fromEntries(asked)}), source);
  const {items, next} = shown;
  const rows = items.map(item => [
    campaignLink(item),
    item.campaignId,
    item.workspace,
    item.state,
    item.desired ?? '–',
    item.live ?? '–',
    item.liveUpdatedBy ?? '–',
    timeHtml(item.liveUpdatedAt, now),
    withTimesIn(item.reason, 'UTC'),
  ]);
  const first = asked.has('cursor')
    ? html`<a href="${linkTo('campaigns', asked, {cursor: undefined})}">first page</a> `
    : '';
  const more =
    next === null ? '' : html`<a rel="next" href="${linkTo('campaigns', asked, {cursor: next})}">more</a>`;
  const body = html`<h1>Campaigns</h1>${filters(asked)}${live(
    'rows',
    html`${missingHtml(shown)}${tableHtml('Campaigns', headOf(asked), rows, 'No campaign is so.')}<p>${first}${more}</p>`,
  )}`;
  return page(context, {title: 'Campaigns', body, now, events: eventsOf(asked)});
};
