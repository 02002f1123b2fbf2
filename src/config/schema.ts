import {z} from 'zod';
import {duration} from '../document/duration.ts';
import {knownKeysOf} from '../document/known-keys.ts';
import {dnsLabel, platformId} from '../document/names.ts';
import {whenSound} from '../document/when-sound.ts';
import {history} from './history.ts';
import {http} from './http.ts';
import {leaderElection} from './leader-election.ts';
import {limitsSchema, resumeSchema} from './limits.ts';
import {type Partly, placedOnce, sameRateInGroup, unique} from './lists.ts';
import {notifications, secretReference} from './notifications.ts';
import {path, source} from './source.ts';
import {baseUrl} from './urls.ts';

const platform = z
  .strictObject({
    baseUrl: baseUrl.optional(),
    timeout: duration('100ms', '5m').prefault('10s'),
    probeInterval: duration('1s', '1h').prefault('5m'),
    caFile: path.optional(),
    simulator: z
      .strictObject({
        scenario: path,
        speed: z.number().positive().max(100_000).default(1),
        port: z.int().min(0).max(65_535).default(0),
      })
      .optional(),
  })
  .refine(({baseUrl, simulator}) => !(baseUrl && simulator), {
    message: 'takes either baseUrl or simulator, not both',
    ...whenSound(),
  });

const apiKey = secretReference('a literal key').describe('Where the key is; never the key itself.');

const requests = z.int().min(1).max(10_000);

const rate = z
  .strictObject({
    requests,
    per: duration('10ms', '1h'),
    reserve: z.int().min(0).default(0).describe('What the controller leaves free, for commands elsewhere.'),
    commands: requests.optional().describe('What a command may take; a fifth where it is not given.'),
  })
  .refine(({requests: all, reserve}) => reserve < all, {
    message: 'must be less than requests, or the controller has none',
    path: ['reserve'],
    ...whenSound('requests', 'reserve'),
  })
  .refine(({commands, requests: all}) => commands === undefined || commands <= all, {
    message: 'must not be more than requests',
    path: ['commands'],
    ...whenSound('requests', 'commands'),
  });

const workspace = z.strictObject({
  name: dnsLabel,
  orgId: platformId,
  workspaceId: platformId,
  apiKey: apiKey.optional(),
  rate: rate.prefault({requests: 5, per: '1s'}),
  rateGroup: dnsLabel.optional().describe('Workspaces of one group share one rate.'),
  concurrency: z.int().min(1).max(256).default(4),
  mode: z.enum(['enforce', 'detect']).default('enforce'),
  limits: limitsSchema,
  resume: resumeSchema,
});

/** The built-in simulator knows its own keys; everywhere else a workspace needs one. */
const keysGiven = (
  {
    platform: {simulator},
    workspaces,
  }: {platform: {simulator?: unknown}; workspaces: readonly Partly<{apiKey: unknown}>[]},
  context: z.RefinementCtx,
): void => {
  if (simulator || !Array.isArray(workspaces)) return;
  for (const [index, item] of workspaces.entries()) {
    const message = 'is required: {env: VARIABLE} or {file: PATH}';
    const isLacking = typeof item === 'object' && item !== null && item.apiKey === undefined;
    if (isLacking) context.addIssue({code: 'custom', path: ['workspaces', index, 'apiKey'], message});
  }
};

/** Replicas ask each other: one that lets in only whom a proxy names would shut the others out. */
const replicasLetIn = (
  {
    http: {auth: given},
    leaderElection: election,
  }: {
    http: {auth?: {tokenFile?: string | undefined} | undefined};
    leaderElection?: unknown;
  },
  context: z.RefinementCtx,
): void => {
  const message = 'is needed beside proxy where there is leaderElection: replicas ask each other with it';
  if (given && election && given.tokenFile === undefined)
    context.addIssue({code: 'custom', path: ['http', 'auth', 'tokenFile'], message});
};

const DEFAULT_RESYNC = 10 * 60_000;

const reconcile = z
  .strictObject({
    interval: duration('1s', '24h').prefault('30s'),
    resyncInterval: duration('10s', '24h')
      .optional()
      .describe('How often everything is read. Default: 10m, or interval where that is longer.'),
  })
  .refine(({interval, resyncInterval = interval}) => resyncInterval >= interval, {
    message: 'must not be less than interval: everything is read less often than it is looked for changes',
    path: ['resyncInterval'],
    ...whenSound('interval', 'resyncInterval'),
  })
  .transform(({interval, resyncInterval = Math.max(DEFAULT_RESYNC, interval)}) => ({
    interval,
    resyncInterval,
  }));

const controller = z.strictObject({
  apiVersion: z.literal('rollcall.dev/v1'),
  kind: z.literal('Controller'),
  source,
  platform: platform.prefault({}),
  workspaces: z
    .array(workspace)
    .min(1, 'needs at least one workspace')
    .superRefine(unique, whenSound())
    .superRefine(placedOnce, whenSound())
    .superRefine(sameRateInGroup),
  reconcile: reconcile.prefault({}),
  leaderElection: leaderElection.optional(),
  history: history.prefault({}),
  notifications: notifications.superRefine(unique, whenSound()).default([]),
  http: http.prefault({}),
  log: z
    .strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    })
    .prefault({}),
});

/** The controller's own configuration, `rollcall.yaml`. Durations come out in milliseconds. */
export const configSchema = controller
  .superRefine(keysGiven, whenSound('platform'))
  .superRefine(replicasLetIn, whenSound('http', 'leaderElection'));

export type Config = z.infer<typeof configSchema>;
export type LeaderElectionConfig = NonNullable<Config['leaderElection']>;
export type WorkspaceConfig = Config['workspaces'][number];

export const knownConfigKeys = knownKeysOf(z.toJSONSchema(configSchema, {io: 'input'}));

/** The JSON Schema (draft-07) of `rollcall.yaml`, made from the schema that Rollcall checks by. */
export const configJsonSchema = (): Record<string, unknown> => {
  const {$schema, ...rest} = z.toJSONSchema(configSchema, {target: 'draft-7', io: 'input'});
  const $id = 'https://rollcall.dev/schema/v1/controller.schema.json';
  return {$schema, $id, title: 'Rollcall controller', ...rest};
};
