/**
 * npm run load [-- SECONDS]: 100,000 campaigns, 200 streams of events, 100 requests of page and API a second, a poll that brings
 * news of 1,000 campaigns each second; and a campaign that Git wants otherwise every half second: how late its action is, with
 * all of that and without. The platform is a stub in the process: what the simulator costs is not Rollcall's. Fails where an
 * action comes more than 100 ms later than alone, or memory grows.
 */
import {spawn} from 'node:child_process';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {setTimeout as sleep, setImmediate as turn} from 'node:timers/promises';
import {Controller} from '../../src/controller/controller.ts';
import type {DeclarationSource, LiveKnowledge, Platform, SourceReading} from '../../src/controller/ports.ts';
import {WorkspaceReconciler} from '../../src/controller/workspace.ts';
import type {DesiredStatus, LiveCampaign} from '../../src/domain/campaign.ts';
import {NOTHING_DECLARED} from '../../src/domain/declarations.ts';
import {claimChanges} from '../../src/domain/same-wish.ts';
import {createApp} from '../../src/http/app.ts';
import {Feed} from '../../src/http/feed.ts';
import {startServer} from '../../src/http/server.ts';
import {systemClock} from '../../src/system.ts';
import {claim, live, WHOLE_READING} from '../support/fixtures.ts';
import {viewOf} from '../support/view.ts';

const NUMBER = 100_000;
const NEWS = 1_000;
const PAGE = 100;
const LATEST = 100;
const seconds = Number(process.argv[2] ?? 60);
const id = (i: number): string => `c${i}`;
const liveOf = (i: number, status: string, updatedAt: number): LiveCampaign =>
  live(status, {campaignId: id(i), name: `campaign-${i}`, updatedAt, updatedBy: 'ops@example.com'});

const statuses = Array.from({length: NUMBER}, () => 'active');
const askedFor = new Map<string, number>();
const late: number[] = [];
let polls = 0;

const update: Platform['update'] = async (campaignId, action) => {
  const from = askedFor.get(campaignId);
  if (from !== undefined) late.push(performance.now() - from);
  askedFor.delete(campaignId);
  const i = Number(campaignId.slice(1));
  statuses[i] = action === 'pause' ? 'paused' : 'active';
  return {ok: true, value: liveOf(i, statuses[i], Date.now())};
};

/** Page by page, as the platform shows them. */
const readAll = async ({take}: LiveKnowledge) => {
  for (let offset = 0; offset < NUMBER; offset += PAGE) {
    const askedAt = systemClock.ticks();
    const page = statuses.slice(offset, offset + PAGE);
    take(page.map((status, i) => ({campaign: liveOf(offset + i, status, 1), askedAt})));
    await turn();
  }
  return WHOLE_READING;
};

/** At first everything; then news of some campaigns, the last of all: those that are changed are among the first. */
const poll = async (knowledge: LiveKnowledge) => {
  const {take} = knowledge;
  polls += 1;
  if (polls === 1) return readAll(knowledge);
  const first = NUMBER - NEWS * (1 + (polls % 50));
  take(
    Array.from({length: NEWS}, (_, i) => ({
      campaign: liveOf(first + i, 'active', Date.now()),
      askedAt: systemClock.ticks(),
    })),
  );
  return {...WHOLE_READING, listed: false};
};

const platform: Platform = {
  rate: {slots: 1_000, window: 1_000, used: 0},
  keysUsed: 1,
  tookEffect: () => {},
  poll,
  resync: readAll,
  read: async campaignId => {
    const i = Number(campaignId.slice(1));
    return {
      ok: true,
      value: {campaign: liveOf(i, statuses[i] ?? 'active', Date.now()), askedAt: systemClock.ticks()},
    };
  },
  update,
};

/** A source in which one campaign after the other is wanted otherwise. */
class Source implements DeclarationSource {
  #onChange: () => void = () => {};
  #next: readonly (readonly [string, DesiredStatus])[] = Array.from(
    {length: NUMBER},
    (_, i) => [id(i), 'active'] as const,
  );
  #before = new Map<string, ReturnType<typeof claim>>();
  #revision = 0;

  want(campaignId: string, desired: DesiredStatus): void {
    this.#next = [...this.#next, [campaignId, desired]];
    askedFor.set(campaignId, performance.now());
    this.#onChange();
  }

  async read(): Promise<SourceReading> {
    if (this.#next.length === 0) return {kind: 'unchanged'};
    const wanted = new Map(
      this.#next.map(
        ([campaignId, desired]) => [campaignId, claim({campaignId, name: campaignId, desired})] as const,
      ),
    );
    this.#next = [];
    const before = new Map(
      [...wanted.keys()].flatMap(key => {
        const known = this.#before.get(key);
        return known ? [[key, known] as const] : [];
      }),
    );
    for (const [key, one] of wanted) this.#before.set(key, one);
    this.#revision += 1;
    const changes = new Map([['collections', claimChanges(before, wanted)]]);
    return {kind: 'read', revision: {id: `r${this.#revision}`}, declarations: NOTHING_DECLARED, changes};
  }

  async watch(onChange: () => void) {
    this.#onChange = onChange;
    return async () => {};
  }

  know(): void {}

  async text(): Promise<undefined> {}
}

const summary = (): string => {
  const sorted = late.splice(0).toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(0);
  return `${sorted.length} actions: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, latest ${at(1)} ms`;
};

const megabytes = (): number => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().rss / 2 ** 20);
};

const feed = new Feed();
const ports = {clock: systemClock, random: () => 0.5, listener: feed.hear};
const workspace = new WorkspaceReconciler(
  'collections',
  {mode: 'enforce', concurrency: 4, dryRun: false},
  {platform, ...ports},
);
const source = new Source();
const settings = {
  workspaces: [workspace],
  sourceInterval: 3_600_000,
  pollInterval: 1_000,
  resyncInterval: 3_600_000,
};
const controller = new Controller({...ports, source, settings});
const view = viewOf(controller.campaigns, {feed, report: () => controller.report()});
const {close, url} = await startServer(createApp(view), {host: '127.0.0.1', port: 0});
await controller.start();
while (controller.notReady().length > 0) await sleep(100);

let wanted = 0;
const actFor = async (length: number): Promise<number> => {
  const until = performance.now() + length * 1_000;
  let worst = 0;
  for (; performance.now() < until; wanted++) {
    source.want(id(wanted % 1_000), wanted % 2_000 < 1_000 ? 'paused' : 'active');
    await sleep(500);
  }
  await sleep(500);
  for (const one of late) worst = Math.max(worst, one);
  return worst;
};

const delay = monitorEventLoopDelay({resolution: 1});
const alone = await actFor(15);
console.log(`alone: ${summary()}; ${megabytes()} MB`);
const script = new URL('clients.ts', import.meta.url).pathname;
const clients = spawn(process.execPath, [script, url, '200', '100', String(seconds)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let said = '';
clients.stdout.on('data', chunk => {
  said += chunk;
});
await actFor(5);
late.length = 0;
const before = megabytes();
delay.enable();
const loaded = await actFor(seconds - 8);
console.log(
  `under load: ${summary()}; event loop held up ${(delay.max / 1e6).toFixed(0)} ms at most, p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms`,
);
const after = megabytes();
await new Promise(resolve => clients.once('close', resolve));
console.log(`clients: ${said.trim()}; memory ${before} → ${after} MB`);
await controller.stop();
await close();
const isLate = loaded - alone > LATEST;
console.log(
  isLate ? `FAILED: an action was ${(loaded - alone).toFixed(0)} ms later than alone` : 'no action was late',
);
process.exit(isLate ? 1 : 0);
