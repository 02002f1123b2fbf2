/** What the past is told as, by the real process and the commands beside it. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {yaml} from '../support/fixtures.ts';
import {campaign} from '../support/platform.ts';
import {run} from '../support/rollcall.ts';
import {eventually} from '../support/wait.ts';

interface Period {
  readonly status: string;
  readonly by: string;
  readonly changedBy: string | null;
  readonly revision: string | null;
}

describe('the history of a controller', () => {
  it('tells up to a time what was so until then, though it was seen later; by the name of then and of now', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const statusesOf = async (...args: string[]): Promise<string[]> => {
      const {stdout} = await run(['evidence', ...args, '-o', 'json'], world.options);
      return JSON.parse(stdout).items.map(({status}: Period) => status);
    };
    const first = world.start();
    await first.ready();
    await eventually(async () => (await statusesOf('a')).includes('active'));
    expect(await first.stop()).toBe(0);
    world.workspace.act('a', 'pause', 'ops@example.com', Date.now());
    const paused = new Date(Date.now() + 1).toISOString();
    const [path = '', text = ''] = Object.entries(file('a', 'paused'))[0] ?? [];
    world.repository.commit({[path]: text.replace('name: a', 'name: renamed')});
    const again = world.start();
    await again.ready();
    await eventually(async () => (await statusesOf('renamed')).at(-1) === 'paused');
    expect(await statusesOf('a')).toEqual(await statusesOf('renamed'));
    expect((await statusesOf('renamed', '--to', paused)).at(-1)).toBe('paused');
    expect(await again.stop()).toBe(0);
  });

  it('tells who did what, by whose commit, from its file and from the controller itself, also after a restart', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const rollcall = world.start();
    const url = await rollcall.ready();
    world.repository.commit(file('a', 'paused'));
    await eventually(() => world.status('a') === 'paused');
    world.workspace.act('a', 'resume', 'ops@example.com', Date.now());
    await eventually(() => world.actions().length === 2 && world.status('a') === 'paused');
    const served = async (): Promise<{items: {kind: string}[]}> =>
      (await fetch(`${url}/api/v1/history?name=a`)).json() as never;
    await eventually(async () => (await served()).items.filter(({kind}) => kind === 'status').length === 4);
    const {items} = await served();
    expect(items.map(({kind}) => kind).toSorted()).toEqual([
      ...['action', 'action', 'drift', 'status', 'status', 'status', 'status', 'wish', 'wish'],
    ]);
    expect(items.find(({kind}) => kind === 'action')).toMatchObject({
      revision: world.repository.git('rev-parse', 'HEAD'),
      action: 'pause',
      from: 'active',
      to: 'paused',
      cause: 'drifted',
      changedBy: 'ops@example.com',
      outcome: 'applied',
    });

    const fromFile = await run(['history', 'a'], world.options);
    const fromServer = await run(['history', 'a', '--server', url], world.options);
    expect(fromFile.stdout).toBe(fromServer.stdout);
    expect(fromFile.stdout).toMatch(
      /collections\/a {2}pause applied: active → paused; drifted, changed by ops@example.com/,
    );

    const asked = await run(['evidence', 'a', '-o', 'json'], world.options);
    const periods: Period[] = JSON.parse(asked.stdout).items;
    expect(periods.slice(-3).map(({by, status}) => `${status} by ${by}`)).toEqual([
      'paused by git',
      'active by outside',
      'paused by git',
    ]);
    expect(periods.at(-2)?.changedBy).toBe('ops@example.com');
    expect(periods.at(-1)?.revision).toBe(world.repository.git('rev-parse', 'HEAD'));
    const longer = await run(['evidence', 'a', '-o', 'json', '--to', '2099-01-01'], world.options);
    expect(longer.stderr).toContain('note: --to has not come yet: it ends now');
    expect(Date.parse(JSON.parse(longer.stdout).items.at(-1).to)).toBeLessThanOrEqual(Date.now());
    const csv = await run(['evidence', 'collections/a'], world.options);
    expect(csv.stdout.split('\r\n')[0]).toBe(
      'workspace,campaignId,name,from,to,seconds,status,desired,by,changedBy,action,revision,author,committedAt,observedAt',
    );
    expect(await rollcall.stop()).toBe(0);

    const again = world.start();
    await again.ready();
    expect(await again.stop()).toBe(0);
    const after = await run(['history', 'a'], world.options);
    expect(after.stdout).toBe(fromFile.stdout);
  });

  it('goes on correcting where no history can be written, and says so', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'paused'));
    mkdirSync(`${world.folder}/taken.sqlite`);
    const config = `${world.folder}/rollcall.yaml`;
    writeFileSync(config, `${readFileSync(config, 'utf8')}history: {file: taken.sqlite}\n`);
    const rollcall = world.start();
    await rollcall.ready();
    await eventually(() => world.status('a') === 'paused');
    await eventually(() =>
      /the history .*taken\.sqlite cannot be written: .*; it is tried again/.test(rollcall.stderr),
    );
    expect(await rollcall.stop()).toBe(0);
    expect(rollcall.stderr).toMatch(/records? of the history lost/);
  });

  it('says where it was looked for where there is none, and what is wrong with what was asked', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const none = await run(['history'], world.options);
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringMatching(/there is no history at .*history\.sqlite/),
    ]);
    const time = await run(['history', '--since', 'yesterday'], world.options);
    expect([time.code, time.stderr]).toEqual([64, expect.stringMatching(/such as 2h or 7d/)]);
    const deaf = await run(['history', '--server', 'http://127.0.0.1:9'], world.options);
    expect([deaf.code, deaf.stderr]).toEqual([1, expect.stringMatching(/127\.0\.0\.1:9 does not answer/)]);
    const token = 'first-half-of-it\nother-half-of-it';
    const broken = await run(['history', '--server', 'http://127.0.0.1:9'], {
      ...world.options,
      env: {...world.options.env, ROLLCALL_TOKEN: token},
    });
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(/nothing was asked: the token in ROLLCALL_TOKEN holds a character/),
    ]);
    expect(broken.stderr).not.toContain('half-of-it');
    await world.once();
    const ahead = await run(['evidence', 'a', '--from', '2099-01-01'], world.options);
    expect([ahead.code, ahead.stderr]).toEqual([1, expect.stringContaining('--from has not come yet')]);
    const unknown = await run(['evidence', 'b'], world.options);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(/the history knows no campaign "b"/),
    ]);
  });

  it('keeps apart two campaigns of which each is named as the other’s id is', async () => {
    const crossed = {
      'campaigns/a.yaml': yaml({name: 'b', campaignId: 'a', desired: 'active'}),
      'campaigns/b.yaml': yaml({name: 'a', campaignId: 'b', desired: 'paused'}),
    };
    const world = await open([campaign('a', 'active'), campaign('b', 'paused')], crossed);
    await world.once();
    const unclear = await run(['evidence', 'a'], world.options);
    expect([unclear.code, unclear.stderr]).toEqual([
      1,
      expect.stringMatching(/"a" is more than one campaign; name one of them: .*collections\/a/),
    ]);
    const {stdout} = await run(['evidence', 'collections/a', '-o', 'json'], world.options);
    const statuses: string[] = JSON.parse(stdout).items.map(({status}: Period) => status);
    expect(new Set(statuses).difference(new Set(['unknown']))).toEqual(new Set(['active']));
  });
});
