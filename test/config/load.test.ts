import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadConfig} from '../../src/config/load.ts';
import {givenOverrides} from '../../src/config/overrides.ts';
import {temporaryFolder} from '../support/temp.ts';

const HEAD = 'apiVersion: rollcall.dev/v1\nkind: Controller\n';
const WORKSPACES = 'workspaces: [{name: w, orgId: o, workspaceId: w, apiKey: {env: KEY}}]\n';

const load = (text: string, flags: Record<string, string> = {}, env: Record<string, string> = {}) => {
  const folder = temporaryFolder();
  const file = join(folder, 'rollcall.yaml');
  writeFileSync(file, text);
  return {folder, loaded: loadConfig(file, givenOverrides(flags, env), {HOME: '/home/x', ...env})};
};
const config = (...args: Parameters<typeof load>) => {
  const {folder, loaded} = load(...args);
  if ('diagnostics' in loaded) throw new Error(JSON.stringify(loaded.diagnostics));
  return {folder, ...loaded.config};
};
const git = (text: string): string => `${HEAD}source: {git: {${text}}}\n${WORKSPACES}`;
const problems = (text: string): string[] => {
  const {loaded} = load(text);
  return 'diagnostics' in loaded ? loaded.diagnostics.map(({message}) => message) : [];
};

describe('the configuration', () => {
  it('has the defaults that the documentation names', () => {
    expect(config(git('url: https://git.example/x.git'))).toMatchObject({
      source: {git: {path: '', interval: 30_000, timeout: 60_000, cacheDirectory: '/home/x/.cache/rollcall'}},
      platform: {timeout: 10_000},
      workspaces: [{rate: {requests: 5, per: 1_000}, concurrency: 4, mode: 'enforce'}],
      reconcile: {interval: 30_000},
      http: {host: '127.0.0.1', port: 8080},
      log: {level: 'info'},
    });
  });

  it('counts paths from its own folder', () => {
    const {folder, source} = config(
      git('url: ., path: /campaigns/, auth: {sshKeyFile: key, knownHostsFile: /etc/hosts}').replace(
        'url: .',
        'url: git@host:x.git',
      ),
    );
    expect(source.git).toMatchObject({
      url: 'git@host:x.git',
      path: 'campaigns',
      auth: {sshKeyFile: join(folder, 'key'), knownHostsFile: '/etc/hosts'},
    });
    const local = config(git('url: .'));
    expect(local.source.git?.url).toBe(local.folder);
  });

  it('lets a flag override a variable, and a variable the file', () => {
    const text = git('url: https://git.example/x.git, branch: main');
    const env = {ROLLCALL_GIT_BRANCH: 'variable', ROLLCALL_HTTP_PORT: '1'};
    expect(config(text, {'--git-branch': 'flag'}, env)).toMatchObject({
      source: {git: {branch: 'flag'}},
      http: {port: 1},
    });
    expect(config(text, {'--directory': '/x'}).source).toEqual({directory: {path: '/x', settle: 1_000}});
  });

  it('lets a flag take the place of what a variable names instead', () => {
    const url = 'https://git.example/other.git';
    const {source} = config(git('url: x'), {'--git-url': url}, {ROLLCALL_DIRECTORY: '/x'});
    expect([source.git?.url, source.directory]).toEqual([url, undefined]);
    const there = config(git('url: x'), {'--directory': '/x'}, {ROLLCALL_GIT_URL: url});
    expect([there.source.git, there.source.directory?.path]).toEqual([undefined, '/x']);
  });

  it('keeps its cache where XDG says, unless that is no absolute path', () => {
    const cacheOf = (xdg: string) =>
      config(git('url: x'), {}, {XDG_CACHE_HOME: xdg}).source.git?.cacheDirectory;
    expect([cacheOf('/cache'), cacheOf('cache')]).toEqual(['/cache/rollcall', '/home/x/.cache/rollcall']);
  });

  it.each([
    ['{env: KEY, file: key}', 'cannot stand beside the other keys in workspaces[0].apiKey'],
    ['{envv: KEY}', 'unknown key "envv" in workspaces[0].apiKey'],
  ])('says of a key %s what is wrong with it', (apiKey, message) => {
    expect(problems(git('url: x').replace('{env: KEY}', apiKey)).join()).toContain(message);
  });

  it.each([
    ['platform: {simulator: {scenario: x, speed: 0}}', ['platform.simulator.speed: must be above 0']],
    ['limits: {}\nhttp: {port: 99999999999999999999}', [/http\.port: must be at most 65535$/]],
    ['http: {port: 1.5}', ['http.port must be a whole number, not 1.5']],
  ])('says which bound a number is beyond, once: %s', (text, messages) => {
    const told = problems(`${git('url: x')}${text}\n`).filter(message => /must be/.test(message));
    expect(told).toEqual(
      messages.map(message => (typeof message === 'string' ? message : expect.stringMatching(message))),
    );
  });

  it.each([
    ['a password in the URL', 'url: "https://u:p@h/x.git"', 'must not hold credentials'],
    ['a token in the URL', 'url: "https://token@h/x.git"', 'must not hold credentials'],
    ['another protocol', 'url: "http://h/x.git"', 'must use https, ssh or file'],
    ['a program', 'url: "ext::sh -c x"', 'must use https, ssh or file'],
    ['an option', 'url: "--upload-pack=x"', 'must be a URL or a path'],
    ['a host in a file URL', 'url: "file://h/x"', 'without a host'],
    ['a password for SSH', 'url: "git@h:x.git", auth: {username: u, passwordFile: p}', 'need an https URL'],
    ['a key for https', 'url: "https://h/x", auth: {sshKeyFile: k, knownHostsFile: h}', 'needs an ssh URL'],
    ['a branch that is an option', 'url: x, branch: "-f"', 'name of a branch'],
    ['a folder outside', 'url: x, path: "a/../.."', 'inside the repository'],
  ])('refuses %s', (_name, text, message) => {
    expect(problems(git(text)).join()).toContain(message);
  });

  it('refuses a base URL with a query, even an empty one', () => {
    expect(problems(`${git('url: x')}platform: {baseUrl: "https://h/x?"}\n`).join()).toContain('no query');
  });

  it.each([
    ['metrics where the page is', '{metricsPort: 8080}', 'http.metricsPort: must be another than port'],
    ['a path with a slash at its end', '{basePath: /x/}', 'without a slash at its end'],
    ['a gate that nobody passes', '{auth: {}}', 'needs tokenFile, proxy or both'],
    [
      'a network that is none',
      '{auth: {proxy: {addresses: [10.0.0.0/33]}}}',
      'must be an address or a network',
    ],
  ])('refuses %s', (_name, http, message) => {
    expect(problems(`${git('url: x')}http: ${http}\n`).join()).toContain(message);
  });

  it('counts the paths of a token and of signers from its own folder', () => {
    const text = `${git('url: x, verify: {allowedSignersFile: signers}')}http: {auth: {tokenFile: token}}\n`;
    const {folder, http, source} = config(text);
    expect([http.auth?.tokenFile, source.git?.verify?.allowedSignersFile]).toEqual([
      join(folder, 'token'),
      join(folder, 'signers'),
    ]);
  });

  it('needs a key for each workspace, but for the simulator', () => {
    const without = git('url: x').replace(', apiKey: {env: KEY}', '');
    expect(problems(without).join()).toContain('workspaces[0].apiKey: is required');
    expect(problems(`${without}platform: {simulator: {scenario: s.yaml}}\n`)).toEqual([]);
  });
});
