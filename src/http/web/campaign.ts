import type {Context} from 'hono';
import {html} from 'hono/html';
import type {RecordView} from '../../domain/history.ts';
import {shortRevision} from '../../domain/revision.ts';
import {timeIn, withTimesIn} from '../../domain/time.ts';
import {type Asked, noCampaign, withCampaign} from '../campaign.ts';
import type {CampaignDetail} from '../campaign-schemas.ts';
import {gatheredHistory} from '../history.ts';
import type {ControllerView} from '../view.ts';
import {changingHtml} from './changing.ts';
import {historyTable} from './history.ts';
import {type Html, linkTo, live, page, timeHtml} from './layout.ts';
import {timelineHtml} from './timeline.ts';

/** How many records a campaign's page is made from, and how many of them it lists. */
const READ = '500';
const LISTED = 25;

const placeHtml = ({source}: CampaignDetail, view: ControllerView): Html => {
  if (!source) return html`no file declares it`;
  const place = `${source.file}:${source.line}`;
  const url = view.lineUrl(source);
  return url === undefined
    ? html`<code>${place}</code>`
    : html`<a href="${url}" rel="noreferrer"><code>${place}</code></a>`;
};

/** A time in the zone of the campaign, where that is known. */
const zoned = (time: string | null, timezone: string | undefined): string => {
  if (time === null) return '–';
  try {
    return timezone === undefined ? time : timeIn(Date.parse(time), timezone);
  } catch {
    return time;
  }
};

const windowHtml = ({window}: CampaignDetail): Html => {
  if (!window) return html`not read yet: Rollcall asks for it when it acts`;
  const {endsAt, schedule, startsAt} = window;
  const hours = schedule
    ? `, ${schedule.days.join(', ')} ${schedule.start} to ${schedule.end} ${schedule.timezone}`
    : '';
  return html`${zoned(startsAt, schedule?.timezone)} to ${zoned(endsAt, schedule?.timezone)}${hours}`;
};

const timetableHtml = ({timetable}: CampaignDetail, now: number): Html => {
  if (!timetable) return html``;
  const {calendar, open, reason, until} = timetable;
  const by = calendar === null ? '' : ` by calendar ${calendar}`;
  const end = until === null ? '' : html` until ${timeHtml(until, now)}`;
  return html`<dt>timetable</dt><dd>${open ? 'open' : 'closed'}${by}${end}${open ? '' : `: ${reason}`}</dd>`;
};

/** The commit by which Git wants what it wants, and whose it is, as far as the history goes back. */
const wishHtml = (items: readonly RecordView[], view: ControllerView): Html => {
  const wish = items.find(({kind}) => kind === 'wish');
  if (!wish?.revision) return html``;
  const url = view.commitUrl(wish.revision);
  const id = html`<code>${shortRevision(wish.revision)}</code>`;
  const by = wish.author === null ? '' : ` by ${wish.author}`;
  return html`, as of ${url === undefined ? id : html`<a href="${url}" rel="noreferrer">${id}</a>`}${by}`;
};

const factsHtml = (
  campaign: CampaignDetail,
  items: readonly RecordView[],
  view: ControllerView,
  now: number,
): Html => {
  const {desired, labels, lastOutcome, liveUpdatedAt, liveUpdatedBy, reason, since, state} = campaign;
  const said = Object.entries(labels).map(([key, value]) => {
    const label = `${key}=${value}`;
    return html`<a href="${linkTo('campaigns', new URLSearchParams(), {label})}">${label}</a> `;
  });
  const outcome = lastOutcome ? html`${lastOutcome.message}, ${timeHtml(lastOutcome.at, now)}` : '–';
  return html`<dl>
    <dt>state</dt><dd><strong>${state}</strong>${since === null ? '' : html`, since ${timeHtml(since, now)}`}</dd>
    <dt>why</dt><dd>${withTimesIn(reason, 'UTC')}</dd>
    <dt>Git wants</dt><dd>${desired ?? '–'}</dd>
    <dt>live</dt><dd>${campaign.live ?? '–'}, changed ${timeHtml(liveUpdatedAt, now)} by ${liveUpdatedBy ?? 'somebody unnamed'}</dd>
    <dt>next</dt><dd>${withTimesIn(campaign.next, 'UTC')}</dd>
    <dt>last action</dt><dd>${outcome}</dd>
    <dt>mode</dt><dd>${campaign.mode}</dd>
    ${timetableHtml(campaign, now)}
    <dt>may dial</dt><dd>${windowHtml(campaign)}</dd>
    <dt>declared in</dt><dd>${placeHtml(campaign, view)}${wishHtml(items, view)}</dd>
    <dt>id</dt><dd><code>${campaign.campaignId}</code> in <a href="${linkTo('campaigns', new URLSearchParams(), {workspace: campaign.workspace})}">${campaign.workspace}</a></dd>
    <dt>labels</dt><dd>${said.length > 0 ? html`${said}` : '–'}</dd>
  </dl>`;
};

const notesHtml = ({notes}: CampaignDetail): Html =>
  notes.length === 0
    ? html``
    : html`<h2>What a plan notes</h2><ul>${notes.map(({message, severity}) => html`<li class="${severity}"><strong>${severity}</strong> ${withTimesIn(message, 'UTC')}</li>`)}</ul>`;

/** Everything that is known of one campaign, what was done with it, and how it would be changed. */
export const campaignPage = (context: Context, view: ControllerView, now: number): Promise<Response> =>
  withCampaign(
    context,
    view,
    false,
    campaign => pageOf(context, campaign, view, now),
    asked => pastPage(context, asked, view, now),
  );

/** What is left of a campaign, by its id, that no file declares any more: its history. */
const pastPage = async (
  context: Context,
  asked: Asked,
  view: ControllerView,
  now: number,
): Promise<Response> => {
  const {name, workspace} = asked;
  const past = new URLSearchParams({workspace, name, limit: String(LISTED)});
  const found = await gatheredHistory(past, view);
  const items = found.items.filter(({campaignId}) => campaignId === name);
  const [last] = items;
  if (!last) return noCampaign(context, asked);
  const body = html`
    <h1>${last.name}</h1>
    <p>No file declares it any more in <a href="${linkTo('campaigns', new URLSearchParams(), {workspace})}">${workspace}</a>. What was is in the history.</p>
    ${live('past', html`<h2>History</h2>${historyTable(items, now, view)}${allOfIt(workspace, name)}`)}`;
  return page(context, {title: last.name, body, now});
};

const allOfIt = (workspace: string, name: string): Html =>
  html`<p><a href="${linkTo('history', new URLSearchParams({workspace, name}), {})}">all of it</a></p>`;

const pageOf = async (
  context: Context,
  campaign: CampaignDetail,
  view: ControllerView,
  now: number,
): Promise<Response> => {
  const {campaignId, name, source, workspace} = campaign;
  const past = {workspace, name: campaignId, limit: READ};
  const [{items}, edits] = await Promise.all([
    gatheredHistory(new URLSearchParams(past), view),
    source ? view.edits(source) : [],
  ]);
  const body = html`
    <h1>${name}</h1>
    ${live('facts', html`${factsHtml(campaign, items, view, now)}${notesHtml(campaign)}`)}
    ${live('timeline', html`<h2>Last seven days</h2>${timelineHtml(items, campaign.window, now)}`)}
    ${live('changing', html`<h2>Change it, in Git</h2>${changingHtml(edits)}`)}
    ${live('past', html`<h2>History</h2>${historyTable(items.slice(0, LISTED), now, view)}${allOfIt(workspace, campaignId)}`)}`;
  const events = new URLSearchParams({workspace, campaign: campaignId}).toString();
  return page(context, {title: name, body, now, events});
};
