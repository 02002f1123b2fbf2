import type {Context} from 'hono';
import {csv} from '../domain/csv.ts';
import {RECORD_COLUMNS} from '../domain/history.ts';
import {gatheredHistory, type HistorySource} from './history.ts';
import {filledOf, HIGHEST_LIMIT} from './parameters.ts';
import {problem} from './problem.ts';

/** The history as a spreadsheet takes it: all that is asked for, read page by page as it is taken; where a replica falls silent meanwhile it breaks off, so that nobody takes it for whole. Throws `BadRequest`. */
export const historyCsv = async (context: Context, source: HistorySource): Promise<Response> => {
  const asked = filledOf(context);
  asked.set('limit', String(HIGHEST_LIMIT));
  let page = await gatheredHistory(asked, source);
  const [silent] = page.unanswered ?? [];
  if (silent)
    return problem(
      context,
      503,
      `replica ${silent.identity} does not answer, and what it knows would be missing: ask again`,
      {'retry-after': '5'},
    );
  let isFirst = true;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async sink => {
      const text = csv(RECORD_COLUMNS, page.items);
      sink.enqueue(encoder.encode(isFirst ? text : text.slice(text.indexOf('\n') + 1)));
      isFirst = false;
      if (page.next === null) return sink.close();
      asked.set('cursor', page.next);
      page = await gatheredHistory(asked, source);
      const [lost] = page.unanswered ?? [];
      if (lost) sink.error(new Error(`replica ${lost.identity} does not answer any more`));
    },
  });
  return context.body(body, 200, {
    'content-type': 'text/csv; charset=UTF-8; header=present',
    'content-disposition': 'attachment; filename="rollcall-history.csv"',
  });
};
