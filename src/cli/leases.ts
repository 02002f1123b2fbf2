import {createHash, randomUUID} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {hostname} from 'node:os';
import type {Logger} from 'pino';
import type {Config, LeaderElectionConfig, WorkspaceConfig} from '../config/schema.ts';
import type {Fence} from '../controller/ports.ts';
import {errorText} from '../domain/text.ts';
import type {Fleet} from '../http/fleet.ts';
import {Elector} from '../leader/elector.ts';
import {KubernetesLeases} from '../leader/kubernetes.ts';
import type {Member} from '../leader/members.ts';
import {createTransport} from '../platform/transport.ts';
import {systemClock, systemRandom} from '../system.ts';
import {logEvent} from './lease-events.ts';
import type {Secrets} from './secrets.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** How many renewals a holder may miss before what it has begun could outlast its lease. */
const MISSED = 3;
/** A renewal of many leases makes no crowd of connections. */
const CONNECTIONS = 16;
const SHORT = 8;
const LONGEST_KEY = 63;

const LONGEST_SLUG = 30;

/**
 * The name of the lease that a workspace is led by: by what it is on the platform, whatever the configuration calls it, so
 * that one that gets another name keeps its holder. Workspaces of one rate have one holder. The chart makes the same names
 * (`rollcall.leases`), and a test holds them equal.
 */
export const leaseOf = (
  {orgId, rateGroup, workspaceId}: WorkspaceConfig,
  {leaseName}: Pick<LeaderElectionConfig, 'leaseName'>,
): string => {
  if (rateGroup !== undefined) return `${leaseName}-group-${rateGroup}`;
  const slug = workspaceId
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replaceAll(/^-+|-+$/g, '');
  const hash = createHash('sha256').update(`${orgId}\n${workspaceId}`).digest('hex').slice(0, SHORT);
  return [leaseName, slug, hash].filter(part => part !== '').join('-');
};

/** The workspaces that a set of leases covers. */
export const workspacesOf = (
  {leaderElection, workspaces}: Config,
  held: ReadonlySet<string>,
): WorkspaceConfig[] => workspaces.filter(one => leaderElection && held.has(leaseOf(one, leaderElection)));

/**
 * How long a request to the platform may take at the most, so that one that was begun under a lease has ended before
 * another may hold it. Milliseconds.
 */
const requestLimit = ({renewDeadline, retryPeriod}: LeaderElectionConfig): number =>
  renewDeadline - MISSED * retryPeriod;

/** What replicas change of how a platform is reached. */
export interface Lead {
  /** Whether this process may send to a workspace now. */
  readonly fence: (workspace: WorkspaceConfig) => Fence;
  /** How long a whole request may take. Milliseconds. */
  readonly requestLimit: number;
}

/** Nothing is sent to a workspace unless its lease outlasts the longest that the request may take. */
export const leadBy = (elector: Elector, config: LeaderElectionConfig): Lead => {
  const limit = requestLimit(config);
  return {
    fence: workspace => () => elector.holds(leaseOf(workspace, config), limit),
    requestLimit: limit,
  };
};

/** The replicas, and which workspaces each leads. */
export const fleetOf = (
  elector: Elector,
  leaderElection: LeaderElectionConfig,
  workspaces: readonly WorkspaceConfig[],
): Fleet => {
  const {self} = elector;
  const led = new Map<string, Member & {workspaces: string[]}>(
    elector.members.map(member => [member.identity, {...member, workspaces: []}]),
  );
  const unled: string[] = [];
  for (const workspace of workspaces) {
    const leader = elector.leaderOf(leaseOf(workspace, leaderElection));
    if (!leader) unled.push(workspace.name);
    else {
      const replica = led.get(leader.identity) ?? {...leader, workspaces: []};
      replica.workspaces.push(workspace.name);
      led.set(leader.identity, replica);
    }
  }
  const own = led.get(self.identity) ?? {...self, workspaces: []};
  return {self: own, others: [...led.values()].filter(({identity}) => identity !== self.identity), unled};
};

const serverOf = ({server}: LeaderElectionConfig, env: NodeJS.ProcessEnv): string => {
  const host = env['KUBERNETES_SERVICE_HOST'];
  if (server !== undefined) return server;
  if (host)
    return `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? 443}`;
  throw new Error(
    'leaderElection needs an API server of Kubernetes, and this is no pod: name it with leaderElection.server, or run one process without leaderElection',
  );
};

const namespaceOf = ({namespace}: LeaderElectionConfig): string => {
  if (namespace !== undefined) return namespace;
  try {
    return readFileSync(`${SERVICE_ACCOUNT}/namespace`, 'utf8').trim();
  } catch (error) {
    throw new Error(
      `leaderElection.namespace is not given, and the pod’s cannot be read: ${errorText(error)}`,
    );
  }
};

/** Who this replica is: a name that no process before it had, since what that one held is not this one's. */
const selfOf = ({http}: Config, env: NodeJS.ProcessEnv): {self: Member; memberKey: string} => {
  const name = (env['POD_NAME'] || hostname()).toLowerCase().replaceAll(/[^-a-z0-9.]/g, '-');
  const once = randomUUID().slice(0, SHORT);
  const ip = env['POD_IP'];
  const address = ip && `http://${ip.includes(':') ? `[${ip}]` : ip}:${http.port}`;
  return {
    self: {identity: `${name}_${once}`, ...(address && {address})},
    memberKey: `${name.slice(0, LONGEST_KEY - SHORT - 1).replace(/[^a-z0-9]+$/, '')}-${once}`,
  };
};

export interface ElectorContext {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly onHeld: (leases: ReadonlySet<string>) => Promise<void>;
}

/**
 * Who leads which workspaces, by Leases of Kubernetes; what it opens is put on `opening`. Throws, saying what to do,
 * where there is no API server to be asked.
 */
export const openElector = (
  config: Config,
  leaderElection: LeaderElectionConfig,
  {env, log, onHeld, secrets}: ElectorContext,
  opening: AsyncDisposableStack,
): Elector => {
  const {leaseName, retryPeriod} = leaderElection;
  const server = serverOf(leaderElection, env);
  const tokenFile = leaderElection.tokenFile ?? `${SERVICE_ACCOUNT}/token`;
  const ownCa = `${SERVICE_ACCOUNT}/ca.crt`;
  const caFile = leaderElection.caFile ?? (existsSync(ownCa) ? ownCa : undefined);
  const {close, transport} = createTransport({
    baseUrl: server,
    proxies: {noProxy: '*'},
    timeout: retryPeriod,
    whole: retryPeriod,
    connections: CONNECTIONS,
    onTrouble: message => log.error(message),
    ...(caFile !== undefined && {caFile, caKey: 'leaderElection.caFile'}),
  });
  opening.defer(close);
  const token = (): string | undefined => secrets.read({file: tokenFile});
  const namespace = namespaceOf(leaderElection);
  const elector = new Elector({
    api: new KubernetesLeases({server, namespace, token, send: transport}),
    clock: systemClock,
    random: systemRandom,
    ...selfOf(config, env),
    leases: [...new Set(config.workspaces.map(one => leaseOf(one, leaderElection)))],
    membersLease: leaseName,
    timings: leaderElection,
    onHeld,
    listener: event => logEvent(log, event),
  });
  opening.defer(() => elector.abandon());
  return elector;
};
