/** The real process, a real repository and the simulator over HTTP: what an operator can see from outside. */
import {globSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {API_KEY, campaign} from '../support/platform.ts';
import {run} from '../support/rollcall.ts';
import {eventually} from '../support/wait.ts';

const json = async (url: string): Promise<Record<string, never>> => (await fetch(url)).json() as never;

describe('rollcall run', () => {
  it('brings a commit to the platform, corrects drift, and tells of both', async () => {
    const world = await open([campaign('a', 'paused'), campaign('b', 'active')], {
      ...file('a', 'active'),
      ...file('b', 'active'),
    });
    const rollcall = world.start();
    const url = await rollcall.ready();
    expect(world.status('a')).toBe('active');
    expect(rollcall.stdout).toContain('2 satisfied');

    world.repository.commit(file('b', 'paused'));
    await eventually(() => world.status('b') === 'paused');

    world.workspace.act('a', 'pause', 'ops@example.com', Date.now());
    await eventually(() => world.status('a') === 'active');
    await eventually(() =>
      /drift: collections\/a \(a\): drifted from active to paused, changed by ops@example.com/.test(
        rollcall.stderr,
      ),
    );

    const report = await json(`${url}/api/v1/report`);
    expect(report).toMatchObject({
      revision: world.repository.git('rev-parse', 'HEAD'),
      leader: true,
      diagnostics: [],
    });
    const {items} = await json(`${url}/api/v1/campaigns?workspace=collections&limit=1`);
    expect(items).toMatchObject([
      {
        campaignId: 'a',
        desired: 'active',
        live: 'active',
        state: 'satisfied',
        lastOutcome: {kind: 'applied'},
      },
    ]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('rollcall_drift_detected_total{workspace="collections"} 1');
    expect(metrics).toContain(
      'rollcall_actions_total{workspace="collections",action="resume",outcome="applied"} 2',
    );
    expect(await rollcall.stop()).toBe(0);
  });

  it('lets a bad file hold only its own campaigns, and tells each problem with its place', async () => {
    const world = await open([campaign('a', 'paused'), campaign('b', 'active')], {
      ...file('a', 'active'),
      ...file('b', 'pausd'),
    });
    const rollcall = world.start();
    const url = await rollcall.ready();
    expect(world.actions()).toEqual(['resume a']);
    const {diagnostics} = await json(`${url}/api/v1/report`);
    expect(diagnostics).toMatchObject([
      {file: 'campaigns/b.yaml', line: 8, column: 18, code: 'wrong-value', hint: 'did you mean paused?'},
    ]);
    const {items} = await json(`${url}/api/v1/campaigns?state=invalid`);
    expect(items).toMatchObject([
      {campaignId: 'b', live: 'active', source: {file: 'campaigns/b.yaml', line: 1}},
    ]);
  });

  it('keeps working by the last good revision while the repository is gone', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const rollcall = world.start();
    await rollcall.ready();
    world.repository.remove('.git');
    await eventually(() => rollcall.stderr.includes('the last good revision stays in force'));
    world.workspace.act('a', 'pause', 'ops', Date.now());
    await eventually(() => world.status('a') === 'active');
  });

  it('goes on where it was after it was killed at any moment', async () => {
    const ids = Array.from({length: 30}, (_, i) => `c${i}`);
    const world = await open(
      ids.map(id => campaign(id, 'paused')),
      Object.assign({}, ...ids.map(id => file(id, 'active'))),
    );
    for (const sent of [1, 7, 14]) {
      const rollcall = world.start();
      await eventually(() => world.actions().length >= sent);
      await rollcall.stop('SIGKILL');
    }
    const rollcall = world.start();
    await rollcall.ready();
    await eventually(() => ids.every(id => world.status(id) === 'active'));
    expect(new Set(world.actions()).size).toBe(30);
    expect(world.api.journal.filter(({status}) => status === 422)).toEqual([]);
  });

  it('ends with 1 where it cannot start, and does not stand there for ever', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    expect((await world.once()).code).toBe(0);
    const [configuration = ''] = globSync(join(world.folder, '.cache/**/gitconfig'));
    rmSync(configuration);
    mkdirSync(configuration);
    const rollcall = world.start();
    expect(await rollcall.exited()).toBe(1);
    expect(rollcall.stderr).toMatch(/^rollcall: EISDIR/m);
  });

  it('ends with 0 on SIGTERM, after what is in flight', async () => {
    const world = await open([campaign('a', 'paused')], file('a', 'active'));
    world.faults({latency: 400});
    const rollcall = world.start();
    await eventually(() => world.api.journal.some(({method}) => method === 'GET'));
    expect(await rollcall.stop()).toBe(0);
    expect(rollcall.stderr).toContain('stopped');
  });

  it('opens no debugger at SIGUSR1: it holds keys', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const rollcall = world.start();
    await rollcall.ready();
    rollcall.child.kill('SIGUSR1');
    expect(await rollcall.stop()).toBe(0);
    expect(rollcall.stderr).not.toContain('Debugger');
  });

  it('ends at once on a second signal later on, whatever is in flight, and says so', async () => {
    const world = await open([campaign('a', 'paused')], file('a', 'active'));
    const config = `${world.folder}/rollcall.yaml`;
    writeFileSync(config, readFileSync(config, 'utf8').replace('timeout: 1s', 'timeout: 30s'));
    const rollcall = world.start();
    await rollcall.ready();
    world.faults({latency: 20_000});
    world.repository.commit(file('a', 'paused'));
    const head = world.repository.git('rev-parse', 'HEAD');
    await eventually(() => rollcall.stderr.includes(head));
    rollcall.child.kill('SIGTERM');
    await eventually(() => rollcall.stderr.includes('stopping'));
    await eventually(() => {
      rollcall.child.kill('SIGTERM');
      return rollcall.child.exitCode !== null;
    });
    expect(await rollcall.exited()).toBe(1);
    expect(rollcall.stderr).not.toContain('"stopped"');
    expect(rollcall.stderr).toContain('ended at once, by a second signal');
  });

  it('takes signals that come together for one, as a process and its parent get them from a terminal', async () => {
    const world = await open([campaign('a', 'paused')], file('a', 'active'));
    world.faults({latency: 400});
    const rollcall = world.start();
    await eventually(() => world.api.journal.some(({method}) => method === 'GET'));
    rollcall.child.kill('SIGTERM');
    await eventually(() => rollcall.stderr.includes('stopping'));
    expect(await rollcall.stop('SIGINT')).toBe(0);
    expect(rollcall.stderr).toContain('stopped');
  });

  it('never shows the key, not even when the platform repeats it', async () => {
    const world = await open([campaign('a', 'paused', {name: `named ${API_KEY}`})], file('a', 'active'));
    const rollcall = world.start('--log-level', 'trace');
    const url = await rollcall.ready();
    const pages = await Promise.all(
      ['/metrics', '/api/v1/report', '/api/v1/campaigns'].map(async path => (await fetch(url + path)).text()),
    );
    expect(rollcall.stderr + rollcall.stdout).not.toContain(API_KEY);
    expect(pages.join('')).not.toContain(API_KEY);
  });

  it('says what is missing until it is ready', async () => {
    const world = await open([], file('a', 'active'));
    world.faults({latency: 800});
    const rollcall = world.start();
    const url = await rollcall.url();
    const early = await fetch(`${url}/readyz`);
    expect(early.status).toBe(503);
    expect(await early.text()).toMatch(/no revision has been read yet|no pass has ended yet/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    await rollcall.ready();
  });
});

describe('rollcall run --once', () => {
  it('does everything that can be done, prints the table, and ends with 0', async () => {
    const world = await open([campaign('a', 'paused'), campaign('b', 'active')], {
      ...file('a', 'active'),
      ...file('b', 'cancelled', 'confirmCancel: b'),
    });
    const {code, stdout} = await world.once();
    expect([code, world.status('a'), world.status('b')]).toEqual([0, 'active', 'cancelled']);
    expect(stdout).toMatch(/WORKSPACE +NAME +CAMPAIGN +DESIRED +LIVE +STATE +REASON/);
    expect((await world.once()).code).toBe(0);
  });
  it('with --dry-run changes nothing, and ends with 2 where something would change', async () => {
    const world = await open([campaign('a', 'paused')], file('a', 'active'));
    const {code, stdout} = await world.once('--dry-run');
    expect([code, world.status('a')]).toEqual([2, 'paused']);
    expect(stdout).toContain('pending');
    expect(world.actions()).toEqual([]);
  });
  it.each([
    ['3 where a declaration is invalid', file('a', 'pausd'), {}, 3],
    ['1 where the key is refused', file('a', 'active'), {KEY: 'wrong'}, 1],
    ['1 where there is no key', file('a', 'active'), {KEY: ''}, 1],
  ])('ends with %s', async (_name, files, env, code) => {
    const world = await open([campaign('a', 'active')], files);
    const result = await run(['run', '--once'], {...world.options, env: {...world.options.env, ...env}});
    expect([result.code, result.stderr === '']).toEqual([code, false]);
  });
});
