import {z} from 'zod';
import {checkYaml} from '../document/check.ts';
import {duration} from '../document/duration.ts';
import {knownKeysOf} from '../document/known-keys.ts';
import {platformId} from '../document/names.ts';
import {parseYaml} from '../document/parse.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {STATUSES} from '../domain/transitions.ts';
import {DEFAULT_RULES, type Rules, type SimulatedCampaign} from './campaign.ts';
import {type Faults, faultsSchema} from './faults.ts';

/** A workspace of the simulated platform. */
export interface ScenarioWorkspace {
  readonly orgId: string;
  readonly workspaceId: string;
  readonly apiKey: string;
  readonly campaigns: readonly SimulatedCampaign[];
}

/** What the simulated platform starts with. */
export interface Scenario {
  readonly workspaces: readonly ScenarioWorkspace[];
  /** More requests than this in any stretch of `per` milliseconds are answered 429; undefined: no limit. */
  readonly rate: {readonly requests: number; readonly per: number} | undefined;
  readonly rules: Rules;
  readonly faults: Faults;
}

/** As the client has it: a shorter key is refused there. */
const SHORTEST_KEY = 8;

const campaign = z.strictObject({
  id: platformId,
  name: z.string().min(1),
  status: z.string().default('scheduled').describe(STATUSES.join(', ')),
  description: z.string().optional(),
  startsIn: duration('0s', '8760h').default(0),
  endsIn: duration('0s', '8760h').default(30 * 24 * 3_600_000),
  dialsFor: duration('0s', '8760h').optional(),
  updatedBy: z.string().optional(),
  allowedSchedule: z
    .strictObject({
      start: z.string(),
      end: z.string(),
      days: z.array(z.string()),
      timezone: z.string().optional(),
    })
    .optional(),
});

const scenarioSchema = z.strictObject({
  apiVersion: z.literal('rollcall.dev/v1'),
  kind: z.literal('Scenario'),
  concurrentCampaigns: z
    .union([z.int().min(1), z.strictObject({limit: z.int().min(1), code: z.literal([422, 429])})])
    .default(DEFAULT_RULES.concurrentCampaigns.limit)
    .describe(
      'How many campaigns of an organisation may be active or scheduled, and how one more is refused.',
    ),
  activeWithin: z
    .enum(['window', 'hours'])
    .default(DEFAULT_RULES.activeWithin)
    .describe('Whether a scheduled campaign waits for its allowed hours, or only for its window.'),
  automaticTransitionsTouch: z
    .boolean()
    .default(DEFAULT_RULES.automaticTransitionsTouch)
    .describe('Whether what happens by itself sets updated_at.'),
  rate: z.strictObject({requests: z.int().min(1), per: duration('1ms', '1h')}).optional(),
  faults: faultsSchema.prefault({}),
  workspaces: z
    .array(
      z.strictObject({
        orgId: platformId,
        workspaceId: platformId,
        apiKey: z.string().min(SHORTEST_KEY, `must have at least ${SHORTEST_KEY} characters`),
        campaigns: z.array(campaign).default([]),
      }),
    )
    .min(1),
});

const knownKeys = knownKeysOf(z.toJSONSchema(scenarioSchema, {io: 'input'}));

/** When the campaigns of a scenario were made: before any commit of whoever tries it, in the order of the file. */
const CREATED_AT = Date.UTC(2020, 0, 1);
const APART = 1000;

const toCampaigns = (items: readonly z.infer<typeof campaign>[], now: number): SimulatedCampaign[] =>
  items.map((item, index) => {
    const createdAt = CREATED_AT + index * APART;
    return {
      campaignId: item.id,
      name: item.name,
      description: item.description ?? null,
      appConfig: {app_id: 'agent-1', app_version: 1},
      status: item.status,
      createdBy: 'scenario',
      createdAt,
      updatedAt: createdAt,
      updatedBy: item.updatedBy ?? null,
      startsAt: now + item.startsIn,
      endsAt: now + item.endsIn,
      allowedSchedule: item.allowedSchedule
        ? {
            allowed_start_time: item.allowedSchedule.start,
            allowed_end_time: item.allowedSchedule.end,
            allowed_days: item.allowedSchedule.days,
            ...(item.allowedSchedule.timezone !== undefined && {timezone: item.allowedSchedule.timezone}),
          }
        : null,
      dialsFor: item.dialsFor ?? null,
    };
  });

/**
 * Reads a scenario. Its times are relative to `now` (epoch milliseconds), so that a file does not age.
 *
 * @param file the name to put into diagnostics
 */
export const parseScenario = (
  file: string,
  bytes: Uint8Array,
  now: number,
): {scenario: Scenario} | {diagnostics: readonly Diagnostic[]} => {
  const {documents, problems} = parseYaml(bytes);
  const [first] = documents;
  if (!first || problems.length > 0) {
    const empty = {code: 'required', message: 'the scenario is empty', line: 1, column: 1};
    return {diagnostics: (problems.length > 0 ? problems : [empty]).map(problem => ({...problem, file}))};
  }
  const checked = checkYaml(first, scenarioSchema, knownKeys);
  if (!checked.value) return {diagnostics: checked.problems.map(problem => ({...problem, file}))};
  const {activeWithin, automaticTransitionsTouch, concurrentCampaigns, faults, rate, workspaces} =
    checked.value;
  const limit =
    typeof concurrentCampaigns === 'number'
      ? {...DEFAULT_RULES.concurrentCampaigns, limit: concurrentCampaigns}
      : concurrentCampaigns;
  return {
    scenario: {
      rules: {concurrentCampaigns: limit, activeWithin, automaticTransitionsTouch},
      faults,
      rate,
      workspaces: workspaces.map(item => ({...item, campaigns: toCampaigns(item.campaigns, now)})),
    },
  };
};
