import type {Context} from 'hono';
import {html} from 'hono/html';
import {type RecordView, recordOfView} from '../../domain/history.ts';
import {recordText} from '../../domain/record-text.ts';
import {gatheredHistory, type HistorySource} from '../history.ts';
import {filledOf} from '../parameters.ts';
import {campaignLink, type Html, page, tableHtml, timeHtml} from './layout.ts';

/** Records as a table, the newest first. */
export const historyTable = (items: readonly RecordView[], now: number): Html =>
  tableHtml(
    'What was decided, done and seen',
    ['when', 'campaign', 'workspace', 'what'],
    items.map(item => [
      timeHtml(item.at, now),
      campaignLink(item),
      item.workspace,
      recordText(recordOfView(item)),
    ]),
    'Nothing is known.',
  );

/** The history, page by page as the API has it. Throws `BadRequest`. */
export const historyPage = async (
  context: Context,
  source: HistorySource,
  now: number,
): Promise<Response> => {
  const {name = ''} = context.req.query();
  const asked = filledOf(context);
  const {items, next} = await gatheredHistory(asked, source);
  if (next !== null) asked.set('cursor', next);
  const more = next === null ? '' : html`<p><a href="/history?${asked.toString()}">older</a></p>`;
  const body = html`
    <h1>History</h1>
    <form method="get" action="/history">
      <label>campaign <input name="name" value="${name}" placeholder="name, id or *" /></label>
      <button>Show</button>
    </form>
    ${historyTable(items, now)}${more}`;
  return page(context, {title: 'History', body, now});
};
