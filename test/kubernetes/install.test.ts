/** The chart and the image on a real node. Needs `helm`, `kubectl`, a cluster (KUBECONFIG) that has ROLLCALL_IMAGE. */
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {stringify} from 'yaml';
import {yaml} from '../support/fixtures.ts';
import {eventually} from '../support/wait.ts';
import {CHART, must, run} from './tools.ts';

const NAMESPACE = 'rollcall-install';
const [repository = 'rollcall', tag = 'test'] = (process.env['ROLLCALL_IMAGE'] ?? 'rollcall:test').split(':');
const IMAGE = `image.repository=${repository},image.tag=${tag}`;
const LONG = 90_000;

const kubectl = (...args: readonly string[]): string => must('kubectl', ['-n', NAMESPACE, ...args]);
const helm = (...args: readonly string[]): string => must('helm', [...args, '--namespace', NAMESPACE]);
const json = (...args: readonly string[]) => JSON.parse(kubectl(...args, '-o', 'json'));
/** What the Service answers, through the API server. */
const ask = (path: string, port = 'http'): string =>
  kubectl('get', '--raw', `/api/v1/namespaces/${NAMESPACE}/services/calls-rollcall:${port}/proxy${path}`);
const report = () => JSON.parse(ask('/api/v1/report'));
const ready = (kind = 'deployment/calls-rollcall'): string =>
  kubectl('rollout', 'status', kind, '--timeout=90s');

beforeAll(() => {
  must('kubectl', ['create', 'namespace', NAMESPACE]);
  must('kubectl', ['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted']);
});

afterAll(() => {
  run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']);
});

describe('the recipe to try it', () => {
  it('is ready within a minute, and has campaigns as Git wants them', async () => {
    const from = performance.now();
    helm('install', 'calls', CHART, '--set', `tryIt.enabled=true,${IMAGE}`, '--wait', '--timeout', '60s');
    console.log(`from helm install to ready: ${((performance.now() - from) / 1000).toFixed(1)} s`);
    await eventually(() => report().summary.satisfied === 4, LONG);
  });

  it('runs as its numeric user, on a root that cannot be written to, and leaves no zombie', () => {
    const sh = (script: string): string => kubectl('exec', 'deploy/calls-rollcall', '--', 'sh', '-c', script);
    expect(sh('id -u')).toBe('65532\n');
    expect(sh('touch /x 2>&1 || true')).toMatch(/Read-only file system/);
    expect(sh('touch /var/lib/rollcall/x /tmp/x && echo fine')).toBe('fine\n');
    expect(sh('git --version && ssh -V 2>&1')).toMatch(/git version.*OpenSSH/s);
    expect(sh('ls /opt/rollcall').split('\n')).toEqual([
      ...['LICENSE', 'NOTICE', 'bin', 'compile-cache', 'container', 'dist', 'examples', 'node_modules'],
      ...['package-lock.json', 'package.json', 'sbom.cdx.json', 'schema', ''],
    ]);
    expect(sh('ls /opt/rollcall/node_modules')).not.toMatch(/^(node|typescript|vitest)$/m);
    sh('(sleep 0.1 &) ; sleep 0.5');
    expect(sh('cat /proc/[0-9]*/stat')).not.toMatch(/\) Z /);
  });

  it('answers helm test, a scrape, and whoever reads its log', () => {
    expect(helm('test', 'calls', '--logs')).toMatch(/ready: ok[\s\S]*Ready True Succeeded/);
    expect(ask('/metrics', 'metrics')).toMatch(
      /^rollcall_campaigns\{workspace="collections",state="satisfied"\} 4$/m,
    );
    expect(kubectl('logs', 'deploy/calls-rollcall')).toMatch(/8 declarations/);
  });

  it('loses nothing with its pod', async () => {
    kubectl('delete', 'pod', '-l', 'app.kubernetes.io/name=rollcall');
    ready();
    await eventually(() => report().summary.satisfied === 4, LONG);
  });

  it('takes another configuration, and ends at once when it is told to', async () => {
    helm('upgrade', 'calls', CHART, '--set', `tryIt.enabled=true,log.level=debug,${IMAGE}`, '--wait');
    expect(kubectl('logs', 'deploy/calls-rollcall')).toMatch(/"level":20/);
    const {code, stderr} = run('helm', [
      'upgrade',
      'calls',
      CHART,
      '-n',
      NAMESPACE,
      '--set',
      'log.level=info',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/a Rollcall runs that would be removed.*--reset-then-reuse-values/);
    helm('uninstall', 'calls', '--wait');
    const left = () => kubectl('get', 'all,leases,secrets,roles,rolebindings', '-o', 'name');
    await eventually(() => left() === '', 15_000);
  });
});

describe('three replicas', () => {
  const campaigns = (desired: string): Record<string, string> =>
    Object.fromEntries(
      ['a', 'b', 'c'].map(name => [
        `${name}.yaml`,
        yaml({workspace: name, name: `${name}-1`, campaignId: `camp-${name}`, desired}),
      ]),
    );
  const declare = (desired: string): void => {
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'campaigns'},
      data: campaigns(desired),
    };
    must('kubectl', ['-n', NAMESPACE, 'apply', '-f', '-'], stringify(configMap));
  };
  const values = join(mkdtempSync(join(tmpdir(), 'rollcall-install-')), 'values.yaml');

  it('share the workspaces out, with keys from a Secret and declarations from a ConfigMap', async () => {
    must('kubectl', ['-n', NAMESPACE, 'apply', '-f', '-'], platform());
    ready('deployment/platform');
    const ip = json('get', 'service', 'platform').spec.clusterIP;
    declare('paused');
    kubectl(
      'create',
      'secret',
      'generic',
      'keys',
      ...['a', 'b', 'c'].map(name => `--from-literal=${name}=simulator-key-${name}`),
    );
    writeFileSync(
      values,
      stringify({
        replicaCount: 3,
        image: {repository, tag},
        source: {directory: {configMap: 'campaigns'}},
        platform: {baseUrl: `http://${ip}:8080`, timeout: '2s'},
        reconcile: {interval: '2s'},
        leaderElection: {leaseDuration: '10s', renewDeadline: '8s', retryPeriod: '1s'},
        workspaces: ['a', 'b', 'c'].map(name => ({
          name,
          orgId: 'org-1',
          workspaceId: `ws-${name}`,
          apiKey: {existingSecret: 'keys', key: name},
        })),
      }),
    );
    helm('install', 'calls', CHART, '--values', values, '--wait', '--timeout', '90s');
    await eventually(() => report().summary.satisfied === 3, LONG);
    expect(report().replicas).toHaveLength(3);
    await eventually(
      () => report().replicas.every(({workspaces}: {workspaces: string[]}) => workspaces.length === 1),
      LONG,
    );
  });

  it('go on without a pod that is deleted, and through an upgrade that replaces all of them', async () => {
    const [pod] = json('get', 'pods', '-l', 'app.kubernetes.io/name=rollcall').items;
    kubectl('delete', 'pod', pod.metadata.name, '--grace-period=0', '--force');
    declare('active');
    await eventually(() => {
      const {replicas, summary} = report();
      return summary.satisfied === 3 && replicas.length === 3;
    }, 2 * LONG);
    helm(
      'upgrade',
      'calls',
      CHART,
      '--values',
      values,
      '--set',
      'reconcile.interval=3s',
      '--wait',
      '--timeout',
      '180s',
    );
    declare('paused');
    await eventually(() => {
      const {summary, unled} = report();
      return summary.satisfied === 3 && unled.length === 0;
    }, 2 * LONG);
  });

  it('leave nothing behind', async () => {
    helm('uninstall', 'calls', '--wait');
    expect(kubectl('get', 'leases,roles,rolebindings,serviceaccounts', '-o', 'name')).toBe(
      'serviceaccount/default\n',
    );
  });
});

/** The simulator in a pod of its own: it listens on loopback, so that something passes connections on to it. */
function platform(): string {
  const scenario = {
    apiVersion: 'rollcall.dev/v1',
    kind: 'Scenario',
    concurrentCampaigns: 100,
    workspaces: ['a', 'b', 'c'].map(name => ({
      orgId: 'org-1',
      workspaceId: `ws-${name}`,
      apiKey: `simulator-key-${name}`,
      campaigns: [{id: `camp-${name}`, name: `Campaign ${name}`, status: 'active'}],
    })),
  };
  const passOn =
    "require('net').createServer(near=>{const far=require('net').connect(4010,'127.0.0.1');near.pipe(far);far.pipe(near);near.on('error',()=>{});far.on('error',()=>near.destroy())}).listen(8080)";
  const securityContext = {allowPrivilegeEscalation: false, capabilities: {drop: ['ALL']}};
  const container = (name: string, command: readonly string[]) => ({
    name,
    image: `${repository}:${tag}`,
    imagePullPolicy: 'IfNotPresent',
    command,
    securityContext,
    volumeMounts: [{name: 'scenario', mountPath: '/scenario'}],
  });
  const labels = {app: 'platform'};
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'scenario'},
      data: {'scenario.yaml': stringify(scenario)},
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'platform'},
      spec: {selector: labels, ports: [{name: 'http', port: 8080}]},
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'platform'},
      spec: {
        selector: {matchLabels: labels},
        template: {
          metadata: {labels},
          spec: {
            automountServiceAccountToken: false,
            securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: 'RuntimeDefault'}},
            containers: [
              container('simulator', [
                'rollcall',
                'simulate',
                '--port',
                '4010',
                '--scenario',
                '/scenario/scenario.yaml',
              ]),
              container('pass-on', ['node', '-e', passOn]),
            ],
            volumes: [{name: 'scenario', configMap: {name: 'scenario'}}],
          },
        },
      },
    },
  ]
    .map(object => stringify(object))
    .join('---\n');
}
