import type {Context} from 'hono';
import {html} from 'hono/html';
import {type CampaignSource, gatheredCampaign} from '../campaigns.ts';
import {gatheredHistory, type HistorySource} from '../history.ts';
import {problem} from '../problem.ts';
import {historyTable} from './history.ts';
import {page, timeHtml} from './layout.ts';

/** Everything that is known of one campaign, and what has been done with it. */
export const campaignPage = async (
  context: Context,
  source: CampaignSource & HistorySource,
  now: number,
): Promise<Response> => {
  const {campaignId = '', workspace = ''} = context.req.param() as Record<string, string>;
  const campaign = await gatheredCampaign(source, workspace, campaignId);
  if (!campaign) return problem(context, 404, `workspace ${workspace} has no campaign ${campaignId}`);
  const {items} = await gatheredHistory(new URLSearchParams({workspace, name: campaignId}), source);
  const {desired, labels, lastOutcome, live, liveUpdatedAt, liveUpdatedBy, name, reason, state, steps} =
    campaign;
  const said = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const body = html`
    <h1>${name}</h1>
    <dl>
      <dt>campaign</dt><dd>${campaign.campaignId}</dd>
      <dt>workspace</dt><dd>${workspace}</dd>
      <dt>state</dt><dd>${state}</dd>
      <dt>Git wants</dt><dd>${desired ?? '–'}</dd>
      <dt>live</dt><dd>${live ?? '–'}</dd>
      <dt>why</dt><dd>${reason}</dd>
      <dt>next</dt><dd>${steps.join(', then ') || 'nothing'}</dd>
      <dt>changed</dt><dd>${timeHtml(liveUpdatedAt, now)}, by ${liveUpdatedBy ?? 'somebody unnamed'}</dd>
      <dt>last outcome</dt><dd>${lastOutcome ? lastOutcome.message : '–'}</dd>
      <dt>declared in</dt><dd>${campaign.source ? `${campaign.source.file}:${campaign.source.line}` : 'no file'}</dd>
      <dt>labels</dt><dd>${said.join(', ') || '–'}</dd>
    </dl>
    <h2>History</h2>
    ${historyTable(items, now)}`;
  return page(context, {title: name, body, now});
};
