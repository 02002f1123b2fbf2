import {z} from 'zod';
import {CAUSES} from '../domain/assess.ts';
import {BLOCK_REASONS} from '../domain/blocked.ts';
import {RECORD_KINDS} from '../domain/history.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {count, named, next, time, unanswered, unled} from './schemas.ts';

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
    next: z.string().describe('What will happen to it next, by itself, as far as is known.'),
    declaredReason: z.string().nullable().describe('Why, in the words of its file.'),
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
    perhapsOwn: z
      .boolean()
      .default(false)
      .describe('It was made under Rollcall’s name before this process began: nobody knows.'),
    outcome: z.string().nullable(),
    message: z.string().nullable(),
    replica: z.string(),
  }),
);

export const historyPageSchema = named(
  'HistoryPage',
  z.object({items: z.array(recordSchema).describe('The newest first.'), next, unanswered}),
);
