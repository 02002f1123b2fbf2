/** What a scrape costs with thirty workspaces, a hundred thousand campaigns and three thousand of them drifted. */
import {Campaigns} from '../src/controller/campaigns.ts';
import type {Clock} from '../src/controller/ports.ts';
import {WorkspaceReconciler} from '../src/controller/workspace.ts';
import type {Claim} from '../src/domain/declarations.ts';
import {claimChanges} from '../src/domain/same-wish.ts';
import {Metrics} from '../src/observe/metrics.ts';
import {OPERATIONS} from '../src/platform/refusal.ts';
import {WHOLE_READING} from '../test/support/fixtures.ts';
import {addRow, median, timed} from './rows.ts';

const WORKSPACES = 30;
const CAMPAIGNS = 3_334;
const DRIFTED = 100;
const REPEATS = 21;
const NEVER = new AbortController().signal;
const KIBIBYTE = 1024;
const clock: Clock = {now: () => Date.now(), ticks: () => performance.now(), after: () => () => {}};

const claimOf = (workspace: string, i: number): Claim => ({
  kind: 'valid',
  declaration: {
    workspace,
    campaignId: `${workspace}-c${i}`,
    name: `campaign-${i}`,
    labels: {},
    desired: 'active',
    mode: 'detect',
    source: {file: `q${i}.yaml`, line: 1},
  },
});

/** A workspace whose platform shows the first few campaigns moved by somebody. */
const open = (name: string): WorkspaceReconciler => {
  const read = async ({
    take,
  }: {
    take: (seen: readonly {campaign: ReturnType<typeof liveOf>; askedAt: number}[]) => number;
  }) => {
    take(Array.from({length: CAMPAIGNS}, (_, i) => ({campaign: liveOf(name, i), askedAt: clock.ticks()})));
    return WHOLE_READING;
  };
  const none = () => Promise.reject(new Error('nothing is sent'));
  const platform = {
    rate: {slots: 5, window: 1_000, used: 1},
    keysUsed: 1,
    tookEffect: () => {},
    poll: read,
    resync: read,
    read: none,
    update: none,
  };
  const settings = {mode: 'detect', concurrency: 4, dryRun: false} as const;
  return new WorkspaceReconciler(name, settings, {platform, clock, random: Math.random, listener: () => {}});
};

const liveOf = (workspace: string, i: number) => ({
  campaignId: `${workspace}-c${i}`,
  name: `campaign-${i}`,
  status: {known: i < DRIFTED ? ('paused' as const) : ('active' as const)},
  createdAt: 0,
  updatedAt: 1_800_000_000_000 + i,
  updatedBy: 'somebody@example.com',
});

const metricsOf = async (names: readonly string[]): Promise<Metrics> => {
  const workspaces = names.map(open);
  const campaigns = new Campaigns({workspaces}, clock, {listener: () => {}, random: Math.random});
  const changes = names.map(name => {
    const claims = Array.from({length: CAMPAIGNS}, (_, i) => [`${name}-c${i}`, claimOf(name, i)] as const);
    return [name, claimChanges(new Map(), new Map(claims))] as const;
  });
  await campaigns.adopt({id: 'r', committedAt: 0}, new Map(changes));
  for (const workspace of workspaces) await workspace.poll(NEVER);
  const metrics = new Metrics('0', names, OPERATIONS, clock.now);
  metrics.watch({campaigns, conditions: [], sourceTroubles: [], intervals: {source: 1, poll: 1}});
  return metrics;
};

/** Prints what a scrape of many campaigns costs against one of none. */
export const benchScrape = async (): Promise<void> => {
  const none = await metricsOf([]);
  const many = await metricsOf(Array.from({length: WORKSPACES}, (_, i) => `w${i}`));
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < REPEATS; round++) {
    times[0].push(await timed(() => none.registry.metrics()));
    times[1].push(await timed(() => many.registry.metrics()));
  }
  const [empty, full] = [median(times[0]), median(times[1])];
  const bytes = Buffer.byteLength(await many.registry.metrics());
  addRow({
    id: 'B10',
    work: `a scrape of 100000 campaigns in 30 workspaces, 3000 drifted (${full.toFixed(0)} ms, ${Math.round(bytes / KIBIBYTE)} KiB)`,
    against: 'a scrape of none',
    ratio: full / empty,
  });
};
