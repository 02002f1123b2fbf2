/** Who is notified by the real process: receivers over HTTP, and a GitHub on loopback. */
import {readFileSync, writeFileSync} from 'node:fs';
import {Webhook} from 'standardwebhooks';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {type Received, receiver} from '../support/receiver.ts';
import {run} from '../support/rollcall.ts';
import {eventually} from '../support/wait.ts';

const SECRET = `whsec_${Buffer.from('a key of more than 24 bytes, as it should be').toString('base64')}`;

/** A GitHub that keeps the statuses of commits. */
const github = async () => {
  const statuses = new Map<string, {state: string; description: string; context: string}[]>();
  const there = await receiver(({body, method, url}, response) => {
    const [, sha = ''] = /\/(?:commits|statuses)\/([0-9a-f]{40})/.exec(url) ?? [];
    const known = statuses.get(sha) ?? [];
    if (method === 'POST') statuses.set(sha, [JSON.parse(body), ...known]);
    response.writeHead(200).end(JSON.stringify({statuses: known}));
  });
  return {...there, states: (sha: string) => (statuses.get(sha) ?? []).map(({state}) => state)};
};

const deploy = async () => {
  const [hook, hub] = [await receiver(), await github()];
  const world = await open([campaign('a', 'active'), campaign('b', 'active')], {
    ...file('a', 'active'),
    ...file('b', 'active'),
  });
  const config = `${world.folder}/rollcall.yaml`;
  writeFileSync(`${world.folder}/secret`, `${SECRET}\n`);
  writeFileSync(`${world.folder}/token`, 'token-of-github\n');
  const notifications = `notifications:
  - {name: ops, webhook: {url: '${hook.url}/in', secret: {file: secret}}}
  - {name: commits, githubStatus: {repository: example/campaigns, token: {file: token}, baseUrl: '${hub.url}'}}
`;
  writeFileSync(config, readFileSync(config, 'utf8') + notifications);
  const types = () =>
    hook.received.map(({body, headers}: Received) => {
      new Webhook(SECRET).verify(body, headers);
      return JSON.parse(body).type;
    });
  return {...world, config, hook, hub, types, head: () => world.repository.git('rev-parse', 'HEAD')};
};

describe('whom the configuration names', () => {
  it('is told of a commit that is in place, and of drift; the commit has its status; also after a restart', async () => {
    const world = await deploy();
    const first = world.head();
    const rollcall = world.start();
    const url = await rollcall.ready();
    await eventually(() => world.hub.states(first).includes('success'));
    world.repository.commit(file('a', 'paused'));
    const second = world.head();
    await eventually(() => world.hub.states(second)[0] === 'success', 15_000);
    expect(world.hub.states(second)).toEqual(['success', 'pending']);
    await eventually(() => world.types().length === 1);
    world.workspace.act('b', 'pause', 'ops@example.com', Date.now());
    await eventually(() => world.types().length === 3);
    expect(world.types()).toEqual([
      'dev.rollcall.revision.applied',
      'dev.rollcall.drift.began',
      'dev.rollcall.drift.ended',
    ]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('rollcall_notifications_total{receiver="ops",result="delivered"} 3');
    expect(metrics).toContain('rollcall_notifications_pending{receiver="ops"} 0');
    expect(await rollcall.stop()).toBe(0);

    const again = world.start();
    await again.ready();
    world.repository.commit(file('b', 'paused'));
    await eventually(() => world.hub.states(world.head())[0] === 'success', 15_000);
    await eventually(() => world.types().length === 4);
    expect(world.hub.states(second)).toEqual(['success', 'pending']);
    expect(await again.stop()).toBe(0);
    expect(rollcall.stderr + again.stderr).not.toContain('token-of-github');
  });

  it('delays nothing where it hangs: campaigns are corrected, and the report says who takes nothing', async () => {
    const world = await deploy();
    const rollcall = world.start();
    const url = await rollcall.ready();
    world.hook.state.answer = (_received, response) => void response.writeHead(500).end();
    const startedAt = performance.now();
    world.repository.commit(file('a', 'paused'));
    await eventually(() => world.status('a') === 'paused');
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    const undelivered = async () => {
      const {conditions} = (await (await fetch(`${url}/api/v1/report`)).json()) as {
        conditions: {type: string; status: string; message: string}[];
      };
      return conditions.find(({type}) => type === 'Undelivered');
    };
    await eventually(async () => (await undelivered())?.status === 'True');
    expect((await undelivered())?.message).toBe('ops: it answered 500');
    expect(rollcall.stderr).toMatch(
      /notifications: ops takes no message: it answered 500; it is tried again/,
    );
    world.hook.state.answer = (_received, response) => void response.writeHead(204).end();
    await eventually(async () => (await undelivered())?.status === 'False', 20_000);
    expect(await rollcall.stop()).toBe(0);
  });

  it('keeps nobody from ending where it hangs, and hears of it after the next start', async () => {
    const world = await deploy();
    const rollcall = world.start();
    await rollcall.ready();
    world.hook.state.answer = () => {};
    world.repository.commit(file('a', 'paused'));
    await eventually(() => world.hook.received.length > 0);
    const startedAt = performance.now();
    expect(await rollcall.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    world.hook.state.answer = (_received, response) => void response.writeHead(204).end();
    const before = world.hook.received.length;
    const again = world.start();
    await again.ready();
    await eventually(() => world.hook.received.length > before);
    expect(world.types().at(-1)).toBe('dev.rollcall.revision.applied');
    expect(await again.stop()).toBe(0);
  });

  it('is refused where it is of two kinds, or its secret stands there itself', async () => {
    const world = await deploy();
    const wrong = `notifications:
  - {name: ops, webhook: {url: 'https://example.com', secret: whsec_c2VjcmV0}}
  - {name: ops, slack: {webhookUrl: {env: A}}, webhook: {url: 'https://example.com', secret: {env: B}}}
  - {name: hub, githubStatus: {repository: campaigns, token: {env: C}, baseUrl: 'http://github.example.com'}}
`;
    const text = readFileSync(world.config, 'utf8');
    writeFileSync(world.config, text.slice(0, text.indexOf('notifications:')) + wrong);
    const {code, stderr} = await run(['run', '--once'], world.options);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /notifications\[0\]\.webhook\.secret: must be \{env: VARIABLE\} or \{file: PATH\}/,
    );
    expect(stderr).toMatch(/needs one of webhook, slack, githubStatus, and not more/);
    expect(stderr).toMatch(/must be OWNER\/NAME/);
    expect(stderr).toMatch(/must be https/);
    expect(stderr).not.toContain('whsec_c2VjcmV0');
  });
});
