import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {rollcall} from '../../src/cli/program.ts';
import {validationSchema} from '../../src/cli/schemas.ts';
import {runWith} from '../support/command.ts';
import {yaml} from '../support/fixtures.ts';
import {API_KEY, campaign, startPlatform} from '../support/platform.ts';
import {Rollcall, run} from '../support/rollcall.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const inFolder = (files: Record<string, string>) => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'campaigns'), {recursive: true});
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text);
  return {cwd};
};

const config = (baseUrl: string): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {directory: {path: campaigns}}
platform: {baseUrl: ${baseUrl}}
workspaces: [{name: collections, orgId: org-1, workspaceId: ws-1, apiKey: {file: key}}]
http: {port: 0}
`;

describe('usage', () => {
  it.each([
    [['--help'], 0, 'Exit codes'],
    [['run', '--help'], 0, '--dry-run'],
    [['--version'], 0, '0.1.0'],
  ])('%j prints to standard output', async (args, code, text) => {
    const result = await run(args, inFolder({}));
    expect([result.code, result.stderr]).toEqual([code, '']);
    expect(result.stdout).toContain(text);
  });
  it.each([
    [[], 'Usage'],
    [['runn'], 'run'],
    [['run', '--onse'], '--once'],
    [['simulate', '--port', 'x'], 'whole number'],
    [['validate', '--format', 'xml'], 'text, json, github'],
  ])('%j is wrong usage: 64, and what would be right', async (args, text) => {
    const result = await run(args, inFolder({}));
    expect([result.code, result.stdout]).toEqual([64, '']);
    expect(result.stderr).toContain(text);
  });
  it('names a configuration that does not exist', async () => {
    const {code, stderr} = await run(['run', '--config', 'nowhere.yaml'], inFolder({}));
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.yaml:1:1: error: the file does not exist');
    expect(stderr).toContain('--config FILE');
  });
  it('tells every problem of a configuration at once, with its place', async () => {
    const text = `apiVersion: rollcall.dev/v1
kind: Controller
source: {git: {url: "https://u:p@git.example/x.git"}, directory: {path: x}}
workspaces:
  - {name: A, orgId: o, workspaceId: w, apiKey: abc, rate: {requests: 0, per: 5}}
reconcile: {intervall: 5s}
http: {port: 99999}
`;
    const {code, stderr} = await run(['run'], inFolder({'rollcall.yaml': text}));
    expect(code).toBe(1);
    for (const part of [
      '3:21: error: source.git.url: must not hold credentials',
      '3:9: error: source: needs either git or directory',
      '5:12: error: workspaces[0].name',
      '5:49: error: workspaces[0].apiKey: must be {env: VARIABLE} or {file: PATH}; a literal key is refused',
      '5:71: error: workspaces[0].rate.requests: must be at least 1',
      '5:79: error: workspaces[0].rate.per: must be a duration',
      '6:13: error: unknown key "intervall" in reconcile',
      'did you mean interval?',
      '7:14: error: http.port: must be at most 65535',
      '8 problems',
    ])
      expect(stderr).toContain(part);
    expect(stderr).not.toContain('abc');
  });
  it('blames the flag or the variable, not the file', async () => {
    const world = inFolder({'rollcall.yaml': config('http://127.0.0.1:9')});
    const flag = await run(['run', '--http-port', 'many'], world);
    expect(flag.code).toBe(64);
    expect(flag.stderr).toContain('--http-port:1:1: error: http.port');
    const variable = await run(['run'], {...world, env: {ROLLCALL_LOG_LEVEL: 'loud'}});
    expect(variable.stderr).toContain('ROLLCALL_LOG_LEVEL:1:1: error: log.level');
  });
  it('says which port is in use, and how to choose another', async () => {
    const platform = await startPlatform([]);
    const port = new URL(platform.baseUrl).port;
    const world = inFolder({'rollcall.yaml': config(platform.baseUrl)});
    const {code, stderr} = await run(['run', '--http-port', port], world);
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port} is in use: choose another with --http-port`);
  });
  it.each([
    ['192.0.2.1', '192.0.2.1:0 is no address of this machine: choose another for http.host'],
    ['nowhere.invalid', 'nowhere.invalid has no address: choose another for http.host'],
  ])('says that it cannot listen on %s, and which key to change', async (host, text) => {
    const platform = await startPlatform([]);
    const written = config(platform.baseUrl).replace('http: {port: 0}', `http: {port: 0, host: ${host}}`);
    const {code, stderr} = await run(['run'], inFolder({'rollcall.yaml': written}));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`rollcall: ${text}`)]);
  });
});

describe('rollcall validate', () => {
  const world = () =>
    inFolder({
      'campaigns/a.yaml': yaml(),
      'campaigns/b.yaml': yaml({name: 'b', campaignId: '0123', desired: 'paused'}),
    });
  it('is content with good files', async () => {
    const {code, stderr, stdout} = await run(['validate', 'campaigns/a.yaml'], world());
    expect([code, stdout, stderr]).toEqual([0, '', '1 valid declaration, 0 problems\n']);
  });
  it('reads the folder campaigns, and names place, problem, code and remedy', async () => {
    const {code, stdout} = await run(['validate'], world());
    expect(code).toBe(3);
    expect(stdout).toBe(
      "campaigns/b.yaml:7:15: error: spec.campaignId must be a string, but YAML reads 0123 as number [unquoted]\n  7 |   campaignId: 0123\n    |               ^\n    quote it: '0123'\n",
    );
  });
  it('prints one JSON document, or annotations for GitHub', async () => {
    const json = await run(['validate', '--format', 'json'], world());
    expect(validationSchema.parse(JSON.parse(json.stdout))).toMatchObject({
      valid: 1,
      diagnostics: [{code: 'unquoted', line: 7}],
    });
    const github = await run(['validate', '--format', 'github'], world());
    expect(github.stdout).toBe(
      "::error file=campaigns/b.yaml,line=7,col=15,title=unquoted::spec.campaignId must be a string, but YAML reads 0123 as number: quote it: '0123'\n",
    );
  });
  it('reads standard input, and knows workspaces where it is given a configuration', async () => {
    const folder = {
      ...inFolder({'rollcall.yaml': config('http://127.0.0.1:9')}),
      stdin: yaml({workspace: 'elsewhere'}),
    };
    const {code, stdout} = await run(['validate', '--config', 'rollcall.yaml', '-'], folder);
    expect(code).toBe(3);
    expect(stdout).toContain(
      '<stdin>:6:14: error: workspace "elsewhere" is not in the controller\'s configuration',
    );
  });
  it('told to stop while it waits for standard input, says so in a line', async () => {
    const stopping = new AbortController();
    const stdin = new Readable({read: () => stopping.abort()});
    const {code, stderr, stdout} = await runWith(io =>
      rollcall(['validate', '-'], {...io, stdin, stopping: stopping.signal}),
    );
    expect([code, stdout]).toEqual([1, '<stdin>:1:1: error: it cannot be read: told to stop [unreadable]\n']);
    expect(stderr).toBe('0 valid declarations, 1 problem\n');
  });

  it('fails where a path does not exist', async () => {
    const {code, stdout} = await run(['validate', 'nowhere'], world());
    expect(code).toBe(1);
    expect(stdout).toContain('nowhere:1:1');
  });

  it('tells of each document all that is wrong at once, also what only shows between its keys', async () => {
    const {stdout} = await run(
      ['validate'],
      inFolder({
        'campaigns/a.yaml': yaml({desired: 'cancelled', extra: 'reason: [x]\n  timetable: {}'}),
        'campaigns/c.yaml':
          'apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: c}\nspec: {timezone: Nowhere, weekly: {mun: "09:00-10:00"}, holidays: {country: XX}}\n',
        'campaigns/f.yaml':
          'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, from: 2027-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z, reason: [x]}\n',
      }),
    );
    for (const part of [
      'spec.reason must be a string',
      '[unconfirmed-cancel]',
      'stands with desiredStatus: cancelled',
      'must be an IANA time zone',
      '"mun" is no day of the week',
      'there are no holidays of the country "XX"',
      'spec.until: must be after from',
    ])
      expect(stdout).toContain(part);
  });

  it('does not take a symbolic link of a Git repository for a file, as a controller does not, and says so', async () => {
    const folder = inFolder({'campaigns/a.yaml': yaml()});
    writeFileSync(join(folder.cwd, 'elsewhere.yaml'), `# secret: of elsewhere\n${yaml()}`);
    symlinkSync('../elsewhere.yaml', join(folder.cwd, 'campaigns/again.yaml'));
    const plain = await run(['validate'], folder);
    expect([plain.code, plain.stdout]).toEqual([3, expect.stringContaining('[link-outside]')]);
    mkdirSync(join(folder.cwd, '.git'));
    const {code, stderr, stdout} = await run(['validate'], folder);
    expect([code, stderr]).toEqual([0, '1 valid declaration, 0 problems, 1 warning\n']);
    expect(stdout).toContain('campaigns/again.yaml:1:1: warning: this is a symbolic link');
    expect(stdout).not.toContain('secret: of elsewhere');
    const named = await run(['validate', 'campaigns/again.yaml'], folder);
    expect([named.code, named.stderr]).toEqual([0, '0 valid declarations, 0 problems, 1 warning\n']);
    expect(named.stdout).not.toContain('secret: of elsewhere');
    const outside = temporaryFolder();
    writeFileSync(join(outside, 's.yaml'), '# secret: of elsewhere\nx: y\n');
    symlinkSync(outside, join(folder.cwd, 'linked'));
    for (const path of ['linked', 'linked/s.yaml']) {
      const through = await run(['validate', path], folder);
      expect([through.code, through.stdout]).toEqual([
        0,
        expect.stringMatching(/^linked.*: warning: this is a symbolic link/),
      ]);
      expect(through.stdout).not.toContain('secret: of elsewhere');
    }
  });

  it('warns of a hold and of a freeze that are over: the year may be wrong', async () => {
    const folder = inFolder({
      'campaigns/a.yaml': yaml({extra: 'hold: {reason: repair, owner: ops, until: 2020-01-01T00:00:00Z}'}),
      'campaigns/f.yaml':
        'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: 2020-01-01T00:00:00Z, reason: audit}\n',
    });
    const {code, stderr, stdout} = await run(['validate'], folder);
    expect([code, stderr]).toEqual([0, '1 valid declaration, 0 problems, 2 warnings\n']);
    expect(stdout).toContain(
      'the hold ended at 2020-01-01T00:00:00.000Z: it keeps nothing any more [past-until]',
    );
    expect(stdout).toContain('campaigns/f.yaml:1:1: warning: the freeze f ended at 2020-01-01');
  });

  it('warns of a hold without an end, and counts it as no mistake', async () => {
    const folder = inFolder({
      'campaigns/a.yaml': yaml({extra: 'hold: {reason: repair}'}),
    });
    const text = await run(['validate'], folder);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(
      'warning: the hold has no end, and no owner: it is easily forgotten [hold-without-end]',
    );
    expect(text.stderr).toBe('1 valid declaration, 0 problems, 1 warning\n');
    const json = await run(['validate', '-o', 'json'], folder);
    expect(validationSchema.parse(JSON.parse(json.stdout)).warnings).toMatchObject([
      {code: 'hold-without-end', line: 1},
    ]);
    expect((await run(['validate', '-o', 'github'], folder)).stdout).toMatch(
      /^::warning file=campaigns\/a\.yaml,line=1/,
    );
  });
});

describe('rollcall validate, on what people write', () => {
  it('shows the line with a caret below the place, whatever stands before it', async () => {
    const text = yaml().replace('spec:', 'spec:\n  reason: "日本語\t\u202E" \n  wrokspace: x');
    const {stdout} = await run(['validate', '-'], {...inFolder({}), stdin: text});
    expect(stdout).toContain('  7 |   wrokspace: x\n    |   ^\n    did you mean workspace?\n');
    const wide = yaml({name: '日本語'});
    const after = await run(['validate', '-'], {...inFolder({}), stdin: wide});
    expect(after.stdout).toContain('  4 |   name: 日本語\n    |         ^\n');
  });
  it('names both places of a campaign that is declared twice, also across standard input and files', async () => {
    const world = inFolder({'campaigns/a.yaml': yaml(), 'campaigns/b.yaml': yaml({name: 'b'})});
    const {code, stdout} = await run(
      ['validate', 'campaigns', 'campaigns/a.yaml', './campaigns/a.yaml'],
      world,
    );
    expect(code).toBe(3);
    expect(stdout.match(/\[duplicate-campaign\]/g)).toHaveLength(2);
    expect(stdout).toContain('campaigns/a.yaml:7:15: error: campaign camp-1');
    expect(stdout).toContain('is declared also in campaigns/b.yaml:1');
    const piped = await run(['validate', '-', 'campaigns/a.yaml'], {...world, stdin: yaml({name: 'c'})});
    expect(piped.stdout).toContain('<stdin>:7:15: error: campaign camp-1');
  });
  it('says that GitHub shows ten annotations, where there are more', async () => {
    const files = Object.fromEntries(
      Array.from({length: 12}, (_, i) => [
        `campaigns/${i}.yaml`,
        yaml({name: `q${i}`, campaignId: `c${i}`, desired: 'x'}),
      ]),
    );
    const {stderr, stdout} = await run(['validate', '--format', 'github'], inFolder(files));
    expect(stdout.match(/^::error /gm)).toHaveLength(12);
    expect(stderr).toContain('GitHub shows 10 of them');
  });
  it('does not call the configuration a declaration with a mistake in its kind', async () => {
    const world = inFolder({'rollcall.yaml': config('http://127.0.0.1:9'), 'campaigns/a.yaml': yaml()});
    const {code, stdout} = await run(['validate', '.'], world);
    expect(code).toBe(3);
    expect(stdout).toContain('rollcall.yaml:1:1: error: this is a file of Rollcall’s own (kind: Controller)');
    expect(stdout).not.toContain('write Campaign');
  });
  it('asks what to validate where there is no folder campaigns, and does not walk through all there is', async () => {
    const {code, stderr} = await run(['validate'], {cwd: temporaryFolder()});
    expect([code, stderr]).toEqual([
      64,
      'rollcall: there is no folder campaigns here: name what to validate\n',
    ]);
  });
  it('prints JSON that its schema describes', async () => {
    const {stdout} = await run(['schema', 'validation'], inFolder({}));
    expect(Object.keys(JSON.parse(stdout).properties)).toEqual([
      'apiVersion',
      'kind',
      'valid',
      'diagnostics',
      'warnings',
    ]);
  });
});

describe('rollcall get', () => {
  const open = async (desired: string) => {
    const platform = await startPlatform([campaign('camp-1', 'active'), campaign('stray', 'paused')]);
    const world = inFolder({
      'rollcall.yaml': config(platform.baseUrl),
      key: `${API_KEY}\n`,
      'campaigns/a.yaml': yaml({desired}),
    });
    return {platform, get: (...args: string[]) => run(['get', ...args], world)};
  };
  it('shows each campaign, changes nothing, and ends with 2 where something differs', async () => {
    const {get, platform} = await open('paused');
    const {code, stdout} = await get();
    expect(code).toBe(2);
    expect(stdout).toMatch(/collections +q1 +camp-1 +paused +active +pending +Git asks for paused/);
    expect(stdout).toMatch(/collections +stray +stray +- +paused +unmanaged/);
    expect(platform.actions()).toEqual([]);
  });
  it('ends with 0 where nothing differs, and prints JSON', async () => {
    const {get} = await open('active');
    const {code, stdout} = await get('q1', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).items).toMatchObject([
      {name: 'q1', desired: 'active', live: 'active', state: 'satisfied'},
    ]);
  });
  it('says which name it does not know', async () => {
    const {get} = await open('active');
    const {code, stderr} = await get('q9');
    expect(code).toBe(1);
    expect(stderr).toContain('rollcall: no such campaign: "q9"; did you mean q1?');
  });
});

describe('rollcall simulate', () => {
  it('prints its base URL first, and ends with 0 when told to stop', async () => {
    const scenario =
      'apiVersion: rollcall.dev/v1\nkind: Scenario\nworkspaces: [{orgId: o, workspaceId: w, apiKey: long-enough, campaigns: [{id: c, name: c}]}]\n';
    const simulator = new Rollcall(
      ['simulate', '--scenario', 's.yaml', '--speed', '60'],
      inFolder({'s.yaml': scenario}),
    );
    const url = await eventually(() => /^(http:\/\/127\.0\.0\.1:\d+)\n/.exec(simulator.stdout)?.[1]);
    const answer = await fetch(`${url}/v1/orgs/o/workspaces/w/campaigns/c`, {
      headers: {'x-api-key': 'long-enough'},
    });
    expect(await answer.json()).toMatchObject({campaign_id: 'c', status: 'active'});
    expect(await simulator.stop('SIGINT')).toBe(0);
  });
  it('says that a folder is no scenario', async () => {
    const {code, stderr} = await run(['simulate', '--scenario', '.'], inFolder({}));
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('.:1:1: error: the scenario is a folder, not a file'),
    ]);
  });
  it('tells what is wrong with a scenario', async () => {
    const {code, stderr} = await run(
      ['simulate', '--scenario', 's.yaml'],
      inFolder({'s.yaml': 'apiVersion: rollcall.dev/v1\nkind: Scenario\nworkspaces: []\nfaultz: {}\n'}),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean faults?');
  });
});

describe('a result that cannot be written', () => {
  const shell = (command: string) => {
    const world = inFolder({});
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    return spawnSync('bash', ['-c', command.replaceAll('rollcall', `${process.execPath} ${main}`)], {
      cwd: world.cwd,
      encoding: 'utf8',
    });
  };
  it('is told in a line where the disk is full, and ends with 1', () => {
    const {status, stderr} = shell('rollcall schema > /dev/full');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^rollcall: the result could not be written: ENOSPC.*\n$/),
    ]);
  });
  it('is no failure where nobody reads on', () => {
    const {status, stderr} = shell('set -o pipefail; rollcall schema plan | true');
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('rollcall schema', () => {
  it.each(['campaign', 'controller', 'plan', 'validation', 'apply-result'])(
    'prints what stands in the repository: %s',
    async kind => {
      const {code, stdout} = await run(['schema', kind], inFolder({}));
      expect(code).toBe(0);
      const file = new URL(`../../schema/${kind}.schema.json`, import.meta.url);
      expect(stdout).toBe(readFileSync(file, 'utf8'));
    },
  );
});
