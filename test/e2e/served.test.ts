/** A controller that is asked by who has the token, under a path, by the page, the API and the commands. */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {run} from '../support/rollcall.ts';
import {eventually} from '../support/wait.ts';

const TOKEN = 'a-token-of-the-page-that-is-long';

const start = async () => {
  const hold = 'hold: {reason: the night shift, until: 2099-01-01T00:00:00Z}';
  const campaigns = [campaign('a', 'active'), campaign('b', 'active'), campaign('c', 'paused')];
  const world = await open(campaigns, {
    ...file('a', 'active'),
    ...file('b', 'paused', hold),
    ...file('c', 'paused'),
  });
  const config = join(world.folder, 'rollcall.yaml');
  writeFileSync(join(world.folder, 'token'), `${TOKEN}\n`);
  const http = {port: 0, metricsPort: 0, basePath: '/rollcall', auth: {tokenFile: 'token'}};
  writeFileSync(config, readFileSync(config, 'utf8').replace(/http: .*/, `http: ${JSON.stringify(http)}`));
  const rollcall = world.start();
  await rollcall.ready();
  const [, url = ''] = await eventually(() => /page at (http:\/\/\S+)\/,/.exec(rollcall.stderr));
  const command = (args: readonly string[], env: Record<string, string> = {ROLLCALL_TOKEN: TOKEN}) =>
    run([...args], {...world.options, env: {...world.options.env, ...env}});
  return {...world, rollcall, url, command};
};

describe('a controller under a path, with a token and a port for its metrics', () => {
  it('says of campaigns what the platform says, without a key and without a request of the rate', async () => {
    const {api, command, url} = await start();
    const here = await command(['get', '-o', 'json']);
    const asked = api.journal.length;
    const there = await command(['get', '-o', 'json', '--server', url], {KEY: '', ROLLCALL_TOKEN: TOKEN});
    expect(api.journal.slice(asked).filter(({path}) => path.endsWith('/c'))).toEqual([]);
    const items = (text: string) =>
      JSON.parse(text).items.map(({lastOutcome, ...item}: {lastOutcome: unknown}) => item);
    expect(items(there.stdout)).toEqual(items(here.stdout));
    expect(there.code).toBe(here.code);
    const one = await command(['get', 'b', '--server', url]);
    expect(one.stdout).toContain('pause at Thu 2099-01-01 00:00 UTC');
  });

  it('says of one campaign what get says by itself: a freeze, a timetable and a hold are no «at once»', async () => {
    const spec =
      'timezone: UTC, weekly: {mon-sun: "00:00-00:01"}, closed: [{from: 2020-01-01T00:00, to: 2098-01-01T00:00, reason: a fair}]';
    const world = await open(
      [campaign('frozen', 'paused'), campaign('timed', 'paused'), campaign('held', 'paused')],
      {
        ...file('frozen', 'active', 'reason: the autumn round'),
        ...file('timed', 'active', 'timetable: {calendar: c}'),
        ...file('held', 'active', 'hold: {reason: an audit, until: 2098-01-01T00:00:00Z}'),
        'campaigns/c.yaml': `apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: c}\nspec: {${spec}}\n`,
        'campaigns/f.yaml':
          'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: 2098-01-01T00:00:00Z, reason: an audit}\n',
      },
    );
    const rollcall = world.start();
    await rollcall.ready();
    const [, url = ''] = await eventually(() => /page at (http:\/\/\S+)\//.exec(rollcall.stderr));
    for (const name of ['frozen', 'timed', 'held']) {
      const here = await run(['get', name], world.options);
      const there = await run(['get', name, '--server', url], world.options);
      expect(there.stdout).toBe(here.stdout);
      expect(there.stdout).toMatch(/2098-01-01|closed by calendar c/);
      expect(there.stdout).not.toContain('at once');
    }
    const page = await fetch(`${url}/campaigns/collections/frozen`, {headers: {accept: 'text/html'}});
    expect(await page.text()).toMatch(/when its freeze ends/);
  });

  it('says nothing of a password in its address, and that none belongs there', async () => {
    const {command} = await start();
    for (const name of ['flag', 'variable']) {
      const address = 'http://ops:hunter2@127.0.0.1:9';
      const args = name === 'flag' ? ['--server', address] : [];
      const {code, stderr} = await command(
        ['get', ...args],
        name === 'flag' ? {} : {ROLLCALL_SERVER: address},
      );
      expect([code, stderr]).toEqual([64, expect.stringContaining('give the token in ROLLCALL_TOKEN')]);
      expect(stderr).not.toContain('hunter2');
    }
  });

  it('tells who has no token, or another, what to do', async () => {
    const {command, rollcall, url} = await start();
    const none = await command(['get', '--server', url], {});
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining('asks for a token: give it in ROLLCALL_TOKEN'),
    ]);
    const wrong = await command(['history', '--server', url], {ROLLCALL_TOKEN: 'another-token-of-many'});
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('does not take the token in ROLLCALL_TOKEN'),
    ]);
    expect(rollcall.stderr).not.toContain(TOKEN);
  });

  it.each([
    ['a campaign was cancelled against Git', 'cancelled', file('a', 'active'), 2],
    ['a declaration is invalid', 'active', {'campaigns/a.yaml': 'kind: Campaign\n'}, 3],
    ['everything is as Git wants it', 'active', file('a', 'active'), 0],
  ])('ends as get does by itself where %s', async (_name, status, files, code) => {
    const world = await open([campaign('a', status)], files);
    const rollcall = world.start();
    await rollcall.ready();
    const [, url = ''] = await eventually(() => /page at (http:\/\/\S+)\//.exec(rollcall.stderr));
    const get = (...args: string[]) => run(['get', ...args], world.options);
    expect([(await get()).code, (await get('--server', url)).code]).toEqual([code, code]);
    const misspelt = await get('--server', url, '--workspace', 'colections');
    expect([misspelt.code, misspelt.stderr]).toEqual([
      64,
      expect.stringContaining('known workspaces: collections'),
    ]);
  });

  it('is asked only where somebody says which: an empty ROLLCALL_SERVER is as none', async () => {
    const {command} = await start();
    expect((await command(['get', 'c', '-o', 'name'], {ROLLCALL_SERVER: ''})).stdout).toBe('collections/c\n');
  });

  it('shows its page to a browser that has logged in', async () => {
    const {url} = await start();
    const body = new URLSearchParams({token: TOKEN, to: '/campaigns'});
    const answer = await fetch(`${url}/login`, {method: 'POST', body, redirect: 'manual'});
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = await fetch(new URL(answer.headers.get('location') ?? '', `${url}/login`), {
      headers: {cookie, accept: 'text/html'},
    });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('held: the night shift');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });
});
