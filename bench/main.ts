/**
 * npm run bench [-- --json FILE] [-- --large]: what Rollcall costs, as ratios between things timed in one run on this machine, so that the
 * figures mean the same on another. Lower is better unless a line says otherwise.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {Agent, request} from 'undici';
import {parseAllDocuments} from 'yaml';
import {LiveView} from '../src/controller/live-view.ts';
import {planRevision} from '../src/controller/planner.ts';
import {WorkspaceReconciler} from '../src/controller/workspace.ts';
import {declare} from '../src/domain/declare.ts';
import {claimChanges} from '../src/domain/same-wish.ts';
import {isTerminal, STATUSES} from '../src/domain/transitions.ts';
import {PlatformClient} from '../src/platform/client.ts';
import {WorkspacePlatform} from '../src/platform/platform.ts';
import {createTransport} from '../src/platform/transport.ts';
import {SimulatedApi} from '../src/simulator/api.ts';
import {DEFAULT_RULES, type SimulatedCampaign} from '../src/simulator/campaign.ts';
import {NO_FAULTS} from '../src/simulator/faults.ts';
import {startSimulator} from '../src/simulator/server.ts';
import {parseFile} from '../src/source/parse.ts';
import {systemClock} from '../src/system.ts';
import {benchCore} from './core.ts';
import {benchReview} from './review.ts';
import {addRow, timed, writeRows} from './rows.ts';
import {benchScrape} from './scrape.ts';
import {benchSource, repositoryPath, text} from './source.ts';
import {benchWork} from './work.ts';

const FILES = 10_000;
const CAMPAIGNS = 2_000;
const CONNECTIONS = 4;
const KEY = 'key-of-the-bench';
const NEVER = new AbortController().signal;
const clock = systemClock;

const say = (what: string, milliseconds: number, against: string, base: number): void =>
  addRow({id: '--', work: `${what} (${milliseconds.toFixed(0)} ms)`, against, ratio: milliseconds / base});

const campaigns = (statusOf: (i: number) => string): SimulatedCampaign[] =>
  Array.from({length: CAMPAIGNS}, (_, i) => ({
    campaignId: `c${i}`,
    name: `c${i}`,
    description: null,
    appConfig: {appId: 'a', appVersion: 1},
    status: statusOf(i),
    createdBy: 'b',
    createdAt: i,
    updatedAt: i,
    updatedBy: null,
    startsAt: 0,
    endsAt: 1e14,
    allowedSchedule: null,
    dialsFor: null,
  }));

const FAST = {requests: 10_000, per: 10};

const platformOf = async (statusOf: (i: number) => string, rate = FAST) => {
  const workspaces = [{orgId: 'o', workspaceId: 'w', apiKey: KEY, campaigns: campaigns(statusOf)}];
  const api = new SimulatedApi(
    {
      workspaces,
      rate: rate === FAST ? undefined : rate,
      rules: {...DEFAULT_RULES, concurrentCampaigns: {limit: 1e9, code: 422}},
      faults: NO_FAULTS,
    },
    Math.random,
  );
  const simulator = await startSimulator(api, Date.now, 0);
  const {close, transport} = createTransport({
    baseUrl: simulator.baseUrl,
    proxies: {noProxy: ''},
    timeout: 10_000,
  });
  const options = {
    baseUrl: simulator.baseUrl,
    orgId: 'o',
    workspaceId: 'w',
    apiKey: () => KEY,
    secrets: () => [KEY],
    transport,
    clock,
  };
  const wire = new PlatformClient({...options, observe: () => {}});
  const limits = {rate, concurrency: CONNECTIONS};
  const observer = {waited: () => {}, depth: () => {}};
  const platform = new WorkspacePlatform(wire, limits, {clock, random: Math.random, observer});
  return {
    api,
    platform,
    baseUrl: simulator.baseUrl,
    close: async () => {
      await close();
      await simulator.close();
    },
  };
};

/** The same requests as an action makes, a Get and a PUT, with nothing around them. */
const bareLoop = async (baseUrl: string): Promise<void> => {
  const dispatcher = new Agent({connections: CONNECTIONS});
  const headers = {'x-api-key': KEY, 'content-type': 'application/json'};
  const ids = Array.from({length: CAMPAIGNS}, (_, i) => i)[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const i of ids) {
      const url = `${baseUrl}/v1/orgs/o/workspaces/w/campaigns/c${i}`;
      await (await request(url, {dispatcher, headers})).body.json();
      const answer = await request(`${url}/status`, {
        method: 'PUT',
        dispatcher,
        headers,
        body: '{"action":"pause"}',
      });
      await answer.body.json();
    }
  };
  await Promise.all(Array.from({length: CONNECTIONS}, worker));
  await dispatcher.close();
};

/** A workspace in which everything that runs is to be paused. */
const pausing = (platform: WorkspacePlatform) => {
  const workspace = new WorkspaceReconciler(
    'w',
    {mode: 'enforce', concurrency: CONNECTIONS, dryRun: false},
    {platform, clock, random: Math.random, listener: () => {}},
  );
  const files = Array.from({length: CAMPAIGNS}, (_, i) =>
    parseFile(`q${i}.yaml`, Buffer.from(text(i, 'paused'))),
  );
  const {claims} = declare(files, undefined);
  return {
    adopt: () => workspace.adopt({id: 'r'}, claimChanges(new Map(), claims.get('w') ?? new Map())),
    poll: () => workspace.poll(NEVER),
    pass: (signal: AbortSignal) => workspace.pass(signal),
  };
};

const benchActions = async (): Promise<void> => {
  const first = await platformOf(() => 'active');
  await bareLoop(first.baseUrl);
  await first.close();
  const bare = await platformOf(() => 'active');
  const base = await timed(() => bareLoop(bare.baseUrl));
  await bare.close();
  const {close, platform} = await platformOf(() => 'active');
  const workspace = pausing(platform);
  await workspace.adopt();
  await workspace.poll();
  const whole = await timed(() => workspace.pass(NEVER));
  await close();
  addRow({
    id: 'B4',
    work: `rate of ${CAMPAIGNS} actions, each read before it is sent (more is better)`,
    against: 'that of a bare undici loop of the same requests',
    ratio: base / whole,
    goal: '0.9',
  });
  console.log(
    `  that is ${((CAMPAIGNS * 1000) / whole).toFixed(0)} actions a second, against ${((CAMPAIGNS * 1000) / base).toFixed(0)}`,
  );
};

/** B5: actions under a rate, for twenty of its windows, on a platform that counts as strictly. */
const benchRate = async (): Promise<void> => {
  const rate = {requests: 50, per: 250};
  const {api, close, platform} = await platformOf(() => 'active', rate);
  const workspace = pausing(platform);
  await workspace.adopt();
  await workspace.poll();
  const before = api.journal.length;
  const startedAt = performance.now();
  const stop = AbortSignal.timeout(20 * rate.per);
  await workspace.pass(stop);
  const windows = (performance.now() - startedAt) / rate.per;
  const sent = api.journal.slice(before);
  const refused = sent.filter(({status}) => status === 429).length;
  await close();
  addRow({
    id: 'B5',
    work: `requests of actions under ${rate.requests} in ${rate.per} ms, ${refused} of them refused (more is better)`,
    against: 'what the rate allows',
    ratio: sent.length / (rate.requests * windows),
    goal: '0.98',
  });
};

const benchPolls = async (): Promise<void> => {
  const mixes: readonly [string, (i: number) => string][] = [
    ['all active', () => 'active'],
    ['each status alike', i => STATUSES[i % STATUSES.length] ?? 'active'],
    ['one in twenty still running', i => (i % 20 ? 'ended' : 'paused')],
  ];
  for (const [name, statusOf] of mixes) {
    const {api, close, platform} = await platformOf(statusOf);
    const declared = new Set(
      api.workspaces.flatMap(workspace => workspace.all(Date.now())).map(({campaignId}) => campaignId),
    );
    const view = new LiveView();
    await platform.poll(view.knowledge(declared), NEVER);
    const before = api.journal.length;
    await platform.poll(view.knowledge(declared), NEVER);
    const running = [...declared].filter((_, i) => !isTerminal(statusOf(i) as 'active')).length;
    const requests = api.journal.length - before;
    const least = Math.ceil(running / 100);
    console.log(
      `steady poll of ${CAMPAIGNS} campaigns, ${name}: ${requests} requests, ${(requests / least).toFixed(2)} x ceil(${running} / 100)`,
    );
    await close();
  }
};

/** A plan of a change of one declaration among many, against a plan in which every one is to be acted on. */
const benchPlans = async (): Promise<void> => {
  const {api, close, platform} = await platformOf(() => 'paused');
  const workspaces = [{name: 'w', mode: 'enforce', concurrency: CONNECTIONS, platform} as const];
  const declared = (desiredOf: (i: number) => string) =>
    declare(
      Array.from({length: CAMPAIGNS}, (_, i) => parseFile(`q${i}.yaml`, Buffer.from(text(i, desiredOf(i))))),
      undefined,
    );
  const base = declared(() => 'paused');
  const plan = async (desiredOf: (i: number) => string) => {
    const declarations = declared(desiredOf);
    const before = api.journal.length;
    const took = await timed(() =>
      planRevision({
        declarations,
        base,
        workspaces,
        clock,
        signal: NEVER,
        onWait: () => {},
        told: new Set(),
        changedAt: async () => new Map(),
        onProgress: () => {},
      }),
    );
    return {took, requests: api.journal.length - before};
  };
  await plan(() => 'paused');
  const all = await plan(() => 'active');
  const one = await plan(i => (i === 5 ? 'active' : 'paused'));
  await close();
  say(`plan of one resume among ${CAMPAIGNS}`, one.took, `a plan of ${CAMPAIGNS} resumes`, all.took);
  console.log(`  that is ${one.requests} requests, against ${all.requests}`);
};

/** What Rollcall's own checks cost on top of reading YAML at all. */
const benchValidate = async (): Promise<void> => {
  const files = Array.from({length: FILES}, (_, i) => text(i));
  const bytes = files.map(one => Buffer.from(one));
  const yamlOnly = (): void => {
    for (const one of files) for (const document of parseAllDocuments(one)) document.toJS();
  };
  const validate = (): unknown =>
    declare(
      bytes.map((one, i) => parseFile(`q${i}.yaml`, one)),
      undefined,
    );
  yamlOnly();
  validate();
  const plain = await timed(yamlOnly);
  const checked = await timed(validate);
  say(`check of ${FILES} declarations in memory`, checked, 'the YAML parser alone on the same', plain);
};

const {values} = parseArgs({options: {json: {type: 'string'}, large: {type: 'boolean'}}});
const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
try {
  for (const files of [1_000, FILES, ...(values.large ? [100_000] : [])]) await benchSource(folder, files);
  await benchReview(files => repositoryPath(folder, files), values.large ? 100_000 : FILES);
  await benchActions();
  await benchRate();
  await benchPolls();
  await benchPlans();
  await benchValidate();
  await benchCore();
  await benchWork();
  await benchScrape();
  if (values.json !== undefined) writeRows(values.json);
} finally {
  rmSync(folder, {recursive: true, force: true});
}
