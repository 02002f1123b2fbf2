/** What an operator meets on the first day, tried on the real process. */
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, onTestFinished} from 'vitest';
import {VERBS} from '../support/command.ts';
import {deploy, file} from '../support/deployment.ts';
import {yaml} from '../support/fixtures.ts';
import {API_KEY, campaign, startPlatform} from '../support/platform.ts';
import {Rollcall, run} from '../support/rollcall.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const config = (baseUrl: string, more = ''): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {directory: {path: campaigns, settle: 10ms}}
platform: {baseUrl: ${baseUrl}, timeout: 2s}
workspaces:
  - {name: collections, orgId: org-1, workspaceId: ws-1, apiKey: {file: key}, rate: {requests: 10, per: 100ms}}
http: {port: 0}
${more}`;

const open = async (campaigns: Parameters<typeof startPlatform>[0], files: Record<string, string>) => {
  const platform = await startPlatform(campaigns);
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'campaigns'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  writeFileSync(join(cwd, 'key'), `${API_KEY}\n`);
  writeFileSync(join(cwd, 'rollcall.yaml'), config(platform.baseUrl));
  return {
    ...platform,
    cwd,
    configure: (text: string) => writeFileSync(join(cwd, 'rollcall.yaml'), text),
    run: (...args: string[]) => run(args, {cwd}),
    start: (...args: string[]) => new Rollcall(args, {cwd}),
  };
};

const declared = (id: string, desired: string, extra = '') => ({
  [`campaigns/${id}.yaml`]: yaml({name: `name-${id}`, campaignId: id, desired, extra}),
});

describe('rollcall get', () => {
  const world = () =>
    open(
      [
        campaign('a', 'active'),
        campaign('b', 'active', {updatedBy: `ops\u009b\u202E ${API_KEY}`}),
        campaign('c', 'paused'),
      ],
      {...declared('a', 'active'), ...declared('b', 'paused'), ...declared('c', 'paused')},
    );
  it.each([
    [['name-a'], ['a']],
    [['a'], ['a']],
    [['collections/name-a'], ['a']],
    [['collections/a'], ['a']],
    [['name-?'], ['a', 'b', 'c']],
    [['collections/*'], ['a', 'b', 'c']],
    [['--state', 'pending'], ['b']],
    [['--workspace', 'collections', 'c'], ['c']],
    [['-l', 'team'], []],
  ])('finds by %j', async (args, ids) => {
    const {stdout} = await (await world()).run('get', ...args, '-o', 'json');
    const items = stdout ? JSON.parse(stdout).items : [];
    expect(items.map((item: {campaignId: string}) => item.campaignId)).toEqual(ids);
  });
  it('prints what it takes', async () => {
    const {run: rollcall} = await world();
    const {stdout} = await rollcall('get', '-o', 'name');
    const names = stdout.trim().split('\n');
    expect(names).toHaveLength(3);
    for (const name of names) expect((await rollcall('get', name, '-o', 'name')).stdout.trim()).toBe(name);
  });
  it('prints no name where there is none', async () => {
    expect((await (await world()).run('get', '-l', 'team', '-o', 'name')).stdout).toBe('');
  });
  it('says of the last action nothing that only its own looking came to', async () => {
    const {stdout} = await (await world()).run('get', 'b');
    expect(stdout).toMatch(/Last outcome: +-\n/);
  });
  it('shows everything of one campaign, the revision and the time', async () => {
    const {stdout, stderr} = await (await world()).run('get', 'b');
    for (const part of ['Campaign:', 'Source:', 'Why:', 'Next:         pause, at once', 'Last outcome:'])
      expect(stdout).toContain(part);
    expect(stderr).toMatch(/revision [0-9a-f]{12}; read \w{3} \d{4}-\d\d-\d\d \d\d:\d\d UTC \(now\)/);
  });
  it('shows neither a key nor a character that moves the cursor, in any format', async () => {
    const {run: rollcall} = await world();
    for (const format of ['table', 'wide', 'json', 'yaml', 'name']) {
      const {stdout} = await rollcall('get', '-o', format);
      expect(stdout).not.toContain(API_KEY);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
    }
  });
  it('goes on with --watch, and shows what changes', async () => {
    const {start, workspace} = await world();
    const watching = start('get', '--watch', '--interval', '1s', '-o', 'json');
    await eventually(() => watching.stdout.includes('"campaignId": "a"'));
    const before = watching.stdout.length;
    workspace.act('c', 'cancel', 'ops', Date.now());
    await eventually(() => watching.stdout.slice(before).includes('"live": "cancelled"'));
    expect(watching.stdout.slice(before)).not.toContain('"campaignId": "a"');
    expect(await watching.stop()).toBe(0);
  });
  it('takes no flag that means nothing to it', async () => {
    expect((await (await world()).run('get', '--http-port', '1')).code).toBe(64);
  });
});

describe('a table', () => {
  const inTerminal = async (columns: number, command: string, cwd: string): Promise<string> => {
    const line = `stty cols ${columns}; ${process.execPath} ${ROOT}/src/main.ts ${command}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd,
      env: {PATH: process.env['PATH'], HOME: cwd, TZ: 'UTC', NO_COLOR: '1'},
    });
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
    });
    await new Promise(resolve => child.once('close', resolve));
    return text.replaceAll('\r', '');
  };

  it.runIf(spawnSync('script', ['--version']).error === undefined)(
    'fits a terminal, and is not cut where a program reads it',
    async () => {
      const reason = `reason: ${'words that go on '.repeat(12)}`;
      const {cwd, run: rollcall} = await open([campaign('a', 'active')], declared('a', 'active', reason));
      for (const columns of [100, 60]) {
        const shown = (await inTerminal(columns, 'get', cwd))
          .split('\n')
          .filter(line => /name-a|live is/.test(line));
        expect(shown.length).toBeGreaterThan(0);
        for (const line of shown) expect(line.length).toBeLessThanOrEqual(columns);
        expect(shown[0]).toContain('collections  name-a  a         active   active  satisfied');
      }
      expect((await rollcall('get')).stdout).toContain('words that go on words that go on');
      expect((await rollcall('get')).stdout).not.toContain('…');
    },
  );
});

describe('the configuration of a running controller', () => {
  it('is followed: what can change does, whole or not at all, and which is in force is told', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'paused'));
    const base = config(world.baseUrl, 'reconcile: {interval: 1s}\n');
    const detect = base.replace('rate:', 'mode: detect, rate:');
    world.configure(detect);
    const controller = world.start('run');
    const url = await controller.ready();
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    const inForce = async () => /rollcall_config_info\{digest="(\w+)"\} 1/.exec(await metrics())?.[1];
    const first = await inForce();
    world.configure(base.replace('concurrency', 'x').replace('http: {port: 0}', 'http: {port: zero}'));
    await eventually(() => controller.stderr.includes('the configuration is not taken: rollcall.yaml:7:14'));
    expect(await metrics()).toContain('rollcall_config_last_reload_successful 0');
    world.configure(base.replace('timeout: 2s', 'timeout: 3s'));
    await eventually(() => controller.stderr.includes('platform: cannot change without a restart'));
    world.configure(base.replace(/apiKey: \{.*?\}/, 'apiKey: {env: NOT_THERE}'));
    await eventually(() => controller.stderr.includes('the environment variable NOT_THERE is not there'));
    expect(await inForce()).toBe(first);
    expect(world.actions()).toEqual([]);
    world.configure(base);
    await eventually(() => world.status('a') === 'paused');
    expect(await inForce()).not.toBe(first);
    expect(await metrics()).toContain('rollcall_config_last_reload_successful 1');
    expect(await controller.stop()).toBe(0);
  });
  it('is read again at SIGHUP, which does not end it', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'active'));
    const controller = world.start('run');
    await controller.ready();
    controller.child.kill('SIGHUP');
    await eventually(() => controller.stderr.includes('is what is in force'));
    expect(controller.child.exitCode).toBeNull();
    expect(await controller.stop()).toBe(0);
  });
  it('takes workspaces in and lets them go', async () => {
    const world = await open([campaign('a', 'active')], {
      ...declared('a', 'active'),
      'campaigns/b.yaml': yaml({name: 'b', campaignId: 'b', workspace: 'growth'}),
    });
    const controller = world.start('run');
    const url = await controller.ready();
    const report = async () =>
      (await fetch(`${url}/api/v1/report`)).json() as Promise<{diagnostics: {code: string}[]}>;
    expect((await report()).diagnostics.map(({code}) => code)).toEqual(['unknown-workspace']);
    const two = config(world.baseUrl).replace(
      '\nhttp:',
      '\n  - {name: growth, orgId: org-1, workspaceId: ws-2, apiKey: {file: key}}\nhttp:',
    );
    world.configure(two);
    await eventually(async () => (await report()).diagnostics.length === 0);
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    await eventually(async () =>
      (await metrics()).includes('rollcall_campaigns{workspace="growth",state="unknown"} 1'),
    );
    expect(controller.stderr).toContain(
      'the workspaces collections, growth have one API key: where the platform',
    );
    world.configure(config(world.baseUrl));
    await eventually(
      async () =>
        !(await metrics()).includes('workspace="growth",state="unknown"} 1') &&
        !(await metrics()).includes('rollcall_queue_depth{workspace="growth"}'),
    );
    expect(await controller.stop()).toBe(0);
  });
});

describe('a second controller', () => {
  it('with the same cache and source is refused, and told of the first', async () => {
    const world = await deploy([campaign('a', 'active')], file('a', 'active'));
    const first = world.start();
    await first.ready();
    const {code, stderr} = await world.once();
    expect(code).toBe(1);
    expect(stderr).toContain(`process ${first.child.pid} on`);
    expect(stderr).toContain('source.git.cacheDirectory');
    expect(await first.stop('SIGKILL')).toBeNull();
    expect((await world.once()).code).toBe(0);
  });
});

describe('a second controller of a folder', () => {
  it('is refused, and told of the first', async () => {
    const world = await deploy([campaign('a', 'active')], file('a', 'active'));
    const first = world.start('--directory', 'repository/campaigns');
    await first.ready();
    const {code, stderr} = await world.once('--directory', 'repository/campaigns');
    expect([code, stderr]).toEqual([1, expect.stringContaining(`process ${first.child.pid} on`)]);
    expect(await first.stop()).toBe(0);
  });
});

describe('an export', () => {
  it('writes nothing through a link that leads elsewhere', async () => {
    const world = await deploy([campaign('a', 'active')], {'campaigns/README.md': 'ours\n'});
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(world.repository.path, 'campaigns/collections'));
    const {code, stderr} = await run(
      ['export', '--directory', join(world.repository.path, 'campaigns')],
      world.options,
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('is a symbolic link')]);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('a place that cannot be written to', () => {
  it('is told with the setting to change, and never waited for', async () => {
    const world = await deploy([campaign('a', 'active')], file('a', 'active'));
    const started = performance.now();
    const cache = await run(['run', '--once'], {
      ...world.options,
      env: {...world.options.env, XDG_CACHE_HOME: '/proc/1'},
    });
    expect([cache.code, cache.stderr]).toEqual([1, expect.stringContaining('XDG_CACHE_HOME')]);
    const got = await run(['get'], {...world.options, env: {...world.options.env, TMPDIR: '/nope'}});
    expect([got.code, got.stderr]).toEqual([1, expect.stringContaining('choose another with TMPDIR')]);
    expect(got.stderr).not.toContain('at ');
    const exported = await run(['export', '--directory', '/proc/x'], world.options);
    expect([exported.code, exported.stderr]).toEqual([
      1,
      expect.stringContaining('choose another --directory'),
    ]);
    for (const out of ['/proc/x/plan.json', '.', join('nowhere', 'plan.json')]) {
      const plan = await run(['plan', '--out', out], {
        ...world.options,
        cwd: world.repository.path,
        env: {...world.options.env, ROLLCALL_CONFIG: join(world.folder, 'rollcall.yaml')},
      });
      expect([plan.code, plan.stderr]).toEqual([1, expect.stringContaining(out)]);
    }
    expect(performance.now() - started).toBeLessThan(25_000);
  });
});

describe('a machine behind a proxy', () => {
  it('reaches the simulator on it directly, and shows the proxy no key', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers['x-api-key']}`);
      response.writeHead(403).end('<html>no</html>');
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const world = await open([campaign('a', 'active')], declared('a', 'active'));
    const {code} = await run(['get'], {cwd: world.cwd, env: {HTTP_PROXY: address, HTTPS_PROXY: address}});
    expect([code, asked]).toEqual([0, []]);
  });
  it('whose variable names no proxy says which, and ends', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'active'));
    const scenario = join(ROOT, 'examples/scenario.yaml');
    world.configure(
      config('x')
        .replace('baseUrl: x, timeout: 2s', `simulator: {scenario: ${scenario}}`)
        .replace('apiKey: {file: key}, ', ''),
    );
    for (const verb of [['run'], ['run', '--once'], ['get'], ['doctor']]) {
      const {code, stderr, stdout} = await run(verb, {cwd: world.cwd, env: {HTTP_PROXY: 'ftp://proxy'}});
      expect([verb, code]).toEqual([verb, 1]);
      expect(stderr + stdout).toContain('HTTP_PROXY names no proxy');
    }
  });
});

describe('rollcall, started by an old Node', () => {
  const old = execFileSync(
    'bash',
    ['-c', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin command -v node || true'],
    {encoding: 'utf8'},
  ).trim();
  const isOld =
    old !== '' &&
    Number(execFileSync(old, ['-p', 'process.versions.node.split(".")[0]'], {encoding: 'utf8'})) < 26;
  it.runIf(isOld)('finds the Node that came with it, from any folder', () => {
    const {status, stdout} = spawnSync(old, [join(ROOT, 'bin/rollcall.js'), '--version'], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '0.1.0\n']);
    const wrong = spawnSync(old, [join(ROOT, 'bin/rollcall.js'), 'no-verb'], {cwd: '/', encoding: 'utf8'});
    expect(wrong.status).toBe(64);
  });
});

describe('help', () => {
  it.each(VERBS)('of %s has examples and the exit codes that it has', async verb => {
    const {code, stdout} = await run([verb, '--help'], {cwd: temporaryFolder()});
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:\n  $ rollcall');
    expect(stdout).toMatch(/Exit codes:\n {2}0 /);
  });
  it('offers the same flags to verbs that do the same', async () => {
    const flags = async (verb: string): Promise<string[]> =>
      (
        (await run([verb, '--help'], {cwd: temporaryFolder()})).stdout.match(
          /--(?:git|directory|platform)-?[a-z]*/g,
        ) ?? []
      ).toSorted();
    const [plan, apply, get] = await Promise.all(['plan', 'apply', 'get'].map(flags));
    expect(plan).toEqual(get);
    expect(apply).toEqual(get);
  });
});

describe('rollcall completion', () => {
  it('completes verbs and flags in bash', async () => {
    const {stdout} = await run(['completion', 'bash'], {cwd: temporaryFolder()});
    const complete = (...words: string[]): string[] =>
      execFileSync(
        'bash',
        [
          '-c',
          `${stdout}\nCOMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _rollcall; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        {encoding: 'utf8'},
      )
        .trim()
        .split('\n');
    expect(complete('rollcall', 'va')).toEqual(['validate']);
    expect(complete('rollcall', 'get', '--sel')).toEqual(['--selector']);
    expect(complete('rollcall', 'get', '-o', 'j')).toEqual(['json']);
    expect(complete('rollcall', 'schema', 'contr')).toEqual(['controller']);
    expect(complete('rollcall', 'get', '--state', '=', 'he')).toEqual(['held']);
    expect(complete('rollcall', 'get', '--state', '=')).toContain('drifted');
    expect(complete('rollcall', 'get', '--config', '/et')).toEqual(['/etc']);
    expect(complete('rollcall', 'get', '--workspace', '/et')).toEqual(['']);
  });
  it.each(['zsh', 'fish'])('has a script for %s that names every verb', async shell => {
    const {code, stdout} = await run(['completion', shell], {cwd: temporaryFolder()});
    expect(code).toBe(0);
    for (const verb of ['run', 'get', 'doctor', 'validate', 'completion']) expect(stdout).toContain(verb);
  });
});

describe('rollcall doctor', () => {
  it('finds nothing wrong where nothing is, and says what it looked at', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'active'));
    const {code, stdout} = await world.run('doctor', '-o', 'json');
    const {checks, healthy} = JSON.parse(stdout);
    expect([code, healthy]).toEqual([0, true]);
    expect(checks.map(({check}: {check: string}) => check)).toEqual([
      'version',
      'configuration',
      'disk',
      'history',
      'source',
      'proxy',
      'certificates',
      'workspace collections',
      'rate of collections',
      'clock',
    ]);
  });
  it('names each thing that is wrong, with its remedy', async () => {
    const world = await open([campaign('a', 'active')], {'campaigns/a.yaml': 'x: [\n'});
    writeFileSync(join(world.cwd, 'key'), 'not-the-right-key\n');
    const {code, stdout} = await world.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toContain('✗ declarations: 1 problem\n    rollcall validate shows each of them');
    expect(stdout).toMatch(
      /✗ workspace collections: the platform answered 401.*\n {4}put a key of this workspace into the file /,
    );
    world.configure(config(world.baseUrl).replace('rate:', 'rat:'));
    const broken = await world.run('doctor');
    expect(broken.stdout).toContain('✗ configuration: rollcall.yaml:6:');
    expect(broken.stdout).toContain('did you mean rate?');
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['no database', (path: string) => writeFileSync(path, 'this is no database, and never was one')],
  ])('says that no history can be kept where its file is %s', async (_name, make) => {
    const world = await open([campaign('a', 'active')], declared('a', 'active'));
    make(join(world.cwd, 'history.sqlite'));
    world.configure(`${config(world.baseUrl)}\nhistory: {file: history.sqlite}\n`);
    const {code, stdout} = await world.run('doctor');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/✗ history: no history can be kept in .*history\.sqlite: .*\n {4}choose another/),
    ]);
    const {stderr} = await world.run('history');
    expect(stderr).toMatch(/the history .*history\.sqlite cannot be read: /);
  });

  it('looks at every secret that a controller goes by, and shows none', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'active'));
    writeFileSync(join(world.cwd, 'token'), 'too-short\n');
    writeFileSync(join(world.cwd, 'signing'), 'no base64, %%%\n');
    world.configure(`${config(world.baseUrl).replace('http: {', 'http: {auth: {tokenFile: token}, ')}
notifications:
  - {name: ops, webhook: {url: "https://ops.example", secret: {file: signing}}}
  - {name: chat, slack: {webhookUrl: {env: CHAT}}}
`);
    const {code, stderr, stdout} = await world.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ secrets: http\.auth\.tokenFile: the file .*token has less than 16 characters/);
    expect(stdout).toMatch(
      /✗ secrets: notifications, ops: the file .*signing is no key of Standard Webhooks/,
    );
    expect(stdout).toContain('✗ secrets: notifications, chat: the environment variable CHAT is not there');
    expect(stdout + stderr).not.toMatch(/too-short|%%%/);
  });
});

describe('rollcall schema controller', () => {
  it('describes the configuration that init writes, whose first line names it', async () => {
    const cwd = temporaryFolder();
    await run(['init'], {cwd});
    const [first = ''] = readFileSync(join(cwd, 'rollcall.yaml'), 'utf8').split('\n');
    const [, name = ''] = /\$schema=(\S+)/.exec(first) ?? [];
    const schema = JSON.parse(readFileSync(join(cwd, name), 'utf8'));
    expect(JSON.parse((await run(['schema', 'controller'], {cwd})).stdout)).toEqual(schema);
    expect(Object.keys(schema.properties)).toContain('workspaces');
  });
});

describe('rollcall simulate', () => {
  it('starts with its example in any folder', async () => {
    const simulator = new Rollcall(['simulate'], {cwd: temporaryFolder()});
    await eventually(() => /^http:\/\/127\.0\.0\.1:\d+\n/.exec(simulator.stdout));
    await eventually(() => simulator.stderr.includes('simulating 9 campaigns'));
    expect(await simulator.stop()).toBe(0);
  });
});

describe('rollcall plan', () => {
  it('ends with 0 where it is asked to, though something would be done', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'paused'));
    expect((await world.run('plan')).code).toBe(2);
    expect((await world.run('plan', '--exit-zero')).code).toBe(0);
  });
  it('says of a campaign that is to end that it goes on dialling, and what would stop it', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'ended'));
    writeFileSync(join(world.cwd, 'campaigns/a.yaml'), yaml({name: 'a', campaignId: 'a', desired: 'active'}));
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'x'],
    ])
      execFileSync('git', args, {cwd: world.cwd});
    writeFileSync(join(world.cwd, 'campaigns/a.yaml'), yaml({name: 'a', campaignId: 'a', desired: 'ended'}));
    const {stdout} = await world.run('plan', '--base', 'HEAD');
    expect(stdout).toContain('it goes on dialling until every contact has been dialled, or until its end');
    expect(stdout).toContain('to stop it now, ask for paused');
  });
  it('says while it waits that it does, and for what', async () => {
    const world = await open([campaign('a', 'active')], declared('a', 'paused'));
    world.faults({throttled: 1});
    const planning = world.start('plan');
    await eventually(() => planning.stderr.includes('Too Many Requests; trying again in'));
    world.faults({});
    expect(await planning.exited()).toBe(2);
  });
});

describe('with every workspace down', () => {
  it('names each of them', async () => {
    const world = await open([], declared('a', 'active'));
    const three = ['a', 'b', 'c'].map(
      name => `  - {name: ${name}, orgId: org-1, workspaceId: none-${name}, apiKey: {file: key}}`,
    );
    world.configure(config(world.baseUrl).replace(/ {2}- \{name: collections.*\n/, `${three.join('\n')}\n`));
    for (const verb of [['get'], ['run', '--once'], ['plan']]) {
      const {code, stderr} = await world.run(...verb);
      expect(code).toBe(1);
      for (const name of ['a', 'b', 'c'])
        expect(stderr).toContain(`workspace ${name}: the platform answered 401`);
      expect(stderr).not.toContain('next interval');
    }
  });
});
