import type {Context} from 'hono';
import {html} from 'hono/html';
import {CAMPAIGN_STATES} from '../../domain/states.ts';
import {type CampaignSource, gatheredPage} from '../campaigns.ts';
import {filledOf} from '../parameters.ts';
import {campaignLink, page, tableHtml, timeHtml} from './layout.ts';

const HEAD = ['campaign', 'id', 'workspace', 'state', 'Git wants', 'live', 'changed by', 'changed', 'why'];

const filters = (context: Context) => {
  const {label = '', state = '', workspace = ''} = context.req.query();
  const states = CAMPAIGN_STATES.map(
    one => html`<option value="${one}"${one === state ? html` selected` : ''}>${one}</option>`,
  );
  return html`<form method="get" action="/campaigns">
    <label>workspace <input name="workspace" value="${workspace}" /></label>
    <label>state <select name="state"><option value="">any</option>${states}</select></label>
    <label>labels <input name="label" value="${label}" placeholder="team=billing" /></label>
    <button>Show</button>
  </form>`;
};

/** The table of campaigns, filtered and page by page as the API has it. Throws `BadRequest`. */
export const campaignsPage = async (
  context: Context,
  source: CampaignSource,
  now: number,
): Promise<Response> => {
  const asked = filledOf(context);
  const {items, next} = await gatheredPage(asked, source);
  if (next !== null) asked.set('cursor', next);
  const rows = items.map(item => [
    campaignLink(item),
    item.campaignId,
    item.workspace,
    item.state,
    item.desired ?? '–',
    item.live ?? '–',
    item.liveUpdatedBy ?? '–',
    timeHtml(item.liveUpdatedAt, now),
    item.reason,
  ]);
  const more = next === null ? '' : html`<p><a href="/campaigns?${asked.toString()}">more</a></p>`;
  const body = html`<h1>Campaigns</h1>${filters(context)}${tableHtml('Campaigns', HEAD, rows, 'No campaign is so.')}${more}`;
  return page(context, {title: 'Campaigns', body, now});
};
