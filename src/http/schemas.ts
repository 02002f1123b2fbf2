import {z} from 'zod';
import {UPCOMING_KINDS} from '../domain/agenda.ts';
import {CAUSES} from '../domain/assess.ts';
import {BLOCK_REASONS} from '../domain/blocked.ts';
import {RECORD_KINDS} from '../domain/history.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import {ACTIONS} from '../domain/transitions.ts';

/** The schemas by which answers are known: in the description of the API, and in what one replica tells another. */
export const answerSchemas = z.registry<{id: string}>();

const named = <T extends z.ZodType>(id: string, schema: T): T => {
  answerSchemas.add(schema, {id});
  return schema;
};

const time = z.iso.datetime().describe('RFC 3339, in UTC.');
const count = z.int().nonnegative();
const next = z
  .string()
  .nullable()
  .describe('What cursor is to be for the items after these; null at the end.');

const unanswered = z
  .array(z.object({identity: z.string(), workspaces: z.array(z.string()), message: z.string()}))
  .optional()
  .describe('Replicas that did not answer: what they know is missing. Not there where there is one process.');

const unled = z
  .array(z.string())
  .optional()
  .describe('Workspaces that no replica leads now. Not there where there is one process.');

const summary = z
  .partialRecord(z.enum(CAMPAIGN_STATES), count)
  .describe('Campaigns by state; a state that none is in may be left out.');

const campaignShape = {
  workspace: z.string(),
  campaignId: z.string(),
  name: z.string().describe('The name in Git, or the platform’s where Git has none.'),
  labels: z.record(z.string(), z.string()),
  desired: z.string().nullable().describe('The status that Git wants.'),
  live: z.string().nullable().describe('The status as the platform gave it.'),
  state: z.enum(CAMPAIGN_STATES),
  cause: z.enum(CAUSES).nullable().describe('Why it differs, where an action could mend that.'),
  mode: z.enum(['enforce', 'detect']),
  reason: z.string().describe('A sentence: why it is in this state.'),
  steps: z.array(z.enum(ACTIONS)).describe('The actions that would be sent, in order.'),
  liveUpdatedBy: z.string().nullable(),
  liveUpdatedAt: time.nullable(),
  lastOutcome: z
    .object({kind: z.string(), message: z.string(), at: time})
    .nullable()
    .describe('How the last action of this process ended.'),
  source: z.object({file: z.string(), line: z.int()}).nullable().describe('Where it is declared.'),
};

const campaignSchema = named('Campaign', z.object(campaignShape));

export const campaignDetailSchema = named(
  'CampaignDetail',
  z.object({
    ...campaignShape,
    since: time.nullable().describe('Since when it differs as it does now.'),
    blocked: z.enum(BLOCK_REASONS).nullable().describe('What keeps it from being corrected.'),
    retryAt: time.nullable().describe('Before then nothing is tried again.'),
    hold: z.object({reason: z.string(), owner: z.string().nullable(), until: time.nullable()}).nullable(),
    timetable: z
      .object({
        calendar: z.string().nullable(),
        open: z.boolean(),
        reason: z.string().describe('Why it is closed; empty where it is open.'),
        until: time.nullable().describe('When that changes; null where it never does.'),
      })
      .nullable()
      .describe('How its timetable stands now.'),
    window: z
      .object({
        startsAt: time.nullable(),
        endsAt: time.nullable(),
        schedule: z
          .object({start: z.string(), end: z.string(), days: z.array(z.string()), timezone: z.string()})
          .nullable(),
      })
      .nullable()
      .describe('When it may dial, where Rollcall has read it.'),
    notes: z
      .array(
        z.object({code: z.string(), severity: z.enum(['info', 'warning', 'error']), message: z.string()}),
      )
      .describe('What a plan would note.'),
  }),
);
export type CampaignDetail = z.infer<typeof campaignDetailSchema>;

export const campaignPageSchema = named(
  'CampaignPage',
  z.object({items: z.array(campaignSchema), next, unanswered, unled}),
);

const differenceSchema = named(
  'Difference',
  z.object({
    ...campaignShape,
    since: time.nullable().describe('Since when it differs as it does now.'),
    blocked: z.enum(BLOCK_REASONS).nullable().describe('What keeps it from being corrected.'),
  }),
);

export const differencesSchema = named(
  'Differences',
  z.object({
    items: z.array(differenceSchema).describe('The longest first; a bounded number of each workspace.'),
    omitted: z.record(z.string(), count).describe('How many more there are, by workspace.'),
    unanswered,
    unled,
  }),
);

const recordSchema = named(
  'Record',
  z.object({
    id: z.int(),
    at: time,
    kind: z.enum(RECORD_KINDS),
    workspace: z.string(),
    campaignId: z.string(),
    name: z.string(),
    revision: z.string().nullable(),
    author: z.string().nullable(),
    committedAt: time.nullable(),
    desired: z.string().nullable(),
    from: z.string().nullable(),
    action: z.string().nullable(),
    to: z.string().nullable(),
    cause: z.string().nullable(),
    changedBy: z.string().nullable(),
    changedAt: time.nullable(),
    own: z.boolean().describe('An action of Rollcall’s made the status.'),
    outcome: z.string().nullable(),
    message: z.string().nullable(),
    replica: z.string(),
  }),
);

export const historyPageSchema = named(
  'HistoryPage',
  z.object({items: z.array(recordSchema).describe('The newest first.'), next, unanswered}),
);

const diagnostic = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
  workspace: z.string().optional(),
  campaignId: z.string().optional(),
});

const condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  lastTransitionAt: time,
});

const replica = z.object({
  identity: z.string(),
  workspaces: z.array(z.string()),
  observedAt: time.nullable(),
  revision: z.string().nullable(),
  message: z.string().nullable().describe('Why it did not answer; null where it did.'),
});

export const reportSchema = named(
  'Report',
  z.object({
    revision: z.string().nullable().describe('The revision in force: a commit, or a digest of a folder.'),
    source: z.object({
      author: z.string().nullable(),
      subject: z.string().nullable(),
      committedAt: time.nullable(),
      readAt: time.nullable().describe('When the source was last read, whatever was new in it.'),
    }),
    observedAt: time,
    leader: z.boolean(),
    conditions: z.array(condition),
    summary,
    diagnostics: z.array(diagnostic).describe('What is wrong; a bounded number of problems.'),
    diagnosticsOmitted: count.optional().describe('How many more there are, where there are more.'),
    webhook: z.object({at: time, result: z.string()}).nullable().optional().describe('The last delivery.'),
    replicas: z.array(replica).optional(),
    unled,
  }),
);

const workspaceSchema = named(
  'Workspace',
  z.object({
    name: z.string(),
    leader: z.string().nullable().describe('The replica that works on it; null where there is one process.'),
    mode: z.enum(['enforce', 'detect']),
    readAt: time.nullable().describe('When the platform was last read to the end of what was asked for.'),
    trouble: z.object({reason: z.string(), message: z.string()}).nullable(),
    summary,
    blocked: z.record(z.enum(BLOCK_REASONS), count).describe('Campaigns that differ, by what keeps them.'),
    dialling: z
      .object({number: count, since: time.nullable()})
      .describe('Campaigns that dial although Git wants them silent.'),
    oldest: z.object({pending: time.nullable(), timetable: time.nullable(), drifted: time.nullable()}),
    rate: z.object({slots: count, used: count}),
  }),
);
export type WorkspaceView = z.infer<typeof workspaceSchema>;

export const workspacesSchema = named(
  'Workspaces',
  z.object({items: z.array(workspaceSchema), unanswered, unled}),
);

export const upcomingSchema = named(
  'Upcoming',
  z.object({
    at: time,
    kind: z.enum(UPCOMING_KINDS),
    workspace: z.string(),
    number: count.describe('How many campaigns.'),
    first: z.array(z.object({campaignId: z.string(), name: z.string()})).describe('A few of them.'),
    what: z.string(),
    begins: time
      .nullable()
      .describe('When Rollcall begins with it, where that is earlier: the pauses of a closing.'),
    timezone: z.string().nullable().describe('By whose clocks it happens, where that is said.'),
  }),
);
export type UpcomingView = z.infer<typeof upcomingSchema>;

export const upcomingListSchema = named(
  'UpcomingList',
  z.object({
    until: time,
    items: z.array(upcomingSchema),
    omitted: count.describe('How many more there are, later ones.'),
    unanswered,
    unled,
  }),
);

export const problemSchema = named(
  'Problem',
  z
    .object({type: z.string(), title: z.string(), status: z.int(), detail: z.string()})
    .describe('RFC 9457: what is wrong with a request, and what to do.'),
);
