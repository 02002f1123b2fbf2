/** What the chart renders to, and what it refuses. Needs `helm`. */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import packageJson from '../../package.json' with {type: 'json'};
import {leaseOf} from '../../src/cli/leases.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {WorkspaceConfig} from '../../src/config/schema.ts';
import {CHART, type Manifest, must, only, PERMUTATIONS, render, run, valuesOf} from './tools.ts';

const RUNNING = PERMUTATIONS.filter(name => name !== 'nothing');
const of = (permutation: string, ...more: readonly string[]): Manifest[] =>
  render('--values', valuesOf(permutation), ...more);
const podOf = (objects: readonly Manifest[]) => only(objects, 'Deployment').spec.template.spec;
const containerOf = (objects: readonly Manifest[]) => podOf(objects).containers[0];
const configOf = (objects: readonly Manifest[]): Manifest =>
  parse(
    objects.find(({data, kind}) => kind === 'ConfigMap' && data?.['rollcall.yaml']).data['rollcall.yaml'],
  );

describe.each(PERMUTATIONS)('the values %s', permutation => {
  it('pass helm lint', () => {
    must('helm', ['lint', '--strict', CHART, '--values', valuesOf(permutation)]);
  });

  it('make only objects of the release’s namespace, with the labels of the release', () => {
    for (const {kind, metadata} of of(permutation)) {
      if (metadata.name.includes('extra')) continue;
      expect(metadata.namespace, kind).toBe('rollcall');
      expect(metadata.labels, kind).toMatchObject({
        'app.kubernetes.io/instance': 'calls',
        'app.kubernetes.io/name': 'rollcall',
        'app.kubernetes.io/version': packageJson.version,
      });
    }
  });
});

describe.each(RUNNING)('the values %s', permutation => {
  it('make a configuration that the program takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-chart-'));
    const file = join(folder, 'rollcall.yaml');
    const text = of(permutation).find(({data}) => data?.['rollcall.yaml']).data['rollcall.yaml'];
    writeFileSync(file, text);
    const loaded = loadConfig(file, [], {});
    rmSync(folder, {recursive: true});
    expect('diagnostics' in loaded ? loaded.diagnostics : []).toEqual([]);
  });

  it('mount every file that the configuration names', () => {
    const objects = of(permutation);
    const mounts: string[] = containerOf(objects).volumeMounts.map(({mountPath}: Manifest) => mountPath);
    const files = JSON.stringify(configOf(objects)).match(/"\/(?:etc|mnt)\/[^"]+"/g) ?? [];
    for (const file of files.map(one => JSON.parse(one)))
      expect(
        mounts.some(mount => file.startsWith(mount)),
        file,
      ).toBe(true);
  });

  it('run as nobody, on a read-only root, with no key in the environment', () => {
    const objects = of(permutation);
    const {securityContext} = podOf(objects);
    expect(securityContext).toMatchObject({runAsNonRoot: true, runAsUser: 65532});
    expect(containerOf(objects).securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: {drop: ['ALL']},
    });
    expect(JSON.stringify(containerOf(objects).env)).not.toMatch(/key|secret/i);
  });
});

describe('the chart', () => {
  it('has one version with the program', () => {
    const chart = parse(must('helm', ['show', 'chart', CHART]));
    expect([chart.version, chart.appVersion]).toEqual([packageJson.version, packageJson.version]);
  });

  it('runs nothing where nothing is configured', () => {
    expect(of('nothing').map(({kind}) => kind)).toEqual(['ServiceAccount', 'Service']);
  });

  it('gives the Role of exactly the Leases that it makes, and no more', () => {
    const objects = of('everything');
    const leases = objects.filter(({kind}) => kind === 'Lease').map(({metadata}) => metadata.name);
    expect(leases).toEqual([
      'calls',
      'calls-group-shared',
      expect.stringMatching(/^calls-ws-3-[0-9a-f]{8}$/),
    ]);
    expect(only(objects, 'Role').rules).toEqual([
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: leases,
        verbs: ['get', 'create', 'update'],
      },
    ]);
    expect(objects.filter(({kind, spec}) => kind === 'Lease' && spec)).toEqual([]);
  });

  it('names Leases as the program does, whatever the platform calls its workspaces', () => {
    const workspaces = [
      'ws-1',
      'WS_Überlang-'.repeat(5),
      '550e8400-e29b-41d4-a716-446655440000',
      '---',
      'हिन्दी',
    ].map((workspaceId, i) => ({name: `w${i}`, orgId: `o/${i}`, workspaceId, apiKey: {file: '/mnt/k'}}));
    const objects = of('one-workspace', '--set-json', `workspaces=${JSON.stringify(workspaces)}`);
    const config = configOf(objects);
    const names = config.workspaces.map((one: WorkspaceConfig) => leaseOf(one, config.leaderElection));
    expect(only(objects, 'Role').rules[0].resourceNames).toEqual(['calls-rollcall', ...names]);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  });

  it('never lets two pods run at once where there are no Leases, and mounts no token there', () => {
    for (const permutation of ['without-leases', 'try-it']) {
      const objects = of(permutation);
      expect(only(objects, 'Deployment').spec.strategy).toEqual({type: 'Recreate'});
      expect(podOf(objects).automountServiceAccountToken).toBe(false);
      expect(objects.filter(({kind}) => ['Lease', 'Role', 'RoleBinding'].includes(kind))).toEqual([]);
      expect(configOf(objects)).not.toHaveProperty('leaderElection');
    }
  });

  it('rolls the pods where the configuration changes, and only then', () => {
    const template = (...more: string[]) => only(of('one-workspace', ...more), 'Deployment').spec.template;
    expect(template('--set', 'reconcile.interval=1m')).not.toEqual(template());
    expect(template('--set', 'replicaCount=2')).toEqual(template('--set', 'replicaCount=3'));
  });

  it('has each label and annotation once, as it is given, but for those that select the pods', () => {
    const given = [
      ...['--set', 'commonLabels.app\\.kubernetes\\.io/part-of=voice'],
      ...['--set', 'podLabels.app\\.kubernetes\\.io/name=other', '--set', 'podLabels.team=calls'],
    ];
    const {spec} = only(of('one-workspace', ...given), 'Deployment');
    expect(spec.template.metadata.labels).toMatchObject({
      ...spec.selector.matchLabels,
      'app.kubernetes.io/part-of': 'voice',
      team: 'calls',
    });
  });

  it('is a part of an umbrella chart, which says whether it is there', () => {
    expect(of('one-workspace', '--set', 'enabled=true')).toEqual(of('one-workspace'));
  });

  it('takes a digest before a tag, and a tag before its own version', () => {
    expect(containerOf(of('everything')).image).toMatch(/^images\.example\.com\/rollcall@sha256:0{64}$/);
    expect(containerOf(of('one-workspace', '--set', 'image.tag=main')).image).toBe('rollcall:main');
    expect(containerOf(of('one-workspace')).image).toBe(`rollcall:${packageJson.version}`);
  });

  it('guards more than one replica from disruption, spread by the pods of the release', () => {
    const objects = of('thirty-workspaces');
    expect(only(objects, 'PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
    expect(podOf(objects).topologySpreadConstraints[0].labelSelector.matchLabels).toEqual({
      'app.kubernetes.io/instance': 'calls',
      'app.kubernetes.io/name': 'rollcall',
    });
    expect(of('one-workspace').filter(({kind}) => kind === 'PodDisruptionBudget')).toEqual([]);
  });

  it('adds what is asked for beside it, templates among it', () => {
    const objects = of('everything');
    const names = objects.map(({metadata}) => metadata.name);
    expect(names).toContain('calls-extra');
    expect(names).toContain('calls-extra-text');
    expect(only(objects, 'Ingress').spec.rules[0].host).toBe('rollcall.example.com');
    expect(only(objects, 'NetworkPolicy').spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  it('says who may look, and serves metrics and probes where the page is not', () => {
    const objects = of('everything');
    expect(configOf(objects).http).toMatchObject({
      metricsPort: 9090,
      basePath: '/calls',
      auth: {
        tokenFile: '/etc/rollcall/secrets/page/token',
        proxy: {userHeader: 'X-Auth-Request-User', addresses: ['10.0.0.0/8']},
      },
    });
    const {livenessProbe, volumeMounts} = only(objects, 'Deployment').spec.template.spec.containers[0];
    expect(livenessProbe.httpGet.port).toBe('metrics');
    expect(JSON.stringify(volumeMounts)).toContain('/etc/rollcall/secrets/page');
    expect(
      only(objects, 'NetworkPolicy').spec.ingress.map(({ports}: {ports: {port: string}[]}) => ports[0]?.port),
    ).toEqual(['http', 'metrics']);
  });

  it('has Prometheus and a Gateway find it, where they are asked for', () => {
    const objects = of('operator');
    expect(only(objects, 'ServiceMonitor').spec.endpoints).toMatchObject([
      {port: 'metrics', path: '/metrics'},
    ]);
    expect(only(objects, 'HTTPRoute').spec.rules[0].backendRefs).toEqual([
      {name: 'calls-rollcall', port: 8080},
    ]);
  });
});

describe('the chart refuses', () => {
  const good = ['--values', valuesOf('one-workspace')];
  it.each<[string, readonly string[], RegExp]>([
    [
      'a value that it does not know',
      ['--set', 'replicas=2'],
      /additional properties 'replicas' not allowed/,
    ],
    ['a misspelt part of one', ['--set', 'image.tga=x'], /additional properties 'tga' not allowed/],
    ['fewer than no replicas', ['--set', 'replicaCount=-3'], /replicaCount.*minimum: got -3, want 0/s],
    [
      'a rate of nothing',
      ['--set-json', 'workspaces[0].rate={"requests":0,"per":"1s"}'],
      /rate\/requests.*minimum: got 0, want 1/s,
    ],
    [
      'a rate without its time',
      ['--set-json', 'workspaces[0].rate={"requests":5}'],
      /missing property 'per'/,
    ],
    ['certificates without a place', ['--set', 'platform.ca.key=ca.crt'], /platform\/ca/],
    [
      'a literal token',
      ['--set', 'http.auth.token=abc'],
      /http\.auth\.token is a text\. A token stands in no values/,
    ],
    [
      'a proxy alone, by which replicas would shut each other out',
      ['--set-json', 'http.auth={"proxy":{"addresses":["10.0.0.0/8"]}}'],
      /http\.auth\.proxy needs http\.auth\.token beside it/,
    ],
    ['a literal key', ['--set', 'workspaces[0].apiKey=abc'], /apiKey is a text\. A key stands in no values/],
    [
      'a workspace without a key',
      ['--set-json', 'workspaces[0].apiKey={}'],
      /has no apiKey: write apiKey: \{existingSecret/,
    ],
    [
      'a key of a Secret that names no key',
      [
        '--set-json',
        'workspaces=[{"name":"a","orgId":"o","workspaceId":"w","apiKey":{"existingSecret":"s"}}]',
      ],
      /apiKey has no key: write which key/,
    ],
    [
      'a key that secret.data lacks',
      ['--set-json', 'workspaces=[{"name":"a","orgId":"o","workspaceId":"w","apiKey":{"key":"k"}}]'],
      /secret\.data has no k, and apiKey names no existingSecret/,
    ],
    [
      'replicas without Leases',
      ['--set', 'replicaCount=2,leaderElection.enabled=false'],
      /each replica would act on every workspace/,
    ],
    [
      'a lease that outlasts its holder too little',
      ['--set', 'leaderElection.leaseDuration=10s'],
      /renewDeadline \(30s\) is more than 0\.9 of leaseDuration \(10s\)/,
    ],
    [
      'a renewal that cannot be tried again',
      ['--set', 'leaderElection.retryPeriod=0.5m'],
      /retryPeriod \(0\.5m\) is more than a quarter/,
    ],
    [
      'a resync more often than polls',
      ['--set', 'reconcile.resyncInterval=5s'],
      /resyncInterval is less than reconcile\.interval/,
    ],
    ['two sources', ['--set', 'source.directory.path=/x'], /source has both git and directory/],
    ['Git without a URL', ['--set', 'source.git.url='], /source\.git has no url/],
    [
      'two ways into Git',
      [
        '--set',
        'source.git.auth.ssh.existingSecret=a,source.git.auth.token.existingSecret=b,source.git.auth.token.username=c',
      ],
      /both ssh and token/,
    ],
    [
      'two workspaces of one name',
      [
        '--set-json',
        'workspaces=[{"name":"a","orgId":"o","workspaceId":"w","apiKey":{"file":"/k"}},{"name":"a","orgId":"o","workspaceId":"v","apiKey":{"file":"/k"}}]',
      ],
      /two workspaces have the name a/,
    ],
    [
      'a duration without a unit',
      ['--set-string', 'reconcile.interval=30'],
      /reconcile\/interval.*does not match pattern/s,
    ],
    ['a mode that there is not', ['--set', 'workspaces[0].mode=on'], /workspaces\/0\/mode.*must be one of/s],
    ['an Ingress without a host', ['--set', 'ingress.enabled=true'], /ingress\.enabled needs ingress\.hosts/],
    [
      'a route without a Gateway',
      ['--set', 'httpRoute.enabled=true'],
      /httpRoute\.enabled needs httpRoute\.parentRefs/,
    ],
    ['a trial beside workspaces', ['--set', 'tryIt.enabled=true'], /tryIt brings its own campaigns/],
    ['a digest that is none', ['--set', 'image.digest=latest'], /image\/digest.*does not match pattern/s],
  ])('%s', (_, args, message) => {
    const {code, stderr} = run('helm', ['template', 'calls', CHART, ...good, ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});

describe('what is said after an install', () => {
  const notes = (...args: readonly string[]): string => {
    const {code, stderr, stdout} = run('helm', ['install', 'calls', CHART, '--dry-run=client', ...args]);
    expect(code, stderr).toBe(0);
    return stdout.slice(stdout.indexOf('NOTES:'));
  };

  it('names what is missing, where nothing runs yet', () => {
    expect(notes()).toMatch(/Nothing runs yet.*source\.git\.url.*workspaces: \[\{name/s);
  });

  it('names the next commands', () => {
    expect(notes('--values', valuesOf('one-workspace'))).toMatch(/rollout status deployment\/calls-rollcall/);
  });
});

describe('the alerts and dashboards', () => {
  const rulesOf = (objects: readonly Manifest[]): Manifest[] =>
    only(objects, 'PrometheusRule').spec.groups.flatMap(({rules}: Manifest) => rules);

  it('are those of the repository, which Prometheus takes, with the addresses of whoever installs them', () => {
    const rules = rulesOf(of('monitoring'));
    const plain: Manifest[] = parse(readFileSync('monitoring/rules.yaml', 'utf8')).groups.flatMap(
      ({rules}: Manifest) => rules,
    );
    expect(rules.map(({alert}) => alert)).toEqual(
      plain.map(({alert}) => alert).filter(alert => alert !== 'RollcallHoldEndsSoon'),
    );
    for (const rule of rules) {
      const same = plain.find(({alert}) => alert === rule.alert);
      expect(rule.expr).toBe(same.expr);
      expect(rule.annotations.description).toBe(same.annotations.description);
      expect(rule.annotations.runbook_url).toBe(`https://docs.example.com/rollcall/${rule.alert}`);
      expect(rule.annotations.dashboard).toBe(`https://grafana.example.com${same.annotations.dashboard}`);
    }
    expect(rules.find(({alert}) => alert === 'RollcallDrift')).toMatchObject({
      for: '30m',
      labels: {severity: 'critical', team: 'calls'},
      annotations: {note: 'as agreed'},
    });
    const dashboards = of('monitoring').find(({metadata}) => metadata.name.endsWith('-dashboards'));
    expect(dashboards.metadata.labels['grafana_dashboard']).toBe('1');
    for (const name of ['rollcall-fleet.json', 'rollcall-controller.json'])
      expect(JSON.parse(dashboards.data[name])).toEqual(
        JSON.parse(readFileSync(`monitoring/dashboards/${name}`, 'utf8')),
      );
  });

  it('are refused where one is meant that there is not', () => {
    const {code, stderr} = run('helm', [
      'template',
      'calls',
      CHART,
      '--values',
      valuesOf('monitoring'),
      '--set',
      'prometheusRule.rules.RollcallDrifts.for=1m',
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('RollcallDrifts');
  });
});
