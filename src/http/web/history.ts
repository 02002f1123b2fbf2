import type {Context} from 'hono';
import {html} from 'hono/html';
import {RECORD_KINDS, type RecordView, recordOfView} from '../../domain/history.ts';
import {recordText} from '../../domain/record-text.ts';
import {shortRevision} from '../../domain/revision.ts';
import {withTimesIn} from '../../domain/time.ts';
import {gatheredHistory} from '../history.ts';
import {filledOf} from '../parameters.ts';
import type {ControllerView} from '../view.ts';
import {choiceHtml, fieldHtml} from './form.ts';
import {campaignLink, type Html, linkTo, live, page, tableHtml, timeHtml} from './layout.ts';
import {missingHtml} from './missing.ts';

/** How many records a page shows, where nobody says. */
const ROWS = '50';

/** Records as a table, the newest first. */
export const historyTable = (
  items: readonly RecordView[],
  now: number,
  {commitUrl}: Pick<ControllerView, 'commitUrl'>,
): Html =>
  tableHtml(
    'What was decided, done and seen',
    ['when', 'campaign', 'workspace', 'what', 'revision'],
    items.map(item => {
      const url = item.revision === null ? undefined : commitUrl(item.revision);
      const short = html`<code>${item.revision === null ? '' : shortRevision(item.revision)}</code>`;
      return [
        timeHtml(item.at, now),
        campaignLink(item),
        item.workspace,
        withTimesIn(recordText(recordOfView(item)), 'UTC'),
        url === undefined ? short : html`<a href="${url}" rel="noreferrer">${short}</a>`,
      ];
    }),
    'Nothing is known.',
  );

const filters = (asked: URLSearchParams): Html => html`<form method="get" action="history" role="search">
    ${fieldHtml(asked, 'name', {label: 'campaign', placeholder: 'name, id or *'})}
    ${fieldHtml(asked, 'workspace', {placeholder: 'any'})}
    ${choiceHtml(asked, 'kind', RECORD_KINDS)}
    ${fieldHtml(asked, 'since', {label: 'from', type: 'date'})}
    ${fieldHtml(asked, 'until', {label: 'before', type: 'date'})}
    <button>Show</button>
  </form>`;

/** The history, filtered and page by page as the API has it. Throws `BadRequest`. */
export const historyPage = async (context: Context, view: ControllerView, now: number): Promise<Response> => {
  const asked = filledOf(context);
  const limited = new URLSearchParams({limit: ROWS, ...Object.fromEntries(asked)});
  const shown = await gatheredHistory(limited, view);
  const {items, next} = shown;
  const older =
    next === null ? '' : html`<a rel="next" href="${linkTo('history', asked, {cursor: next})}">older</a> · `;
  const all = linkTo('history.csv', asked, {cursor: undefined, limit: undefined});
  const body = html`
    <h1>History</h1>
    ${filters(asked)}
    ${live('rows', html`${missingHtml(shown)}${historyTable(items, now, view)}<p>${older}<a href="${all}" download>all of it, as CSV</a></p>`)}`;
  return page(context, {title: 'History', body, now, events: ''});
};
