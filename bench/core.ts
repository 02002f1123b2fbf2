/** What the core costs at a thousand campaigns and at a hundred thousand: its share of the tables of `npm run bench`. */
import type {Clock} from '../src/controller/ports.ts';
import {WorkspaceReconciler} from '../src/controller/workspace.ts';
import type {LiveCampaign} from '../src/domain/campaign.ts';
import type {ParsedFile} from '../src/domain/declarations.ts';
import {Register} from '../src/domain/register.ts';
import type {Action} from '../src/domain/transitions.ts';
import {type Wire, WorkspacePlatform} from '../src/platform/platform.ts';
import {addRow, median} from './rows.ts';

const NEVER = new AbortController().signal;
const REPEATS = 7;
const clock: Clock = {now: () => Date.now(), ticks: () => performance.now(), after: () => () => {}};

const fileOf = (i: number, desired: 'active' | 'paused'): ParsedFile => {
  const source = {file: `q${i}.yaml`, line: 1};
  const identity = {workspace: 'w', campaignId: `c${i}`, name: `q${i}`, source};
  return {
    file: source.file,
    documents: [{...identity, declaration: {...identity, labels: {team: `t${i % 20}`}, desired}}],
    diagnostics: [],
  };
};

/** A platform in memory, which answers at once: what is timed is Rollcall alone. */
class Memory implements Wire {
  requests = 0;
  readonly #campaigns: Map<string, LiveCampaign>;

  constructor(number: number) {
    const campaigns = Array.from({length: number}, (_, i): [string, LiveCampaign] => [
      `c${i}`,
      {campaignId: `c${i}`, name: `q${i}`, status: {known: 'active'}, createdAt: i, updatedAt: i},
    ]);
    this.#campaigns = new Map(campaigns);
  }

  async list({limit, newestFirst, offset, status}: Parameters<Wire['list']>[0]) {
    this.requests += 1;
    const all = status === undefined || status === 'active' ? [...this.#campaigns.values()] : [];
    const campaigns = (newestFirst ? all.reverse() : all).slice(offset, offset + limit);
    const page = {campaigns: structuredClone(campaigns), unusable: [], size: campaigns.length};
    return {ok: true, value: {...page, total: all.length}} as const;
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
    this.#campaigns.delete(campaignId);
    this.#campaigns.set(campaignId, changed);
    return {ok: true, value: changed} as const;
  }
}

/** One workspace of so many campaigns, all of them as Git wants them. */
const open = async (number: number) => {
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

type Opened = Awaited<ReturnType<typeof open>>;

/** From one changed file to its action answered: the pass only, since a pause waits for no poll. */
const oneChange = async ({adopt, workspace}: Opened, round: number): Promise<number> => {
  const startedAt = performance.now();
  await adopt([fileOf(7, round % 2 === 0 ? 'paused' : 'active')]);
  if (round % 2 === 1) await workspace.poll(NEVER);
  await workspace.pass(NEVER);
  return performance.now() - startedAt;
};

/** Prints how the core's costs grow from a thousand campaigns to a hundred thousand. */
export const benchCore = async (): Promise<void> => {
  const [few, many] = [await open(1_000), await open(100_000)];
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 2 * REPEATS; round++) {
    const pair = [await oneChange(few, round), await oneChange(many, round)] as const;
    if (round % 2 === 0) for (const side of [0, 1] as const) times[side].push(pair[side]);
  }
  const [one, hundred] = [median(times[0]), median(times[1])];
  addRow({
    id: 'B2',
    work: `one changed declaration to its pause, among 100000 in memory (${hundred.toFixed(2)} ms)`,
    against: 'among 1000',
    ratio: hundred / one,
    goal: '1.2',
  });
  const settled = many.workspace.store.settled;
  const requests = many.wire.requests;
  await many.workspace.poll(NEVER);
  addRow({
    id: 'B6',
    work: `a quiet poll of 100000 campaigns, ${many.workspace.store.settled - settled} of them settled`,
    against: 'one request',
    ratio: many.wire.requests - requests,
    goal: '1.05',
  });
};
