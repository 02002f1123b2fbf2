import type {Context} from 'hono';
import {
  type HistoryPage,
  type HistoryPlace,
  type HistoryQuery,
  isLater,
  isRecordKind,
  RECORD_KINDS,
  type RecordView,
  recordView,
} from '../domain/history.ts';
import {historyPageSchema} from './campaign-schemas.ts';
import {askEvery, bodiesOf, type Fleet, type Gaps, unansweredOf} from './fleet.ts';
import {
  answered,
  askedOf,
  BadRequest,
  fromCursor,
  isLocalScope,
  limitOf,
  parametersOf,
  timeOf,
  toCursor,
  workspaceOf,
} from './parameters.ts';
import {jsonAnswer} from './problem.ts';

/** Where the history comes from. */
export interface HistorySource {
  /** Records, the newest first, from after a place on. */
  history(query: HistoryQuery, after: HistoryPlace | undefined, limit: number): Promise<HistoryPage>;
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
}

const PARAMETERS = ['workspace', 'name', 'kind', 'since', 'until', 'limit', 'cursor', 'scope'] as const;

const kindOf = (text: string | undefined): HistoryQuery['kind'] => {
  if (text === undefined || isRecordKind(text)) return text;
  throw new BadRequest(`kind must be one of ${RECORD_KINDS.join(', ')}`);
};

const placeText = ({at, id, replica}: HistoryPlace): string => `${at} ${id} ${replica}`;
const PLACE = /^(\d{1,15}) (\d{1,15}) (.*)$/s;

const placeOf = (cursor: string | undefined): HistoryPlace | undefined => {
  if (cursor === undefined) return undefined;
  const [, at, id, replica = ''] = PLACE.exec(fromCursor(cursor, text => PLACE.test(text))) ?? [];
  return {at: Number(at), id: Number(id), replica};
};

const queryOf = (asked: URLSearchParams) => {
  const {cursor, kind, limit, name, scope, since, until, workspace} = parametersOf(asked, PARAMETERS);
  return {
    selection: {
      workspace: workspaceOf(workspace),
      name,
      kind: kindOf(kind),
      since: timeOf('since', since),
      until: timeOf('until', until),
    },
    limit: limitOf(limit),
    after: placeOf(cursor),
    isLocal: isLocalScope(scope),
  };
};

interface PageView extends Gaps {
  readonly items: readonly RecordView[];
  readonly next: string | null;
}

const viewOf = ({items, next}: HistoryPage): PageView => ({
  items: items.map(recordView),
  next: next ? toCursor(placeText(next)) : null,
});

const placeIn = ({at, id, replica}: RecordView): HistoryPlace => ({at: Date.parse(at), id, replica});

/** One page out of the pages of all replicas, each of which has written what it did itself. */
const wholePage = async (own: PageView, fleet: Fleet, limit: number, asked: URLSearchParams) => {
  const answers = await askEvery(fleet, '/api/v1/history', asked, historyPageSchema);
  const pages = [own, ...bodiesOf(answers)];
  const all = pages
    .flatMap(({items}) => items)
    .toSorted((a, b) => (isLater(placeIn(a), placeIn(b)) ? -1 : 1));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > limit || pages.some(({next}) => next !== null);
  return {
    items,
    next: isMore && last ? toCursor(placeText(placeIn(last))) : null,
    unanswered: unansweredOf(answers),
  };
};

/** The records that are asked for: of all replicas, or with `scope=replica` of this one. Throws `BadRequest`. */
export const gatheredHistory = async (asked: URLSearchParams, source: HistorySource): Promise<PageView> => {
  const {after, isLocal, limit, selection} = queryOf(asked);
  const own = viewOf(await source.history(selection, after, limit));
  const fleet = isLocal ? undefined : source.fleet?.();
  return fleet ? await wholePage(own, fleet, limit, asked) : own;
};

/** A page of the history, the newest first. */
export const history = (context: Context, source: HistorySource): Promise<Response> =>
  answered(context, async () => jsonAnswer(context, await gatheredHistory(askedOf(context), source)));
