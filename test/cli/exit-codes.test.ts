import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {EXIT} from '../../src/cli/io.ts';
import {command, VERBS} from '../support/command.ts';
import {deploy, file} from '../support/deployment.ts';
import {API_KEY, campaign} from '../support/platform.ts';

const PAGE = readFileSync(new URL('../../docs/exit-codes.md', import.meta.url), 'utf8');
const open = async (live: string, files: Record<string, string>, mode = 'enforce') => {
  const deployed = await deploy([campaign('a', live)], files);
  const config = join(deployed.folder, 'rollcall.yaml');
  const env = {KEY: API_KEY, XDG_CACHE_HOME: join(deployed.folder, 'cache'), HOME: deployed.folder};
  const text = readFileSync(config, 'utf8').replace(
    'apiKey: {env: KEY}',
    `mode: ${mode}, apiKey: {env: KEY}`,
  );
  writeFileSync(config, text);
  const code = async (verb: string, ...args: string[]): Promise<number> =>
    (await command([verb, '--config', config, ...args], env)).code;
  return {...deployed, config, code, env};
};

/** What a state of things makes each verb end with that looks at campaigns. */
const SITUATIONS: readonly {
  name: string;
  live: string;
  files: Record<string, string>;
  mode?: string;
  codes: Record<'run' | 'get' | 'plan', number>;
}[] = [
  {
    name: 'everything is as Git wants it',
    live: 'active',
    files: file('a', 'active'),
    codes: {run: 0, get: 0, plan: 0},
  },
  {
    name: 'a campaign differs, and is only reported',
    live: 'paused',
    files: file('a', 'active'),
    mode: 'detect',
    codes: {run: 2, get: 2, plan: 2},
  },
  {
    name: 'a campaign differs, and is held',
    live: 'paused',
    files: file('a', 'active', 'hold: {reason: repair}'),
    codes: {run: 2, get: 2, plan: 2},
  },
  {
    name: 'a campaign was cancelled against Git',
    live: 'cancelled',
    files: file('a', 'active'),
    codes: {run: 2, get: 2, plan: 3},
  },
  {
    name: 'a campaign is missing on the platform',
    live: 'active',
    files: file('nowhere', 'active'),
    codes: {run: 2, get: 2, plan: 3},
  },
  {
    name: 'a campaign has ended, and Git wants it active',
    live: 'ended',
    files: file('a', 'active'),
    codes: {run: 0, get: 0, plan: 0},
  },
  {
    name: 'a declaration is invalid',
    live: 'active',
    files: {'campaigns/a.yaml': 'kind: Campaign\n'},
    codes: {run: 3, get: 3, plan: 3},
  },
];

describe('an exit code', () => {
  it.each(SITUATIONS)('is $codes where $name', async ({codes, files, live, mode}) => {
    const {code} = await open(live, files, mode);
    const found = {plan: await code('plan'), get: await code('get'), run: await code('run', '--once')};
    expect(found).toEqual(codes);
  });

  it('is 2 where something would be done and only a dry run was asked for, and 0 once it was done', async () => {
    const {code} = await open('paused', file('a', 'active'));
    expect(await code('run', '--once', '--dry-run')).toBe(EXIT.differs);
    expect(await code('plan')).toBe(EXIT.differs);
    expect(await code('plan', '--exit-zero')).toBe(EXIT.ok);
    expect(await code('run', '--once')).toBe(EXIT.ok);
    expect(await code('get')).toBe(EXIT.ok);
  });

  it('is 1 where the platform refuses the key, whatever else is so', async () => {
    const {code, faults} = await open('paused', file('a', 'active'));
    faults({unauthorised: 1});
    for (const args of [['run', '--once'], ['get'], ['plan'], ['doctor']])
      expect([args, await code(...(args as [string]))]).toEqual([args, EXIT.failed]);
  });

  it('of apply tells what was done, what was left out, and what was refused', async () => {
    const {code, config, env, folder, workspace} = await open('paused', file('a', 'active'));
    const saved = join(folder, 'plan.json');
    expect(await code('plan', '--revision', 'main', '--out', saved)).toBe(EXIT.differs);
    const apply = async (...args: string[]): Promise<number> =>
      (await command(['apply', saved, '--config', config, ...args], env)).code;
    workspace.act('a', 'cancel', 'ops', Date.now());
    expect(await apply()).toBe(EXIT.guarded);
    expect(await apply('--allow-partial')).toBe(EXIT.differs);
    writeFileSync(saved, '{}');
    expect(await apply()).toBe(EXIT.guarded);
  });

  it('of a revision that declares nothing any more is 4', async () => {
    const {code, repository} = await open('active', file('a', 'active'));
    repository.commit({'campaigns/a.yaml': '# nothing\n'});
    expect(await code('plan', '--revision', 'main', '--base', 'main~1')).toBe(EXIT.guarded);
    expect(await code('run', '--once')).toBe(EXIT.guarded);
    expect(await code('get')).toBe(EXIT.ok);
    repository.commit({'campaigns/a.yaml': '# still nothing\n'});
    expect(await code('run', '--once')).toBe(EXIT.ok);
  });

  it('of a plan is 4 also where the folder of the declarations is gone with the last of them', async () => {
    const {code, repository} = await open('active', {...file('a', 'active'), 'README.md': 'ours\n'});
    repository.remove('campaigns');
    repository.commit({});
    expect(await code('plan', '--revision', 'main', '--base', 'main~1')).toBe(EXIT.guarded);
    expect(await code('plan', '--base', 'main~1')).toBe(EXIT.guarded);
    expect(await code('plan', '--base', 'main')).toBe(EXIT.failed);
  });

  it('of what only looks at files is 0, 1 or 3', async () => {
    const {folder} = await open('active', file('a', 'active'));
    const folderOf = (name: string): string => join(folder, 'repository', name);
    writeFileSync(folderOf('bad.yaml'), 'kind: Campaign\n');
    expect((await command(['validate', folderOf('campaigns')])).code).toBe(EXIT.ok);
    expect((await command(['validate', folderOf('bad.yaml')])).code).toBe(EXIT.invalid);
    expect((await command(['validate', folderOf('nowhere')])).code).toBe(EXIT.failed);
    expect((await command(['schema', 'campaign'])).code).toBe(EXIT.ok);
    expect((await command(['completion', 'bash'])).code).toBe(EXIT.ok);
    expect((await command(['init', folderOf('fresh')])).code).toBe(EXIT.ok);
    expect(await command(['init', ''])).toMatchObject({code: 64, stderr: expect.stringContaining('unset')});
  });

  it('of doctor is 0 where nothing is wrong', async () => {
    const {code} = await open('active', file('a', 'active'));
    expect(await code('doctor')).toBe(EXIT.ok);
  });

  it.each(VERBS)('of %s is 64 for wrong usage, and stands in the documentation', async verb => {
    expect((await command([verb, '--there-is-no-such-flag'])).code).toBe(EXIT.usage);
    const {stdout} = await command([verb, '--help']);
    expect(PAGE).toContain(`\`${verb}\``);
    for (const [, code = ''] of (stdout.split('Exit codes:')[1] ?? '').matchAll(/^ {2}(\d+) /gm)) {
      const row = PAGE.split('\n').find(line => line.startsWith(`| \`${verb}\``));
      expect([verb, row]).toEqual([verb, expect.stringContaining(` ${code}`)]);
    }
  });
});
