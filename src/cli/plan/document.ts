import {z} from 'zod';
import {CAUSES} from '../../domain/assess.ts';
import {DESIRED_STATUSES} from '../../domain/campaign.ts';
import type {Diagnostic} from '../../domain/diagnostic.ts';
import {type Proposal, type ProposalSummary, summariseProposal} from '../../domain/proposal.ts';
import type {ProposedChange} from '../../domain/proposed-change.ts';
import {CAMPAIGN_STATES} from '../../domain/states.ts';
import {rfc3339} from '../../domain/time.ts';
import {ACTIONS} from '../../domain/transitions.ts';
import {aheadSchema} from './ahead.ts';

const time = z.iso.datetime();
const count = z.int().nonnegative();

const note = z
  .object({
    code: z.string().describe('Stable: see docs/pull-requests.md.'),
    severity: z.enum(['info', 'warning', 'error']),
    message: z.string(),
  })
  .describe('Something to know of one campaign before it is approved.');

const change = z
  .object({
    workspace: z.string(),
    campaignId: z.string(),
    name: z.string().describe('The name in Git, or the platform’s where Git has none.'),
    source: z
      .object({file: z.string(), line: z.int()})
      .nullable()
      .describe('Where it is declared, by its path in the repository.'),
    desired: z.enum(DESIRED_STATUSES).nullable(),
    live: z.string().nullable().describe('The status as the platform gave it.'),
    liveUpdatedBy: z.string().nullable(),
    liveUpdatedAt: time.nullable(),
    state: z.enum(CAMPAIGN_STATES),
    effect: z
      .enum(['act', 'later', 'none', 'error'])
      .describe(
        'later: by itself, when a hold or a freeze ends; error: it asks for what can never come true.',
      ),
    steps: z
      .array(z.enum(ACTIONS))
      .describe('What would be sent, in order; empty unless effect is act or later.'),
    cause: z.enum(CAUSES).nullable(),
    reason: z.string().describe('A sentence: why it differs, or why not.'),
    declaredReason: z.string().nullable().describe('What the declaration gives as its reason.'),
    notes: z.array(note),
  })
  .describe('What a revision means for one campaign.');

export const revisionSchema = z
  .object({
    requested: z.string().nullable().describe('The name that was asked for; null for the files on disk.'),
    id: z.string().describe('The commit’s hash, or for files on disk a digest.'),
    digest: z
      .string()
      .describe('Of the declaration files: two revisions that declare the same have the same.'),
  })
  .describe('A state of the declarations.');

export const diagnosticSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  workspace: z.string().optional(),
  campaignId: z.string().optional(),
});

const summary = z
  .object({
    pause: count,
    cancel: count,
    resume: count,
    irreversible: count.describe('The cancels, now or later.'),
    later: count.describe(
      'Would be acted on only when their hold or freeze ends; they count in no action above.',
    ),
    noAction: count.describe('Declared otherwise by this change, and in place.'),
    errors: count.describe('Campaigns that can never come true, or whose declaration is invalid.'),
    anyway: count.describe('Would be acted on without this change too.'),
    stuck: count.describe('Differ in either part, and nothing is sent: held, or only to be reported.'),
    completed: count.describe('Ran their course: their files can be retired.'),
    declared: count.describe('Campaigns that the revision declares.'),
    unmanaged: count.describe('Live campaigns that are not over, and that it does not declare.'),
  })
  .describe('Counts of campaigns in `changes`, unless they say otherwise.');

const problem = z.object({code: z.string(), message: z.string()});

/** A plan as `--format json` prints it and `--out` saves it. */
export const planSchema = z
  .object({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Plan'),
    createdAt: time.describe('When the live campaigns had been read.'),
    asOf: time.nullable().describe('The time that it was planned for; null where that is when it was made.'),
    platform: z.string().describe('The base URL that they were read from, or `simulator`.'),
    revision: revisionSchema,
    base: revisionSchema
      .nullable()
      .describe('What it is compared with; without one everything is in `changes`.'),
    summary,
    ahead: aheadSchema
      .nullable()
      .describe('What this change will do by itself in the next 30 days; null without a base.'),
    changes: z.array(change).describe('What this revision brings.'),
    anyway: z.array(change).describe('What would happen without it all the same.'),
    diagnostics: z.array(diagnosticSchema).describe('What is wrong in the declarations, by this change.'),
    anywayDiagnostics: z.array(diagnosticSchema).describe('What is wrong in them at the base as well.'),
    problems: z.array(problem).describe('What keeps the plan from being whole, or from being applied.'),
    checksum: z.string().describe('SHA-256 of the document without this key, as one line of JSON.'),
  })
  .describe('What a revision of the declarations would do to the live campaigns.');

/** The code of what a controller would stop as a whole. Such a plan is whole. */
export const LIMIT_EXCEEDED = 'limit-exceeded';

/** True where everything that a plan should know is in it. */
export const isWhole = ({problems}: Pick<PlanDocument, 'problems'>): boolean =>
  problems.every(({code}) => code === LIMIT_EXCEEDED);

export type PlanRevision = z.infer<typeof revisionSchema>;
export type PlanProblem = z.infer<typeof problem>;

/** A plan, in the domain's own words for what it holds. */
export type PlanDocument = Omit<z.infer<typeof planSchema>, keyof Contents> & Contents;

interface Contents {
  readonly changes: readonly ProposedChange[];
  readonly anyway: readonly ProposedChange[];
  readonly diagnostics: readonly Diagnostic[];
  readonly anywayDiagnostics: readonly Diagnostic[];
  readonly problems: readonly PlanProblem[];
  readonly summary: ProposalSummary;
}

type About = Pick<
  PlanDocument,
  'platform' | 'asOf' | 'revision' | 'base' | 'ahead' | 'problems' | 'diagnostics' | 'anywayDiagnostics'
>;

/** Puts together what a plan says, but for its checksum. */
export const toDocument = (
  about: About,
  proposal: Proposal,
  now: number,
): Omit<PlanDocument, 'checksum'> => ({
  apiVersion: 'rollcall.dev/v1',
  kind: 'Plan',
  createdAt: rfc3339(now),
  ...about,
  summary: summariseProposal(proposal, about.diagnostics),
  changes: proposal.changes,
  anyway: proposal.anyway,
});
