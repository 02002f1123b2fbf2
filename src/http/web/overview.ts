import type {Context} from 'hono';
import {html} from 'hono/html';
import {counted} from '../../domain/text.ts';
import {
  type DifferenceSource,
  type Differences,
  type DifferenceView,
  gatheredDifferences,
} from '../differences.ts';
import {gatheredReport, type ReportSource} from '../report.ts';
import {campaignLink, type Html, page, tableHtml, timeHtml} from './layout.ts';

/** How many campaigns a list of the first page names. */
const MOST = 20;

type Report = Awaited<ReturnType<typeof gatheredReport>>;

interface Verdict {
  readonly style: 'good' | 'look' | 'bad';
  readonly text: string;
}

/** The one sentence above everything. */
const verdictOf = ({conditions}: Report, differing: Differences): Verdict => {
  const of = (type: string) => conditions.find(condition => condition.type === type);
  const [ready, stalled, uncorrected] = [of('Ready'), of('Stalled'), of('Uncorrected')];
  const dialling = differing.items.filter(isDialling).length;
  if (stalled?.status === 'True') return {style: 'bad', text: stalled.message};
  if (dialling > 0)
    return {
      style: 'bad',
      text: `${counted(dialling, 'campaign')} against Git: dialling although Git wants silence`,
    };
  if (ready?.status === 'Unknown') return {style: 'look', text: `Not known: ${ready.message}`};
  if (ready?.status !== 'True') return {style: 'look', text: ready?.message ?? 'Not known'};
  if (uncorrected?.status === 'True')
    return {style: 'look', text: `As Git wants, but: ${uncorrected.message}`};
  return {style: 'good', text: 'As Git wants'};
};

const isDialling = ({blocked, desired, live}: DifferenceView): boolean =>
  live === 'active' && (desired === 'paused' || desired === 'cancelled') && blocked !== 'hold';

const HEAD = ['campaign', 'workspace', 'state', 'Git wants', 'live', 'changed by', 'since', 'kept by', 'why'];

const row = (item: DifferenceView, now: number): (Html | string)[] => [
  campaignLink(item),
  item.workspace,
  item.state,
  item.desired ?? '–',
  item.live ?? '–',
  item.liveUpdatedBy ?? '–',
  timeHtml(item.since, now),
  item.blocked ?? '–',
  item.reason,
];

const list = (
  title: string,
  items: readonly DifferenceView[],
  {none, now}: {none: string; now: number},
): Html => {
  const more = items.length - MOST;
  const rest = more > 0 ? html`<p><a href="/campaigns">and ${more} more</a></p>` : '';
  return html`<h2>${title} (${items.length})</h2>${tableHtml(
    title,
    HEAD,
    items.slice(0, MOST).map(item => row(item, now)),
    none,
  )}${rest}`;
};

const sourceHtml = (report: Report, source: ReportSource, now: number): Html => html`
  <h2>Source and workspaces</h2>
  <dl>
    <dt>revision</dt><dd>${report.revision ?? 'none has been read yet'}</dd>
    ${report.conditions.map(
      ({lastTransitionAt, message, reason, status, type}) =>
        html`<dt>${type}</dt><dd>${status}, ${reason}: ${message} (${timeHtml(lastTransitionAt, now)})</dd>`,
    )}
    ${Object.entries(report.summary).map(
      ([state, number]) =>
        html`<dt>${state}</dt><dd><a href="/campaigns?state=${state}">${counted(number ?? 0, 'campaign')}</a></dd>`,
    )}
  </dl>
  ${tableHtml(
    'What is wrong with declarations',
    ['where', 'what'],
    source
      .report()
      .diagnostics.slice(0, MOST)
      .map(one => ['file' in one ? `${one.file}:${one.line}` : one.workspace, one.message]),
    'Every declaration is valid.',
  )}`;

/** The first page: one verdict, what is against Git, what is blocked, and where it all comes from. */
export const overview = async (
  context: Context,
  source: ReportSource & DifferenceSource,
): Promise<Response> => {
  const [report, differing] = await Promise.all([gatheredReport(source), gatheredDifferences(source, false)]);
  const now = Date.parse(report.observedAt);
  const {style, text} = verdictOf(report, differing);
  const {items, omitted} = differing;
  const left = Object.values(omitted).reduce((sum, number) => sum + number, 0);
  const body = html`
    <h1 class="verdict ${style}">${text}</h1>
    ${list(
      'Against Git',
      items.filter(({blocked}) => blocked === null),
      {
        none: 'Nothing differs that is not kept so.',
        now,
      },
    )}
    ${list(
      'Blocked',
      items.filter(({blocked}) => blocked !== null),
      {none: 'Nothing is kept from Git.', now},
    )}
    ${left > 0 ? html`<p class="look">${counted(left, 'campaign')} more differ, beyond those that are shown.</p>` : ''}
    ${sourceHtml(report, source, now)}`;
  return page(context, {title: 'Overview', body, now});
};
