import type {Context} from 'hono';
import {z} from 'zod';
import {CAUSES} from '../domain/assess.ts';
import {RECORD_KINDS} from '../domain/history.ts';
import {ORDERS} from '../domain/order.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import {campaign} from './campaign.ts';
import {
  campaignDetailSchema,
  campaignPageSchema,
  differencesSchema,
  historyPageSchema,
} from './campaign-schemas.ts';
import {campaigns} from './campaigns.ts';
import {differences} from './differences.ts';
import {history} from './history.ts';
import {DEFAULT_LIMIT, HIGHEST_LIMIT} from './parameters.ts';
import {report} from './report.ts';
import {reportSchema, upcomingListSchema, workspacesSchema} from './report-schemas.ts';
import {upcoming} from './upcoming.ts';
import type {ControllerView} from './view.ts';
import {workspaces} from './workspaces.ts';

/** What a request may ask for by name. */
export interface Parameter {
  readonly name: string;
  readonly place: 'path' | 'query';
  readonly description: string;
  readonly schema: z.ZodType;
}

/** One path of the API: what it is asked with, what it answers, and what makes the answer. */
export interface Endpoint {
  /** With `{name}` for each part that is a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly answer: z.ZodType;
  readonly handle: (context: Context, view: ControllerView) => Response | Promise<Response>;
}

const query = (name: string, description: string, schema: z.ZodType = z.string()): Parameter => ({
  name,
  place: 'query',
  description,
  schema,
});

const inPath = (name: string, description: string): Parameter => ({
  name,
  place: 'path',
  description,
  schema: z.string(),
});

const TIME = z.iso.datetime({offset: true});

const WORKSPACE = query('workspace', 'Only what is in this workspace.');
const LIMIT = query(
  'limit',
  'How many items an answer may have.',
  z.int().min(1).max(HIGHEST_LIMIT).default(DEFAULT_LIMIT),
);
const CURSOR = query('cursor', 'The value of next from an earlier answer: what comes after it.');
const SCOPE = query(
  'scope',
  'replica: only what the replica knows that is asked; else of all replicas.',
  z.enum(['replica']),
);

const SORT = z.enum(ORDERS.flatMap(by => [by, `-${by}`]));

const CAMPAIGN_PARAMETERS = [
  WORKSPACE,
  query('state', 'Only campaigns in this state.', z.enum(CAMPAIGN_STATES)),
  query('cause', 'Only those that differ for this cause.', z.enum(CAUSES)),
  query('mode', 'Only those of this mode.', z.enum(['enforce', 'detect'])),
  query('label', 'A label selector as Kubernetes has it, such as team=billing,!frozen.'),
  query('search', 'Words, each of which is part of a name, an id, a workspace or a label.'),
  query('sort', 'The order; with - in front, upside down.', SORT.default('workspace')),
  LIMIT,
  CURSOR,
  SCOPE,
];

const HISTORY_PARAMETERS = [
  WORKSPACE,
  query('name', 'A campaign’s name or id, or workspace/name; * and ? stand for any text and one character.'),
  query('kind', 'Only records of this kind.', z.enum(RECORD_KINDS)),
  query('since', 'From then on.', TIME),
  query('until', 'Before then.', TIME),
  LIMIT,
  CURSOR,
  SCOPE,
];

/** Every path of the API that answers with JSON. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    path: '/api/v1/report',
    summary: 'What is so of the whole: revision, conditions, numbers, diagnostics',
    parameters: [SCOPE],
    answer: reportSchema,
    handle: report,
  },
  {
    path: '/api/v1/workspaces',
    summary: 'How every workspace stands',
    parameters: [SCOPE],
    answer: workspacesSchema,
    handle: workspaces,
  },
  {
    path: '/api/v1/campaigns',
    summary: 'Campaigns, page by page',
    parameters: CAMPAIGN_PARAMETERS,
    answer: campaignPageSchema,
    handle: campaigns,
  },
  {
    path: '/api/v1/campaigns/{workspace}/{campaign}',
    summary: 'One campaign',
    parameters: [
      inPath('workspace', 'The workspace, as the configuration names it.'),
      inPath('campaign', 'The campaign’s id, or its name where no other of the workspace has the same.'),
      SCOPE,
    ],
    answer: campaignDetailSchema,
    handle: campaign,
  },
  {
    path: '/api/v1/differences',
    summary: 'The campaigns that differ from Git, since when, and what keeps them',
    parameters: [SCOPE],
    answer: differencesSchema,
    handle: differences,
  },
  {
    path: '/api/v1/upcoming',
    summary: 'What will happen by itself: holds that run out, windows and hours that open and close',
    parameters: [query('until', 'Up to then; a day ahead where it is not given.', TIME), SCOPE],
    answer: upcomingListSchema,
    handle: upcoming,
  },
  {
    path: '/api/v1/history',
    summary: 'What was decided, done and seen',
    parameters: HISTORY_PARAMETERS,
    answer: historyPageSchema,
    handle: history,
  },
];
