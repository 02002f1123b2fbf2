import {Agent, request} from 'undici';
import {LiveView} from '../src/controller/live-view.ts';
import {planRevision} from '../src/controller/planner.ts';
import {declare} from '../src/domain/declare.ts';
import {isTerminal, STATUSES} from '../src/domain/transitions.ts';
import {parseFile} from '../src/source/parse.ts';
import {systemClock} from '../src/system.ts';
import {addRow, median, say, timed} from './rows.ts';
import {CAMPAIGNS, CONNECTIONS, KEY, platformOf} from './simulated.ts';
import {text} from './source.ts';

const ROUNDS = 5;
const NEVER = new AbortController().signal;
const clock = systemClock;

/** As a resource for each campaign is refreshed, by Terraform or Crossplane: one Get after the other on each connection. */
const readEach = async (baseUrl: string): Promise<void> => {
  const dispatcher = new Agent({connections: CONNECTIONS});
  const ids = Array.from({length: CAMPAIGNS}, (_, i) => i)[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const i of ids) {
      const url = `${baseUrl}/v1/orgs/o/workspaces/w/campaigns/c${i}`;
      await (await request(url, {dispatcher, headers: {'x-api-key': KEY}})).body.json();
    }
  };
  await Promise.all(Array.from({length: CONNECTIONS}, worker));
  await dispatcher.close();
};

/** What it costs to see that nothing has changed, where each campaign is a resource that is read by itself. */
const benchPeer = async (): Promise<void> => {
  const {api, baseUrl, close, platform} = await platformOf(() => 'active');
  const declared = new Set(Array.from({length: CAMPAIGNS}, (_, i) => `c${i}`));
  const view = new LiveView();
  const poll = () => platform.poll(view.knowledge(declared), NEVER);
  const requests = async (work: () => Promise<unknown>): Promise<number> => {
    const before = api.journal.length;
    await work();
    return api.journal.length - before;
  };
  await poll();
  const [each, ours] = [await requests(() => readEach(baseUrl)), await requests(poll)];
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(await timed(() => readEach(baseUrl)));
    times[1].push(await timed(poll));
  }
  await close();
  const against = `a resource a campaign, each read by itself (${each} requests, ${median(times[0]).toFixed(0)} ms)`;
  const work = `quiet poll of ${CAMPAIGNS} campaigns (${ours} requests, ${median(times[1]).toFixed(0)} ms)`;
  addRow({id: 'B6', work, against, ratio: median(times[1]) / median(times[0])});
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

/** Prints the row B6 and what plans ask for. */
export const benchReading = async (): Promise<void> => {
  await benchPolls();
  await benchPeer();
  await benchPlans();
};
