/** A workspace over a platform in memory, which answers at once: what is timed over it is Rollcall alone. */
import {setImmediate as turn} from 'node:timers/promises';
import type {Clock} from '../src/controller/ports.ts';
import {WorkspaceReconciler} from '../src/controller/workspace.ts';
import type {Declaration, LiveCampaign} from '../src/domain/campaign.ts';
import type {ParsedFile} from '../src/domain/declarations.ts';
import {Register} from '../src/domain/register.ts';
import type {Action} from '../src/domain/transitions.ts';
import {type Wire, WorkspacePlatform} from '../src/platform/platform.ts';

const NEVER = new AbortController().signal;
export const clock: Clock = {now: () => Date.now(), ticks: () => performance.now(), after: () => () => {}};

export const declarationOf = (i: number, desired: 'active' | 'paused'): Declaration => ({
  workspace: 'w',
  campaignId: `c${i}`,
  name: `q${i}`,
  labels: {team: `t${i % 20}`},
  desired,
  source: {file: `q${i}.yaml`, line: 1},
});

export const fileOf = (i: number, desired: 'active' | 'paused'): ParsedFile => {
  const declaration = declarationOf(i, desired);
  return {file: declaration.source.file, documents: [declaration], diagnostics: []};
};

export const liveOf = (i: number, known: 'active' | 'paused', updatedAt: number): LiveCampaign => ({
  campaignId: `c${i}`,
  name: `q${i}`,
  status: {known},
  createdAt: i,
  updatedAt,
});

/** A platform in memory. */
class Memory implements Wire {
  requests = 0;
  readonly #campaigns: Map<string, LiveCampaign>;
  /** Those of the map in the order of their last change, while nothing changes. */
  #listed: readonly LiveCampaign[] | undefined;

  constructor(number: number) {
    const campaigns = Array.from({length: number}, (_, i) => [`c${i}`, liveOf(i, 'active', i)] as const);
    this.#campaigns = new Map(campaigns);
  }

  /** What somebody does in the dashboard. */
  move(i: number, known: 'active' | 'paused', at: number): LiveCampaign {
    const moved = liveOf(i, known, at);
    this.#put(moved);
    return moved;
  }

  async list({limit, newestFirst, offset, status}: Parameters<Wire['list']>[0]) {
    this.requests += 1;
    await turn();
    this.#listed ??= [...this.#campaigns.values()];
    const all = status === undefined || status === 'active' ? this.#listed : [];
    const from = newestFirst ? Math.max(0, all.length - offset - limit) : offset;
    const page = all.slice(from, newestFirst ? all.length - offset : offset + limit);
    const campaigns = structuredClone(newestFirst ? page.reverse() : page);
    const size = campaigns.length;
    return {ok: true, value: {campaigns, unusable: [], size, total: all.length}} as const;
  }

  async get(campaignId: string) {
    this.requests += 1;
    const value = this.#campaigns.get(campaignId);
    if (!value) throw new Error(`there is no ${campaignId}`);
    return {ok: true, value} as const;
  }

  async updateStatus(campaignId: string, action: Action) {
    const {value} = await this.get(campaignId);
    const known = action === 'pause' ? ('paused' as const) : ('active' as const);
    const changed = {...value, status: {known}, updatedAt: Date.now()};
    this.#put(changed);
    return {ok: true, value: changed} as const;
  }

  #put(campaign: LiveCampaign): void {
    this.#campaigns.delete(campaign.campaignId);
    this.#campaigns.set(campaign.campaignId, campaign);
    this.#listed = undefined;
  }
}

/** One workspace of so many campaigns, all of them as Git wants them. */
export const open = async (number: number) => {
  const wire = new Memory(number);
  const limits = {rate: {requests: 1_000_000, per: 1000}, concurrency: 4};
  const observer = {waited: () => {}, depth: () => {}};
  const ports = {clock, random: Math.random, listener: () => {}};
  const platform = new WorkspacePlatform(wire, limits, {...ports, observer});
  const settings = {mode: 'enforce', concurrency: 4, dryRun: false} as const;
  const workspace = new WorkspaceReconciler('w', settings, {...ports, platform});
  const register = new Register(undefined);
  const adopt = async (files: readonly ParsedFile[]): Promise<void> => {
    const changes = register.change(new Map(files.map(file => [file.file, file])));
    const ofWorkspace = changes.get('w');
    if (ofWorkspace) await workspace.adopt({id: 'r'}, ofWorkspace);
  };
  await adopt(Array.from({length: number}, (_, i) => fileOf(i, 'active')));
  await workspace.poll(NEVER);
  await workspace.pass(NEVER);
  return {adopt, wire, workspace};
};

export type Opened = Awaited<ReturnType<typeof open>>;
