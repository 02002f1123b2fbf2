/** What is sent to an API server. What a real one makes of it: test/kubernetes/replicas.test.ts. */
import {expect, it} from 'vitest';
import {KubernetesLeases, type SendToServer} from '../../src/leader/kubernetes.ts';

const open = (answer: (request: Parameters<SendToServer>[0]) => {status: number; text: string}) => {
  const requests: Parameters<SendToServer>[0][] = [];
  let token = 'first';
  const leases = new KubernetesLeases({
    server: 'https://10.96.0.1:443',
    namespace: 'calls',
    token: () => token,
    send: async request => {
      requests.push(request);
      return answer(request);
    },
  });
  const rotate = (next: string): void => {
    token = next;
  };
  return {leases, requests, rotate};
};

const lease = (more: object = {}) =>
  JSON.stringify({
    metadata: {
      name: 'w',
      resourceVersion: '7',
      labels: {app: 'x'},
      annotations: {'meta.helm.sh/release-name': 'calls'},
      ownerReferences: [{uid: 'u'}],
      managedFields: [{}],
    },
    spec: {
      holderIdentity: 'me',
      leaseDurationSeconds: 35,
      renewTime: '2026-11-26T10:00:00.123456Z',
      leaseTransitions: 2,
    },
    ...more,
  });

const RECORD = {holder: 'me', leaseDurationSeconds: 35, transitions: 2, renewedAt: Date.UTC(2026, 0, 1)};

it('reads a lease, and sends the token as it is now', async () => {
  const {leases, requests, rotate} = open(() => ({status: 200, text: lease()}));
  expect(await leases.read('w')).toEqual({
    version: '7',
    annotations: {'meta.helm.sh/release-name': 'calls'},
    record: {...RECORD, renewedAt: Date.UTC(2026, 10, 26, 10, 0, 0, 123)},
  });
  rotate('second');
  await leases.read('w');
  expect(requests.map(({headers}) => headers['authorization'])).toEqual(['Bearer first', 'Bearer second']);
  expect(requests[0]?.url).toBe(
    'https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/calls/leases/w',
  );
});

it('writes at the version that it read, and keeps what is not its own', async () => {
  const {leases, requests} = open(() => ({status: 200, text: lease()}));
  await leases.read('w');
  await leases.write('w', {record: RECORD}, '7');
  const {metadata, spec} = JSON.parse(requests[1]?.body ?? '');
  expect(metadata).toEqual({
    name: 'w',
    namespace: 'calls',
    resourceVersion: '7',
    labels: {app: 'x'},
    annotations: {'meta.helm.sh/release-name': 'calls'},
    ownerReferences: [{uid: 'u'}],
  });
  expect(spec).toEqual({
    holderIdentity: 'me',
    leaseDurationSeconds: 35,
    leaseTransitions: 2,
    renewTime: '2026-01-01T00:00:00.000000Z',
  });
});

it('creates without a version, and writes annotations without touching who holds it', async () => {
  const {leases, requests} = open(({method}) => ({status: method === 'GET' ? 200 : 201, text: lease()}));
  await leases.write('w', {record: RECORD}, undefined);
  expect(JSON.parse(requests[0]?.body ?? '').metadata).toEqual({name: 'w', namespace: 'calls'});
  await leases.write('w', {annotations: {a: 'b'}}, '7');
  const {metadata, spec} = JSON.parse(requests[1]?.body ?? '');
  expect([metadata.annotations, spec.holderIdentity]).toEqual([{a: 'b'}, 'me']);
});

it.each([404, 409, 422])('takes %i for somebody who was faster', async status => {
  const {leases} = open(() => ({status, text: '{}'}));
  expect(await leases.write('w', {record: RECORD}, '7')).toBeUndefined();
});

it.each([
  [401, /answered 401 for the lease calls\/w: the token of the service account is not taken/],
  [403, /lacks the Role for its leases: get, create and update/],
  [500, /answered 500 for the lease calls\/w: boom/],
])('says what %i means', async (status, message) => {
  const {leases} = open(() => ({status, text: 'boom'}));
  await expect(leases.read('w')).rejects.toThrow(message);
});

it('takes nothing for a lease that is none', async () => {
  for (const text of ['[]', '{}', 'null', '{"metadata": 5}'])
    await expect(open(() => ({status: 200, text})).leases.read('w')).rejects.toThrow(/is no Lease/);
  await expect(open(() => ({status: 200, text: '<html>'})).leases.read('w')).rejects.toThrow();
  expect(await open(() => ({status: 404, text: ''})).leases.read('w')).toBeUndefined();
});
