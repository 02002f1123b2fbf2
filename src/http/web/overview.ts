import type {Context} from 'hono';
import {html} from 'hono/html';
import {counted} from '../../domain/text.ts';
import {withTimesIn} from '../../domain/time.ts';
import {type Differences, type DifferenceView, gatheredDifferences} from '../differences.ts';
import {gatheredReport} from '../report.ts';
import {gatheredUpcoming} from '../upcoming.ts';
import type {ControllerView} from '../view.ts';
import {gatheredWorkspaces} from '../workspaces.ts';
import {campaignLink, type Html, linkTo, live, page, tableHtml, timeHtml} from './layout.ts';
import {missingHtml} from './missing.ts';
import {sourceHtml, workspacesHtml} from './standing.ts';
import {upcomingHtml} from './upcoming.ts';
import {verdictOf} from './verdict.ts';

/** How many campaigns a list of the first page names. */
const MOST = 20;
/** How far ahead the first page looks. Milliseconds. */
const AHEAD = 24 * 3_600_000;

const HEAD = ['campaign', 'workspace', 'Git wants', 'live', 'changed by', 'since', 'next', 'why'];

/** What will be done, and where something keeps it, what. */
const nextText = ({blocked, steps}: DifferenceView): string => {
  const next = steps.join(', then ') || 'nothing can be done';
  return blocked === null ? next : `${next}, kept: ${blocked}`;
};

const row = (item: DifferenceView, now: number): (Html | string)[] => [
  campaignLink(item),
  item.workspace,
  item.desired ?? '–',
  item.live ?? '–',
  item.liveUpdatedBy ?? '–',
  timeHtml(item.since, now),
  nextText(item),
  withTimesIn(item.reason, 'UTC'),
];

/** One of the lists: its number, its most urgent entries, and where the others are. */
const list = (
  {
    items,
    none,
    number,
    title,
  }: {
    readonly title: string;
    readonly items: readonly DifferenceView[];
    readonly number: number;
    readonly none: string;
  },
  now: number,
): Html => {
  const shown = items.slice(0, MOST);
  const more = number - shown.length;
  const all = linkTo('campaigns', new URLSearchParams(), {sort: '-changed'});
  const rest = more > 0 ? html`<p><a href="${all}">and ${counted(more, 'other')}</a></p>` : '';
  const rows = shown.map(item => row(item, now));
  return html`<h2>${title} <span class="count">${number}</span></h2>${tableHtml(title, HEAD, rows, none)}${rest}`;
};

/** Those that dial although they should not come first; then the longest. */
const mostUrgent = (items: readonly DifferenceView[]): readonly DifferenceView[] =>
  items.toSorted((a, b) => Number(b.live === 'active') - Number(a.live === 'active'));

const listsHtml = (
  {items, omitted}: Differences,
  workspaces: readonly {readonly blocked: Readonly<Record<string, number>>}[],
  now: number,
): Html => {
  const left = Object.values(omitted).reduce((sum, number) => sum + number, 0);
  const sums = workspaces.map(({blocked}) => Object.values(blocked).reduce((sum, number) => sum + number, 0));
  const kept = items.filter(({blocked}) => blocked !== null);
  const open = items.filter(({blocked}) => blocked === null);
  const keptNumber = Math.max(
    kept.length,
    sums.reduce((sum, number) => sum + number, 0),
  );
  const openNumber = Math.max(open.length, items.length + left - keptNumber);
  return html`
    ${list({title: 'Against Git', items: mostUrgent(open), number: openNumber, none: 'Nothing differs that is not kept so.'}, now)}
    ${list({title: 'Blocked', items: mostUrgent(kept), number: keptNumber, none: 'Nothing is kept from what Git wants.'}, now)}`;
};

/** The first page: one verdict, what is against Git, what is blocked, what comes, and where it all comes from. */
export const overview = async (context: Context, view: ControllerView): Promise<Response> => {
  const [report, differing, workspaces, upcoming] = await Promise.all([
    gatheredReport(view),
    gatheredDifferences(view, false),
    gatheredWorkspaces(view, false),
    gatheredUpcoming(view, view.now() + AHEAD),
  ]);
  const now = Date.parse(report.observedAt);
  const {style, text} = verdictOf(report, workspaces.items);
  const body = html`
    ${live('verdict', html`<h1 class="verdict ${style}">${text}</h1>`)}
    ${live('lists', html`${missingHtml(differing)}${listsHtml(differing, workspaces.items, now)}`)}
    ${live('upcoming', upcomingHtml(upcoming, now))}
    ${live('workspaces', workspacesHtml(workspaces.items, view.intervals().poll, now))}
    ${live('source', sourceHtml(report, view, now))}`;
  return page(context, {title: text.length > 60 ? `${text.slice(0, 59)}…` : text, body, now, events: ''});
};
