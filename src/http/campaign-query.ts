import type {PageQuery} from '../controller/page.ts';
import {CAUSES} from '../domain/assess.ts';
import {BY_WORKSPACE, ORDERS, type Order, type OrderPlace, orderText, parseOrder} from '../domain/order.ts';
import {isState, parseLabels, type Selection, wordsOf} from '../domain/selection.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import {BadRequest, fromCursor, isLocalScope, limitOf, parametersOf, workspaceOf} from './parameters.ts';

const PARAMETERS = [
  'workspace',
  'state',
  'cause',
  'mode',
  'label',
  'search',
  'sort',
  'limit',
  'cursor',
  'scope',
] as const;

/** What is asked for. */
export interface Query extends PageQuery {
  /** Only what this replica leads. */
  readonly isLocal: boolean;
}

const stateOf = (text: string | undefined): Selection['state'] => {
  if (text === undefined || isState(text)) return text;
  throw new BadRequest(`state must be one of ${CAMPAIGN_STATES.join(', ')}`);
};

const causeOf = (text: string | undefined): Selection['cause'] => {
  const cause = CAUSES.find(one => one === text);
  if (text === undefined || cause) return cause;
  throw new BadRequest(`cause must be one of ${CAUSES.join(', ')}`);
};

const modeOf = (text: string | undefined): Selection['mode'] => {
  if (text === undefined || text === 'enforce' || text === 'detect') return text;
  throw new BadRequest('mode must be enforce or detect');
};

const labelsOf = (text: string | undefined): Selection['labels'] => {
  const labels = text === undefined ? [] : parseLabels(text);
  if (labels) return labels;
  throw new BadRequest('label must be a label selector, such as team=billing,!frozen');
};

const orderOf = (text: string | undefined): Order => {
  const order = text === undefined ? BY_WORKSPACE : parseOrder(text);
  if (order) return order;
  throw new BadRequest(`sort must be one of ${ORDERS.join(', ')}; with - in front, the last one comes first`);
};

/** The place that a text is in an order; undefined where it is none in it. */
const placeIn = (order: Order, text: string): OrderPlace | undefined => {
  try {
    const [value, key, by, ...rest]: readonly unknown[] = JSON.parse(text);
    const isOne = typeof value === 'string' && typeof key === 'string' && rest.length === 0;
    return isOne && by === orderText(order) ? {value, key} : undefined;
  } catch {
    return undefined;
  }
};

/** A place in an order as text, which a cursor holds. */
export const placeText = (order: Order, {key, value}: OrderPlace): string =>
  JSON.stringify([value, key, orderText(order)]);

/** The place that a cursor holds. */
const afterOf = (order: Order, cursor: string | undefined): OrderPlace | undefined =>
  cursor === undefined
    ? undefined
    : placeIn(
        order,
        fromCursor(cursor, text => placeIn(order, text) !== undefined),
      );

/** Reads what is asked for. Throws `BadRequest`. */
export const queryOf = (asked: URLSearchParams): Query => {
  const {cause, cursor, label, limit, mode, scope, search, sort, state, workspace} = parametersOf(
    asked,
    PARAMETERS,
  );
  const order = orderOf(sort);
  return {
    selection: {
      workspace: workspaceOf(workspace),
      state: stateOf(state),
      cause: causeOf(cause),
      mode: modeOf(mode),
      labels: labelsOf(label),
      words: wordsOf(search ?? ''),
    },
    order,
    limit: limitOf(limit),
    after: afterOf(order, cursor),
    isLocal: isLocalScope(scope),
  };
};
