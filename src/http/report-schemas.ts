import {z} from 'zod';
import {UPCOMING_KINDS} from '../domain/agenda.ts';
import {BLOCK_REASONS} from '../domain/blocked.ts';
import {count, named, summary, time, unanswered, unled} from './schemas.ts';

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
