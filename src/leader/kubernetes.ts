import {oneLine} from '../domain/text.ts';
import type {LeaseApi} from './api.ts';
import type {LeaseRecord, StoredLease} from './lease.ts';

/** One HTTP request to the API server and its whole answer. Rejects where no whole answer came. */
export type SendToServer = (request: {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<{readonly status: number; readonly text: string}>;

export interface KubernetesOptions {
  /** The API server's URL, without a slash at its end. */
  readonly server: string;
  readonly namespace: string;
  /** The token of the service account as it is now: Kubernetes replaces it before it runs out. */
  readonly token: () => string | undefined;
  readonly send: SendToServer;
}

type Json = Readonly<Record<string, unknown>>;

/** What of a Lease's metadata is its owners' and must stay as it is. */
const KEPT = ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const;

/** A lease is held by somebody else, was changed or deleted meanwhile, or is there already. */
const OVERTAKEN: ReadonlySet<number> = new Set([404, 409, 422]);

const LONGEST_MESSAGE = 300;

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const countOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);

const timeOf = (value: unknown): number | undefined => {
  const time = Date.parse(textOf(value));
  return Number.isNaN(time) ? undefined : time;
};

/** As Kubernetes writes a MicroTime: with six digits, neither more nor fewer. */
const microTime = (time: number): string => `${new Date(time).toISOString().slice(0, -1)}000Z`;

const recordOf = (spec: Json): LeaseRecord => {
  const acquiredAt = timeOf(spec['acquireTime']);
  const renewedAt = timeOf(spec['renewTime']);
  return {
    holder: textOf(spec['holderIdentity']),
    leaseDurationSeconds: countOf(spec['leaseDurationSeconds']),
    transitions: countOf(spec['leaseTransitions']),
    ...(acquiredAt !== undefined && {acquiredAt}),
    ...(renewedAt !== undefined && {renewedAt}),
  };
};

const specOf = (record: LeaseRecord): Json => ({
  holderIdentity: record.holder,
  leaseDurationSeconds: record.leaseDurationSeconds,
  leaseTransitions: record.transitions,
  ...(record.acquiredAt !== undefined && {acquireTime: microTime(record.acquiredAt)}),
  ...(record.renewedAt !== undefined && {renewTime: microTime(record.renewedAt)}),
});

const annotationsOf = (metadata: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(metadata['annotations'])).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

const ADVICE: Readonly<Record<number, string>> = {
  401: 'the token of the service account is not taken',
  403: 'the service account lacks the Role for its leases: get, create and update',
};

/**
 * Leases of Kubernetes (`coordination.k8s.io/v1`), by nothing but GET and PUT: a PUT with a resource version is taken
 * only at that version, one without creates. The official JavaScript client has no leader election, and costs 80 MB.
 */
export class KubernetesLeases implements LeaseApi {
  readonly #options: KubernetesOptions;
  /** What each lease held besides what is written here, when it was last read. */
  readonly #last = new Map<string, {readonly metadata: Json; readonly spec: Json}>();

  constructor(options: KubernetesOptions) {
    this.#options = options;
  }

  async read(name: string): Promise<StoredLease | undefined> {
    const {status, text} = await this.#send('GET', name);
    if (status === 404) return undefined;
    return this.#stored(name, status, text);
  }

  async write(
    name: string,
    {annotations, record}: {record?: LeaseRecord; annotations?: Readonly<Record<string, string>>},
    version: string | undefined,
  ): Promise<StoredLease | undefined> {
    const {namespace} = this.#options;
    const last = version === undefined ? undefined : this.#last.get(name);
    const kept = KEPT.map(key => [key, last?.metadata[key]] as const);
    const metadata = {
      ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)),
      ...(annotations && {annotations}),
      ...(version !== undefined && {resourceVersion: version}),
      name,
      namespace,
    };
    const spec = record ? specOf(record) : (last?.spec ?? {});
    const lease = {apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec};
    const {status, text} = await this.#send('PUT', name, JSON.stringify(lease));
    return OVERTAKEN.has(status) ? undefined : this.#stored(name, status, text);
  }

  async #send(method: 'GET' | 'PUT', name: string, body?: string): Promise<{status: number; text: string}> {
    const {namespace, send, server, token} = this.#options;
    const bearer = token();
    const place = `namespaces/${encodeURIComponent(namespace)}/leases/${encodeURIComponent(name)}`;
    return send({
      method,
      url: `${server}/apis/coordination.k8s.io/v1/${place}`,
      headers: {
        accept: 'application/json',
        ...(bearer !== undefined && {authorization: `Bearer ${bearer}`}),
        ...(body !== undefined && {'content-type': 'application/json'}),
      },
      ...(body !== undefined && {body}),
    });
  }

  #stored(name: string, status: number, text: string): StoredLease {
    if (status !== 200 && status !== 201) throw new Error(this.#refusal(name, status, text));
    const {metadata: given, spec: givenSpec} = objectOf(JSON.parse(text));
    const [metadata, spec] = [objectOf(given), objectOf(givenSpec)];
    const version = textOf(metadata['resourceVersion']);
    if (!version) throw new Error(`the API server’s answer for the lease ${name} is no Lease`);
    this.#last.set(name, {metadata, spec});
    return {record: recordOf(spec), version, annotations: annotationsOf(metadata)};
  }

  #refusal(name: string, status: number, text: string): string {
    const {namespace} = this.#options;
    const advice = ADVICE[status];
    const said = oneLine(text).slice(0, LONGEST_MESSAGE);
    return `the API server answered ${status} for the lease ${namespace}/${name}${advice ? `: ${advice}` : ''}: ${said}`;
  }
}
