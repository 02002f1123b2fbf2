import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import {campaignKey} from '../domain/campaign.ts';
import {compareText} from '../domain/diagnostic.ts';
import {isState, parseLabels, type Selection} from '../domain/selection.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {type Answer, askOthers, type Fleet} from './fleet.ts';
import {jsonAnswer, problem} from './problem.ts';

/** Where campaigns come from. */
export type CampaignSource = Pick<Campaigns, 'page'> & {
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
};

const DEFAULT_LIMIT = 100;
const HIGHEST_LIMIT = 1000;

/** The parameters, each once, and no others. */
const PARAMETERS = ['workspace', 'state', 'label', 'limit', 'cursor', 'scope'] as const;
type Parameter = (typeof PARAMETERS)[number];
type Given = Partial<Record<Parameter, string>>;

/** What is asked for. */
interface Query {
  readonly selection: Selection;
  readonly limit: number;
  /** The key after which the page begins; empty for the first. */
  readonly after: string;
  /** Only what this replica leads. */
  readonly isLocal: boolean;
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

const isLocalScope = (text: string | undefined): boolean => {
  if (text === undefined || text === 'replica') return text !== undefined;
  throw new BadRequest('scope must be replica, or be left out');
};

const queryOf = (context: Context): Query => {
  const {cursor, label, limit, scope, state, workspace} = parametersOf(context);
  return {
    selection: {workspace: workspaceOf(workspace), state: stateOf(state), labels: labelsOf(label)},
    limit: limitOf(limit),
    after: afterOf(cursor),
    isLocal: isLocalScope(scope),
  };
};

interface PageView {
  readonly items: readonly CampaignView[];
  readonly next: string | null;
}

const ownPage = (source: CampaignSource, {after, limit, selection}: Query): PageView => {
  const {items, next} = source.page(selection, after, limit);
  return {
    items: items.map(({finding, lastOutcome}) => campaignView(finding, lastOutcome)),
    next: next === undefined ? null : toCursor(next),
  };
};

const keyOf = ({campaignId, workspace}: CampaignView): string => campaignKey(workspace, campaignId);

const isView = (value: unknown): value is CampaignView =>
  typeof value === 'object' && value !== null && 'workspace' in value && 'campaignId' in value;

const pageOf = (answer: Answer): PageView => {
  const {items, next} = answer.ok ? answer.body : {};
  return {
    items: Array.isArray(items) ? items.filter(isView) : [],
    next: typeof next === 'string' ? next : null,
  };
};

/** One page out of the pages of all replicas, which have no workspace in common. */
const wholePage = async (own: PageView, fleet: Fleet, {limit}: Query, query: URLSearchParams) => {
  const answers = await askOthers(fleet, '/api/v1/campaigns', query);
  const pages = [own, ...answers.map(pageOf)];
  const all = pages.flatMap(({items}) => items).toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > limit || pages.some(({next}) => next !== null);
  const unanswered = answers.flatMap(answer =>
    answer.ok ? [] : [{...answer.replica, message: answer.message}],
  );
  return {items, next: isMore && last ? toCursor(keyOf(last)) : null, unanswered, unled: fleet.unled};
};

/** A page of campaigns, in the order of their keys: of all replicas, or with `scope=replica` of this one. */
export const campaigns = async (context: Context, source: CampaignSource): Promise<Response> => {
  try {
    const query = queryOf(context);
    const own = ownPage(source, query);
    const fleet = query.isLocal ? undefined : source.fleet?.();
    const asked = new URL(context.req.url).searchParams;
    return jsonAnswer(context, fleet ? await wholePage(own, fleet, query, asked) : own);
  } catch (error) {
    if (error instanceof BadRequest) return problem(context, 400, error.message);
    throw error;
  }
};
