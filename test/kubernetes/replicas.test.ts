/** Replicas that share workspaces out by real Leases. Needs `kubectl` and a cluster (KUBECONFIG). */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {leaseOf} from '../../src/cli/leases.ts';
import type {WorkspaceConfig} from '../../src/config/schema.ts';
import {eventually} from '../support/wait.ts';
import {excesses, Fleet, overlaps, TIMINGS} from './fleet.ts';
import {must, printed, run} from './tools.ts';

const NAMESPACE = 'rollcall-replicas';
const WORKSPACES = 30;
const {leaseDuration, retryPeriod} = TIMINGS;
/** A crash costs the lease's duration and a turn; the rest is for a busy machine. */
const TAKEOVER = leaseDuration + 2 * retryPeriod + 4_000;
const LONG = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'rollcall-fleet-'));
let fleet: Fleet;

/** The Lease of a workspace, whose id on the platform is its name. */
const leaseNamed = (workspaceId: string): string =>
  leaseOf({orgId: 'org-1', workspaceId} as WorkspaceConfig, {leaseName: 'rollcall'});

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: rollcall}
rules:
  - apiGroups: [coordination.k8s.io]
    resources: [leases]
    resourceNames: [rollcall, ${Array.from({length: WORKSPACES}, (_, i) => leaseNamed(`w${i}`)).join(', ')}]
    verbs: [get, create, update]
`;

interface HeldLease {
  readonly metadata: {readonly name: string};
  readonly spec?: {readonly holderIdentity?: string};
}

/** This process passes on what replicas send: it must not wait for a command. */
const leases = async (): Promise<HeldLease[]> =>
  JSON.parse(await printed('kubectl', ['-n', NAMESPACE, 'get', 'leases', '-o', 'json'])).items.filter(
    ({metadata}: HeldLease) => metadata.name !== 'rollcall',
  );

const holders = async (): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  for (const {spec} of await leases()) {
    const name = spec?.holderIdentity?.split('_')[0] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
};

const shared = (...names: readonly string[]) =>
  eventually(async () => {
    const counts = await holders();
    const each = names.map(name => counts.get(name) ?? 0);
    const sum = each.reduce((a, b) => a + b, 0);
    return sum === WORKSPACES && Math.max(...each) - Math.min(...each) <= 1;
  }, LONG);

const everywhere = (status: 'active' | 'paused') =>
  eventually(() => fleet.workspaces.every(name => fleet.statusOf(`${name}-a`) === status), LONG);

/** Everything that was sent: by one at a time, within the rate, and none refused. */
const expectOrder = (): void => {
  expect(fleet.sent.length).toBeGreaterThan(WORKSPACES);
  expect(overlaps(fleet.sent)).toEqual([]);
  expect(excesses(fleet.sent)).toEqual([]);
  expect(fleet.sent.filter(({status}) => status >= 400)).toEqual([]);
};

const replica = (name: string) => {
  const found = fleet.replicas.find(one => one.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

beforeAll(async () => {
  must('kubectl', ['create', 'namespace', NAMESPACE]);
  must('kubectl', ['-n', NAMESPACE, 'create', 'serviceaccount', 'rollcall']);
  must('kubectl', ['-n', NAMESPACE, 'apply', '-f', '-'], role);
  const binding = ['rolebinding', 'rollcall', '--role=rollcall', `--serviceaccount=${NAMESPACE}:rollcall`];
  must('kubectl', ['-n', NAMESPACE, 'create', ...binding]);
  fleet = new Fleet(folder, NAMESPACE, WORKSPACES);
  await fleet.open();
  for (const name of ['r1', 'r2', 'r3']) await fleet.add(name);
});

afterAll(async () => {
  await fleet?.close();
  run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']);
  rmSync(folder, {recursive: true, force: true});
});

it('three replicas share thirty workspaces out, and do what Git asks for in all of them', async () => {
  await shared('r1', 'r2', 'r3');
  fleet.commit('paused');
  await everywhere('paused');
  expectOrder();
});

it('a change in the dashboard is corrected by whoever leads the workspace', async () => {
  for (const name of ['w0', 'w11', 'w29']) fleet.dashboard(name, 'pause');
  await eventually(() => ['w0', 'w11', 'w29'].every(name => fleet.statusOf(`${name}-b`) === 'active'), LONG);
  expectOrder();
});

it('every replica answers for all of them, with the age of what others said', async () => {
  for (const one of fleet.replicas) {
    const report = await eventually(async () => {
      const said = await one.get('/api/v1/report');
      const isWhole = said.replicas.every(({message}: {message: unknown}) => message === null);
      return isWhole && said.summary.satisfied === 2 * WORKSPACES && said;
    }, LONG);
    expect(report.summary).toEqual({satisfied: 2 * WORKSPACES});
    expect(report.replicas.map(({workspaces}: {workspaces: unknown[]}) => workspaces.length)).toEqual([
      10, 10, 10,
    ]);
    expect(report.unled).toEqual([]);
    const own = await one.get('/api/v1/report?scope=replica');
    expect(own.summary).toEqual({satisfied: (2 * WORKSPACES) / 3});
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await one.get(`/api/v1/campaigns?limit=7${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({campaignId}: {campaignId: string}) => campaignId));
      cursor = page.next;
    }
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen).size).toBe(2 * WORKSPACES);
  }
});

it('what does not answer is said, and nobody calls the whole fine', async () => {
  replica('r3').kill('SIGSTOP');
  const report = await replica('r1').get('/api/v1/report');
  replica('r3').kill('SIGCONT');
  expect(report.replicas.at(-1).message ?? report.replicas.at(1).message).toMatch(/no answer within 2 s/);
  expect(report.conditions[0]).toMatchObject({type: 'Ready', status: 'Unknown', reason: 'WorkspacesUnknown'});
});

it('what a killed replica led is led by others once its leases have run out', async () => {
  replica('r1').kill('SIGKILL');
  fleet.commit('active');
  await eventually(() => fleet.workspaces.every(name => fleet.statusOf(`${name}-a`) === 'active'), TAKEOVER);
  await shared('r2', 'r3');
  expectOrder();
});

it('a new replica gets its part, and no more moves than that', async () => {
  const before = await leases();
  await fleet.add('r4');
  await shared('r2', 'r3', 'r4');
  const after = new Map((await leases()).map(({metadata, spec}) => [metadata.name, spec?.holderIdentity]));
  const moved = before.filter(({metadata, spec}) => after.get(metadata.name) !== spec?.holderIdentity);
  expect(moved).toHaveLength(WORKSPACES / 3);
  expectOrder();
});

it('a replica that was frozen beyond its leases sends nothing more by them when it goes on', async () => {
  replica('r2').kill('SIGSTOP');
  fleet.commit('paused');
  await everywhere('paused');
  const until = fleet.sent.length;
  replica('r2').kill('SIGCONT');
  await sleep(2 * retryPeriod);
  const first = fleet.sent.slice(until).filter(({replica: name}) => name === 'r2');
  expect(first.filter(({method}) => method === 'PUT')).toEqual([]);
  await shared('r2', 'r3', 'r4');
  expectOrder();
});

it('a replica that is cut off from the API server stops before its leases run out, and recovers', async () => {
  replica('r3').apiServer.isCut = true;
  fleet.commit('active');
  await everywhere('active');
  await eventually(async () => !(await holders()).has('r3'), TAKEOVER + LONG);
  replica('r3').apiServer.isCut = false;
  await shared('r2', 'r3', 'r4');
  expectOrder();
  expect(replica('r3').child?.exitCode).toBeNull();
});

it('a replica whose connections to the API server go silent makes new ones, and keeps its leases', async () => {
  const mine = async () =>
    (await leases()).flatMap(({metadata, spec}) =>
      spec?.holderIdentity?.startsWith('r4_') ? [metadata.name] : [],
    );
  const before = await mine();
  replica('r4').apiServer.hush();
  await sleep(leaseDuration + 2 * retryPeriod);
  expect(await mine()).toEqual(before);
  expect(replica('r4').log).not.toMatch(/lost, it ran out/);
});

it('an API server that is away for longer than a lease stops everybody, and nobody for good', async () => {
  for (const one of fleet.replicas) one.apiServer.isCut = true;
  await sleep(leaseDuration + 2_000);
  const quiet = fleet.sent.length;
  await sleep(3_000);
  expect(fleet.sent.slice(quiet)).toEqual([]);
  for (const one of fleet.replicas) if (one.name !== 'r1') one.apiServer.isCut = false;
  fleet.commit('paused');
  await everywhere('paused');
  await shared('r2', 'r3', 'r4');
  expectOrder();
});

it('leases that are deleted or edited by hand come right, with one at work at any time', async () => {
  await printed('kubectl', [
    '-n',
    NAMESPACE,
    'delete',
    'lease',
    leaseNamed('w1'),
    leaseNamed('w2'),
    'rollcall',
  ]);
  for (const name of ['w3', 'w4'].map(leaseNamed))
    await printed('kubectl', [
      ...['-n', NAMESPACE, 'patch', 'lease', name, '--type=merge'],
      ...['-p', '{"spec":{"holderIdentity":"somebody"}}'],
    ]);
  fleet.commit('active');
  await everywhere('active');
  await shared('r2', 'r3', 'r4');
  expectOrder();
});

it('a replica that is cut off from the platform alone keeps its leases', async () => {
  const before = (await holders()).get('r4');
  replica('r4').isCutFromPlatform = true;
  await sleep(4_000);
  expect((await holders()).get('r4')).toBe(before);
  replica('r4').isCutFromPlatform = false;
  fleet.commit('paused');
  await everywhere('paused');
  expectOrder();
});

it('a rolling upgrade gives each lease to the next at once', async () => {
  for (const [old, next] of [
    ['r2', 'r5'],
    ['r3', 'r6'],
    ['r4', 'r7'],
  ] as const) {
    await fleet.add(next);
    await eventually(async () => (await fetch(`${replica(next).url}/readyz`)).ok, LONG);
    const from = performance.now();
    expect(await replica(old).stop()).toBe(0);
    await eventually(async () => {
      const now = await holders();
      return !now.has(old) && !now.has('');
    }, LONG);
    expect(performance.now() - from).toBeLessThan(leaseDuration);
  }
  fleet.commit('active');
  await everywhere('active');
  await shared('r5', 'r6', 'r7');
  expectOrder();
});

it('from three to one to five, each workspace is led', async () => {
  for (const name of ['r5', 'r6']) expect(await replica(name).stop()).toBe(0);
  await shared('r7');
  for (const name of ['r8', 'r9', 'r10', 'r11']) await fleet.add(name);
  await shared('r7', 'r8', 'r9', 'r10', 'r11');
  fleet.commit('paused');
  await everywhere('paused');
  expectOrder();
});
