/** Everything that is wrong with a configuration is told at once, however many parts of it are. */
import {expect, it} from 'vitest';
import {loadConfig} from '../../src/config/load.ts';

const messagesOf = (text: string): readonly string[] => {
  const loaded = loadConfig('rollcall.yaml', [], {}, () => Buffer.from(text));
  return 'diagnostics' in loaded ? loaded.diagnostics.map(({message}) => message) : [];
};

const HEAD = 'apiVersion: rollcall.dev/v1\nkind: Controller\n';

it('what only shows between keys is told beside what is wrong with one of them', () => {
  const messages = messagesOf(`${HEAD}
source: {git: {url: 5}, directory: {path: x}}
platform: {baseUrl: 'https://x.example', simulator: {scenario: 5}}
workspaces:
  - {name: a, orgId: o, workspaceId: w}
  - {name: a, orgId: o, workspaceId: w, mode: x}
  - 5
  - {name: b, orgId: o, workspaceId: v, rate: {requests: 5, per: 1s, reserve: 9, commands: 77}}
reconcile: {interval: 60s, resyncInterval: 20s, x: 1}
leaderElection: {leaseDuration: 10s, y: 1}
notifications: [{name: n}, {name: n, slack: {webhookUrl: 5}, webhook: {}}]
http: {port: 99, metricsPort: 99, host: ''}
log: {level: verbose}
`);
  for (const part of [
    'source: needs either git or directory, and not both',
    'platform: takes either baseUrl or simulator, not both',
    'workspaces[1].name: a is used twice',
    'workspaces[1].workspaceId: is the workspace a already',
    'workspaces[3].rate.reserve: must be less than requests',
    'workspaces[3].rate.commands: must not be more than requests',
    'reconcile.resyncInterval: must not be less than interval',
    'leaderElection.renewDeadline: must be at most 0.9 of leaseDuration',
    'notifications[0]: needs one of webhook, slack, githubStatus, and not more',
    'notifications[1].name: n is used twice',
    'http.metricsPort: must be another than port',
    'http.host: must not be empty',
    'log.level cannot be "verbose"',
  ])
    expect(messages).toContainEqual(expect.stringContaining(part));
});

it('a key that is missing is told beside a wrong value elsewhere, and a wrong one is not called missing', () => {
  const messages = messagesOf(`${HEAD}
source: {directory: {path: x}}
platform: {baseUrl: 'https://x.example'}
workspaces:
  - {name: a, orgId: o, workspaceId: w}
  - {name: b, orgId: o, workspaceId: v, apiKey: {env: ''}}
log: {level: verbose}
`);
  expect(messages.filter(message => message.includes('apiKey'))).toEqual([
    'workspaces[1].apiKey.env: must be the name of a variable: letters, digits and _, as in SARVAM_API_KEY',
    'workspaces[0].apiKey: is required: {env: VARIABLE} or {file: PATH}',
  ]);
});

it.each([
  'platform:',
  'workspaces:',
  'workspaces: [null, 5, x, [], {}]',
  'notifications:',
  'notifications: [null, 5]',
  'http:',
  'leaderElection: 5',
  'reconcile:',
  'source:',
])('an odd value is told, and breaks nothing: %s', text => {
  const key = text.split(':')[0] ?? '';
  const rest = ['source: {directory: {path: x}}', 'workspaces: []'].filter(one => !one.startsWith(key));
  expect(messagesOf(`${HEAD}${rest.join('\n')}\n${text}\n`)).toContainEqual(
    expect.stringMatching(new RegExp(`^${key}\\b`)),
  );
});

it('a platform that is mistyped is told by itself, and a literal key once', () => {
  const messages = messagesOf(`${HEAD}
source: {directory: {path: x}}
platform: {simulatr: {scenario: x}}
workspaces: [{name: a, orgId: o, workspaceId: w, apiKey: ''}]
`);
  expect(messages).toEqual([
    'unknown key "simulatr" in platform',
    expect.stringMatching(/^workspaces\[0\]\.apiKey: must be .* a literal key is refused$/),
  ]);
});

it.each([
  ['http: {basePath: /api}', 'http.basePath: must not begin with /api, /campaigns or /hooks'],
  ['http: {basePath: /a/../b}', 'http.basePath: must be a path such as /rollcall'],
  ['workspaces: []', 'workspaces: needs at least one workspace'],
  [
    'workspaces: [{name: a, orgId: o, workspaceId: w, rate: {requests: 0, per: 1s}}]',
    'requests: must be at least 1',
  ],
  ['platform: {caFile: []}', 'platform.caFile must be a string, not a list'],
])('%s says what it should be, and once', (text, part) => {
  const about = part.split(/[: ]/)[0] ?? '';
  const said = messagesOf(`${HEAD}source: {directory: {path: x}}\n${text}\n`).filter(one =>
    one.includes(about),
  );
  expect(said.filter(one => !one.includes('is required'))).toEqual([expect.stringContaining(part)]);
});
