import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadConfig} from '../../src/config/load.ts';
import {givenOverrides} from '../../src/config/overrides.ts';
import {temporaryFolder} from '../support/temp.ts';

const text = (
  changes: {git?: string; baseUrl?: string; orgId?: string; more?: string} = {},
): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {git: {url: ${JSON.stringify(changes.git ?? 'https://git.example/x.git')}}}
platform: {baseUrl: ${JSON.stringify(changes.baseUrl ?? 'https://platform.example')}}
workspaces:
  - {name: w, orgId: ${JSON.stringify(changes.orgId ?? 'o')}, workspaceId: w, apiKey: {env: KEY}}
${changes.more ?? ''}
`;

const load = (content: string) => loadConfig('rollcall.yaml', [], {}, () => Buffer.from(content));
const messages = (content: string): string[] => {
  const loaded = load(content);
  return 'diagnostics' in loaded ? loaded.diagnostics.map(({message}) => message) : [];
};

describe('the interval at which everything is read', () => {
  const resyncOf = (reconcile: string): number | undefined => {
    const loaded = load(text({more: `reconcile: {${reconcile}}`}));
    return 'config' in loaded ? loaded.config.reconcile.resyncInterval : undefined;
  };
  it('is ten minutes, and never less than the interval of the polls', () => {
    expect(resyncOf('')).toBe(10 * 60_000);
    expect(resyncOf('interval: 1h')).toBe(60 * 60_000);
    expect(resyncOf('interval: 1m, resyncInterval: 2m')).toBe(2 * 60_000);
  });
  it('is refused where it is less than that of the polls', () => {
    expect(messages(text({more: 'reconcile: {interval: 15m, resyncInterval: 10s}'}))).toEqual([
      expect.stringContaining('reconcile.resyncInterval: must not be less than interval'),
    ]);
  });
});

describe('the URL of a repository', () => {
  it.each([
    'https:///user:SECRET@h/x',
    'https://user:SECRET@h/x',
    'https://SECRET@h/x',
    'https://h/x?token=SECRET',
    'https://h/x#SECRET',
    'ssh://git:SECRET@h/x',
    'user:SECRET@h:x',
  ])('that holds a secret is refused without showing it: %s', git => {
    const found = messages(text({git}));
    expect(found).toHaveLength(1);
    expect(found.join()).toMatch(/must not hold credentials|must have no query and no fragment/);
    expect(found.join()).not.toContain('SECRET');
  });
  it.each(['https:/u:SECRET@h/x', 'ssh:/u:SECRET@h/x', 'https://127.0.0.1:1\\u:SECRET@h/x'])(
    'that programs read in more than one way is refused without showing it: %j',
    git => {
      const found = messages(text({git}));
      expect(found).toEqual([
        expect.stringMatching(/must hold no backslash|must have \/\/ after its scheme/),
      ]);
      expect(found.join()).not.toContain('SECRET');
    },
  );
  it.each(['http://h/x', 'ext::sh -c x', 'ftp://h/x', '--upload-pack=x', '', 'file://host/x', 'https://'])(
    'that Git must not get is refused: %j',
    git => expect(messages(text({git}))).toHaveLength(1),
  );
  it.each(['https://h/x.git', 'ssh://git@h/x', 'git@h:acme/x.git', '.', '../x', 'file:///srv/x', '/srv/x'])(
    'may be %s',
    git => expect(messages(text({git}))).toEqual([]),
  );
});

describe('the URL of the platform', () => {
  it.each([
    ['apps.example/api', 'with its scheme'],
    ['ftp://apps.example', 'with its scheme'],
    ['https://', 'with its scheme'],
    ['https://u:SECRET@apps.example', 'must not hold credentials'],
    ['https://apps.example/api?key=SECRET', 'no query and no fragment'],
    ['https://apps.example/api#x', 'no query and no fragment'],
    ['https://apps.example/api?', 'no query and no fragment'],
  ])('is refused where it is %s', (baseUrl, why) => {
    const found = messages(text({baseUrl}));
    expect(found).toEqual([expect.stringContaining(why)]);
    expect(found.join()).not.toContain('SECRET');
  });
  it.each([
    ['https://apps.example/', 'https://apps.example'],
    ['https://apps.example/api///', 'https://apps.example/api'],
    ['HTTPS://Apps.Example/a/../b', 'https://apps.example/b'],
  ])('%s comes out as %s', (baseUrl, expected) => {
    const loaded = load(text({baseUrl}));
    expect('config' in loaded && loaded.config.platform.baseUrl).toBe(expected);
  });
});

describe('an id in the configuration', () => {
  it.each(['..', '.', '', 'a\u0007', 'x'.repeat(201)])('is refused with its place where it is %j', orgId => {
    const loaded = load(text({orgId}));
    expect('diagnostics' in loaded && loaded.diagnostics).toMatchObject([{line: 6}]);
  });
});

describe('the workspaces', () => {
  const two = (first: string, second: string): string[] =>
    messages(
      text().replace(
        /^ {2}- .*$/m,
        `  - {name: a, orgId: o, apiKey: {env: A}, ${first}}\n  - {name: b, orgId: o, apiKey: {env: B}, ${second}}`,
      ),
    );
  it('have one name each for one workspace of the platform', () => {
    expect(two('workspaceId: w', 'workspaceId: w')).toEqual([
      expect.stringContaining('is the workspace a already: one workspace of the platform has one name'),
    ]);
    expect(two('workspaceId: w', 'workspaceId: v')).toEqual([]);
  });
  it('of one group have one rate', () => {
    const group = (id: string, requests: number) =>
      `workspaceId: ${id}, rateGroup: g, rate: {requests: ${requests}, per: 1s}`;
    expect(two(group('w', 5), group('v', 5))).toEqual([]);
    expect(two(group('w', 5), group('v', 6))).toEqual([expect.stringContaining('must be the same')]);
  });
  it('leave the controller something, and commands no more than there is', () => {
    const rate = (more: string) => `workspaceId: w, rate: {requests: 5, per: 1s, ${more}}`;
    expect(two(rate('reserve: 5'), 'workspaceId: v')).toEqual([
      expect.stringContaining('less than requests'),
    ]);
    expect(two(rate('commands: 6'), 'workspaceId: v')).toEqual([
      expect.stringContaining('more than requests'),
    ]);
    expect(two(rate('reserve: 1, commands: 1'), 'workspaceId: v')).toEqual([]);
  });
});

describe('a wrong duration', () => {
  it('is answered with examples that are themselves allowed', () => {
    const [message = ''] = messages(text({more: 'reconcile: {interval: 500ms}'}));
    const [, examples = ''] = /such as (.*)$/.exec(message) ?? [];
    expect(examples.split(', ').length).toBeGreaterThan(1);
    for (const example of examples.split(', '))
      expect(messages(text({more: `reconcile: {interval: ${example}}`}))).toEqual([]);
  });
});

describe('a configuration that is wrong by a flag', () => {
  it('is wrong usage; by a variable or the file it is not', () => {
    const given = (flags: Record<string, string>, env: NodeJS.ProcessEnv) =>
      loadConfig('rollcall.yaml', givenOverrides(flags, env), env, () => Buffer.from(text()));
    expect(given({'--interval': 'soon'}, {})).toMatchObject({misused: true});
    expect(given({}, {ROLLCALL_INTERVAL: 'soon'})).toMatchObject({misused: false});
  });
});

describe('a configuration that is no file', () => {
  it.each(['folder', 'pipe'])('is told, and waited for by nobody: %s', kind => {
    const path = join(temporaryFolder(), kind);
    if (kind === 'folder') mkdirSync(path);
    else execFileSync('mkfifo', [path]);
    const loaded = loadConfig(path, [], {});
    expect('diagnostics' in loaded && loaded.diagnostics[0]?.message).toMatch(
      /cannot be read: it is (a folder|no regular file)/,
    );
  });
  it('is read up to what is parsed, however large it is', () => {
    const path = join(temporaryFolder(), 'large.yaml');
    writeFileSync(path, '#'.repeat(3 * 1024 * 1024));
    const loaded = loadConfig(path, [], {});
    expect('diagnostics' in loaded && loaded.diagnostics).toMatchObject([{code: 'too-large'}]);
  });
});

describe('a configuration in which much is wrong', () => {
  it('is told all of it at once, however much it is', () => {
    const more = `http: {${Array.from({length: 40}, (_, i) => `unknown${i}: 1`).join(', ')}}\nextra: 1`;
    const told = messages(text({more, orgId: ''}));
    expect(told.filter(message => message.startsWith('unknown key'))).toHaveLength(41);
    expect(told.some(message => message.startsWith('workspaces[0].orgId'))).toBe(true);
  });

  it.each([
    ['source.git.auth: {username: a}', 'auth: {username: a}', ['source.git.auth.passwordFile is required']],
    [
      'source.git.auth: {sshKeyFile: a}',
      'auth: {sshKeyFile: a}',
      ['source.git.auth.knownHostsFile is required'],
    ],
  ])('says what is lacking of the form that is meant: %s', (_name, auth, expected) => {
    const content = text().replace(
      '{url: "https://git.example/x.git"}',
      `{url: https://git.example/x.git, ${auth}}`,
    );
    expect(messages(content)).toEqual(expected);
  });

  it('says of a secret that is lacking or misspelt what it is, and refuses a literal one', () => {
    const withKey = (key: string): string[] => messages(text().replace('{env: KEY}', key));
    expect(withKey('{envv: KEY}')).toEqual([
      'workspaces[0].apiKey.env is required',
      'unknown key "envv" in workspaces[0].apiKey',
    ]);
    expect(withKey('a-key')).toEqual([expect.stringContaining('a literal key is refused')]);
    expect(messages(text({more: 'notifications: [{name: a, slack: {}}]'}))).toEqual([
      'notifications[0].slack.webhookUrl is required',
    ]);
  });

  it('blames a flag for what the flag says, and for nothing that is only called alike', () => {
    const env = {};
    const loaded = loadConfig('rollcall.yaml', givenOverrides({'--http-host': '0.0.0.0'}, env), env, () =>
      Buffer.from(text({more: 'http: {hosts: ["a b"]}'})),
    );
    expect('diagnostics' in loaded && loaded.diagnostics.map(({file}) => file)).toEqual(['rollcall.yaml']);
  });
});
