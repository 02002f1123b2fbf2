import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import {isState, parseLabels, type Selection} from '../domain/selection.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import {campaignView} from '../domain/view.ts';
import {jsonAnswer, problem} from './problem.ts';

/** Where campaigns come from. */
export type CampaignSource = Pick<Campaigns, 'page'>;

const DEFAULT_LIMIT = 100;
const HIGHEST_LIMIT = 1000;

/** The parameters, each once, and no others. */
const PARAMETERS = ['workspace', 'state', 'label', 'limit', 'cursor'] as const;
type Parameter = (typeof PARAMETERS)[number];
type Given = Partial<Record<Parameter, string>>;

/** What is asked for. */
interface Query {
  readonly selection: Selection;
  readonly limit: number;
  /** The key after which the page begins; empty for the first. */
  readonly after: string;
}

/** A request that asks for what there cannot be. */
class BadRequest extends Error {}

const isParameter = (name: string): name is Parameter => PARAMETERS.some(known => known === name);

const parametersOf = (context: Context): Given => {
  const given: Given = {};
  for (const [name, values] of Object.entries(context.req.queries())) {
    if (!isParameter(name))
      throw new BadRequest(
        `there is no parameter ${JSON.stringify(name)}: there are ${PARAMETERS.join(', ')}`,
      );
    const [value, second] = values;
    if (second !== undefined) throw new BadRequest(`${name} is given more than once`);
    if (value !== undefined) given[name] = value;
  }
  return given;
};

const limitOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= HIGHEST_LIMIT) return limit;
  throw new BadRequest(`limit must be a whole number from 1 to ${HIGHEST_LIMIT}`);
};

const stateOf = (text: string | undefined): Selection['state'] => {
  if (text === undefined || isState(text)) return text;
  throw new BadRequest(`state must be one of ${CAMPAIGN_STATES.join(', ')}`);
};

const labelsOf = (text: string | undefined): Selection['labels'] => {
  const labels = text === undefined ? [] : parseLabels(text);
  if (labels) return labels;
  throw new BadRequest('label must be a label selector, such as team=billing,!frozen');
};

const workspaceOf = (text: string | undefined): string | undefined => {
  if (text === undefined || /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new BadRequest('workspace must be the name of a workspace, as the configuration has it');
};

const toCursor = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');

/** The key that a cursor holds: of the form that this server gives out, and no other. */
const afterOf = (cursor: string | undefined): string => {
  if (cursor === undefined) return '';
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key.includes('/') && toCursor(key) === cursor) return key;
  throw new BadRequest('cursor must be the value of next from an earlier answer, as it was');
};

const queryOf = (context: Context): Query => {
  const {cursor, label, limit, state, workspace} = parametersOf(context);
  return {
    selection: {workspace: workspaceOf(workspace), state: stateOf(state), labels: labelsOf(label)},
    limit: limitOf(limit),
    after: afterOf(cursor),
  };
};

/** A page of campaigns, in the order of their keys. */
export const campaigns = (context: Context, source: CampaignSource): Response => {
  try {
    const {after, limit, selection} = queryOf(context);
    const {items, next} = source.page(selection, after, limit);
    return jsonAnswer(context, {
      items: items.map(({finding, lastOutcome}) => campaignView(finding, lastOutcome)),
      next: next === undefined ? null : toCursor(next),
    });
  } catch (error) {
    if (error instanceof BadRequest) return problem(context, 400, error.message);
    throw error;
  }
};
