import {html} from 'hono/html';
import {counted} from '../../domain/text.ts';
import type {WorkspaceView} from '../report-schemas.ts';
import type {ControllerView} from '../view.ts';
import {type Html, linkTo, tableHtml, timeHtml} from './layout.ts';
import type {ReportView} from './verdict.ts';

/** How many problems of declarations the first page shows. */
const MOST = 20;
/** What was read so many intervals ago is stale; and this long may always pass. Milliseconds. */
const STALE_INTERVALS = 3;
const GRACE = 60_000;

/** A time at which something was read; said to be stale where it is. */
const readHtml = (time: string | null, interval: number, now: number): Html => {
  if (time === null) return html`<strong class="bad">never</strong>`;
  const isStale = now - Date.parse(time) > STALE_INTERVALS * interval + GRACE;
  return isStale ? html`<strong class="bad">stale: ${timeHtml(time, now)}</strong>` : timeHtml(time, now);
};

const sumOf = (numbers: Readonly<Record<string, number | undefined>>): number =>
  Object.values(numbers).reduce<number>((sum, number = 0) => sum + number, 0);

const stateLinks = ({name, summary}: WorkspaceView): Html[] =>
  Object.entries(summary)
    .filter(([, number]) => number > 0)
    .map(([state, number], index) => {
      const href = linkTo('campaigns', new URLSearchParams(), {workspace: name, state});
      return html`${index > 0 ? ', ' : ''}<a href="${href}">${number} ${state}</a>`;
    });

/** How every workspace stands. */
export const workspacesHtml = (items: readonly WorkspaceView[], interval: number, now: number): Html => {
  const rows = items.map(item => [
    html`<a href="${linkTo('campaigns', new URLSearchParams(), {workspace: item.name})}">${item.name}</a>`,
    html`${stateLinks(item)}`,
    String(sumOf(item.blocked)),
    item.trouble ? html`<strong class="bad">${item.trouble.message}</strong>` : 'none',
    readHtml(item.readAt, interval, now),
    `${item.rate.used} of ${item.rate.slots}`,
    item.mode,
  ]);
  const head = ['workspace', 'campaigns', 'blocked', 'trouble', 'read', 'rate used', 'mode'];
  return html`<h2>Workspaces</h2>${tableHtml('Workspaces', head, rows, 'No workspace is worked on here.')}`;
};

const revisionHtml = ({revision}: ReportView, view: ControllerView): Html => {
  if (revision === null) return html`none has been read yet`;
  const url = view.commitUrl(revision);
  const text = html`<code>${revision.slice(0, 19)}</code>`;
  return url === undefined ? text : html`<a href="${url}">${text}</a>`;
};

const conditionsHtml = ({conditions}: ReportView, now: number): Html =>
  tableHtml(
    'Conditions',
    ['condition', 'status', 'reason', 'since', 'message'],
    conditions.map(({lastTransitionAt, message, reason, status, type}) => [
      type,
      status,
      reason,
      timeHtml(lastTransitionAt, now),
      message,
    ]),
    'None.',
  );

const diagnosticsHtml = ({diagnostics}: ReportView, view: ControllerView): Html => {
  const rows = diagnostics.slice(0, MOST).map(one => {
    if (!('file' in one)) return [one.workspace, one.message];
    const url = view.lineUrl(one);
    const place = `${one.file}:${one.line}`;
    return [url === undefined ? place : html`<a href="${url}">${place}</a>`, one.message];
  });
  const more = diagnostics.length - rows.length;
  return html`${tableHtml('What is wrong with declarations', ['where', 'what'], rows, 'Every declaration is valid.')}
    ${more > 0 ? html`<p><a href="api/v1/report">and ${counted(more, 'other problem')}</a></p>` : ''}`;
};

/** Where the revision in force comes from, what is so of the whole, and what is wrong with declarations. */
export const sourceHtml = (report: ReportView, view: ControllerView, now: number): Html => {
  const {author, committedAt, readAt, subject} = report.source;
  return html`
    <h2>Source</h2>
    <dl>
      <dt>revision</dt><dd>${revisionHtml(report, view)} ${subject ?? ''}</dd>
      <dt>by</dt><dd>${author ?? '–'}, ${timeHtml(committedAt, now)}</dd>
      <dt>read</dt><dd>${readHtml(readAt, view.intervals().source, now)}</dd>
    </dl>
    <h2>Conditions</h2>
    ${conditionsHtml(report, now)}
    <h2>Declarations</h2>
    ${diagnosticsHtml(report, view)}`;
};
