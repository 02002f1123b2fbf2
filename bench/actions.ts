import {Agent, request} from 'undici';
import {WorkspaceReconciler} from '../src/controller/workspace.ts';
import {declare} from '../src/domain/declare.ts';
import {claimChanges} from '../src/domain/same-wish.ts';
import type {WorkspacePlatform} from '../src/platform/platform.ts';
import {parseFile} from '../src/source/parse.ts';
import {systemClock} from '../src/system.ts';
import {addRow, timed} from './rows.ts';
import {CAMPAIGNS, CONNECTIONS, KEY, platformOf} from './simulated.ts';
import {text} from './source.ts';

const NEVER = new AbortController().signal;
const clock = systemClock;

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

/** Prints the rows B4 and B5. */
export const benchActing = async (): Promise<void> => {
  await benchActions();
  await benchRate();
};
