/**
 * Replicas as processes, Leases in a real API server, the simulator in this process. Each replica reaches both by a
 * forwarder of its own, which can be cut, and which tells who sent what and when: the independent log.
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {createServer, request as forward, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {connect, createServer as createTcpServer, type Socket, type Server as TcpServer} from 'node:net';
import {join} from 'node:path';
import {SimulatedApi} from '../../src/simulator/api.ts';
import {DEFAULT_RULES} from '../../src/simulator/campaign.ts';
import {NO_FAULTS} from '../../src/simulator/faults.ts';
import {startSimulator} from '../../src/simulator/server.ts';
import {yaml} from '../support/fixtures.ts';
import {campaign} from '../support/platform.ts';
import {Repository} from '../support/repository.ts';
import {type Manifest, must} from './tools.ts';

export const TIMINGS = {leaseDuration: 10_000, renewDeadline: 8_000, retryPeriod: 1_000};
export const RATE = {requests: 10, per: 500};
const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** One request to the platform, by whom, for which workspace, and from when to when. */
export interface Sent {
  readonly replica: string;
  readonly workspace: string;
  readonly method: string;
  readonly path: string;
  readonly from: number;
  to: number;
  status: number;
}

const portOf = (server: TcpServer | Server): number => (server.address() as AddressInfo).port;

const listening = (server: TcpServer | Server): Promise<void> =>
  new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createTcpServer();
  await listening(server);
  const port = portOf(server);
  await new Promise(resolve => server.close(resolve));
  return port;
};

/** Passes connections on to another place, until it is cut. */
class Cable {
  readonly #server: TcpServer;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(host: string, port: number) {
    this.#server = createTcpServer(near => {
      if (this.#isCut) return near.destroy();
      const far = connect(port, host);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far);
      far.pipe(near);
      return undefined;
    });
  }

  async open(): Promise<number> {
    await listening(this.#server);
    return portOf(this.#server);
  }

  set isCut(cut: boolean) {
    this.#isCut = cut;
    if (cut) for (const socket of this.#sockets) socket.destroy();
  }

  /** Every connection that is open goes silent, as when something on the way forgets it; new ones pass. */
  hush(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  close(): void {
    this.isCut = true;
    this.#server.close();
  }
}

export class Replica {
  readonly name: string;
  readonly apiServer: Cable;
  readonly #fleet: Fleet;
  readonly #server: Server;
  isCutFromPlatform = false;
  child: ChildProcess | undefined;
  log = '';
  #httpPort = 0;

  constructor(name: string, fleet: Fleet) {
    this.name = name;
    this.#fleet = fleet;
    const {host, port} = fleet.apiServer;
    this.apiServer = new Cable(host, port);
    this.#server = createServer((incoming, outgoing) => {
      if (this.isCutFromPlatform) return void incoming.socket.destroy();
      const {headers, method = 'GET', url = '/'} = incoming;
      const workspace = /workspaces\/([^/]+)\//.exec(url)?.[1] ?? '';
      const path = url.split('?')[0] ?? '';
      const sent: Sent = {
        replica: name,
        workspace,
        method,
        path,
        from: performance.now(),
        to: Number.POSITIVE_INFINITY,
        status: 0,
      };
      fleet.sent.push(sent);
      const onward = forward(fleet.platformUrl + url, {method, headers}, answer => {
        sent.status = answer.statusCode ?? 0;
        outgoing.writeHead(sent.status, answer.headers);
        answer.pipe(outgoing);
        answer.on('end', () => {
          sent.to = performance.now();
        });
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
  }

  async start(): Promise<void> {
    const apiPort = await this.apiServer.open();
    await listening(this.#server);
    this.#httpPort = await freePort();
    const file = join(this.#fleet.folder, `${this.name}.yaml`);
    writeFileSync(
      file,
      this.#fleet.configFor(`http://127.0.0.1:${portOf(this.#server)}`, apiPort, this.#httpPort),
    );
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: join(this.#fleet.folder, this.name),
      TZ: 'UTC',
      POD_NAME: this.name,
      POD_IP: '127.0.0.1',
      KEY: this.#fleet.key,
    };
    this.child = spawn(process.execPath, [MAIN, 'run', '--config', file], {env, stdio: 'pipe'});
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', chunk => {
        this.log += chunk;
      });
  }

  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** As at the end of a pod: resolves with the exit code. */
  stop(): Promise<number | null> {
    return new Promise(resolve => {
      this.child?.once('exit', code => resolve(code));
      this.kill('SIGTERM');
    });
  }

  close(): void {
    this.kill('SIGKILL');
    this.apiServer.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  /** What its API answers. */
  async get(path: string): Promise<Manifest> {
    return (await fetch(this.url + path)).json();
  }
}

/** The cluster that KUBECONFIG names: where its API server is, and how a service account is let in. */
const clusterOf = (namespace: string) => {
  const view = JSON.parse(must('kubectl', ['config', 'view', '--minify', '--flatten', '-o', 'json']));
  const [{cluster}] = view.clusters;
  const url = new URL(cluster.server);
  const token = must('kubectl', ['-n', namespace, 'create', 'token', 'rollcall', '--duration', '1h']);
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  return {apiServer: {host: url.hostname, port: Number(url.port || 443)}, token, ca};
};

/** One service account with the Role of a release, and what its replicas need. */
export class Fleet {
  readonly folder: string;
  readonly namespace: string;
  readonly workspaces: readonly string[];
  readonly repository: Repository;
  readonly simulated: SimulatedApi;
  readonly sent: Sent[] = [];
  readonly key = 'a-key-that-must-stay-secret';
  readonly apiServer: {readonly host: string; readonly port: number};
  platformUrl = '';
  replicas: Replica[] = [];
  #close: () => Promise<void> = async () => {};

  constructor(folder: string, namespace: string, number: number) {
    this.folder = folder;
    this.namespace = namespace;
    this.workspaces = Array.from({length: number}, (_, i) => `w${i}`);
    this.repository = new Repository(join(folder, 'repository'));
    const {apiServer, ca, token} = clusterOf(namespace);
    this.apiServer = apiServer;
    writeFileSync(join(folder, 'token'), token);
    writeFileSync(join(folder, 'ca.crt'), ca);
    const campaignsOf = (name: string) => [campaign(`${name}-a`, 'active'), campaign(`${name}-b`, 'active')];
    this.simulated = new SimulatedApi(
      {
        workspaces: this.workspaces.map(name => ({
          orgId: 'org-1',
          workspaceId: name,
          apiKey: this.key,
          campaigns: campaignsOf(name),
        })),
        rate: RATE,
        rules: {...DEFAULT_RULES, concurrentCampaigns: {limit: 10_000, code: 422}},
        faults: NO_FAULTS,
      },
      Math.random,
    );
    this.commit('active');
  }

  async open(): Promise<void> {
    const {baseUrl, close} = await startSimulator(this.simulated, Date.now, 0);
    this.platformUrl = baseUrl;
    this.#close = close;
  }

  async close(): Promise<void> {
    for (const replica of this.replicas) replica.close();
    await this.#close();
  }

  /** Has Git ask for a status of the first campaign of every workspace. */
  commit(desired: 'active' | 'paused'): void {
    const files = this.workspaces.flatMap(workspace =>
      ['a', 'b'].map(which => {
        const id = `${workspace}-${which}`;
        const wish = which === 'a' ? desired : 'active';
        return [`campaigns/${id}.yaml`, yaml({workspace, name: id, campaignId: id, desired: wish})] as const;
      }),
    );
    this.repository.commit(Object.fromEntries(files));
  }

  async add(name: string): Promise<Replica> {
    const replica = new Replica(name, this);
    this.replicas.push(replica);
    await replica.start();
    return replica;
  }

  statusOf(campaignId: string): string | undefined {
    const workspace = this.simulated.workspaces[this.workspaces.indexOf(campaignId.split('-')[0] ?? '')];
    return workspace?.get(campaignId, Date.now())?.status;
  }

  /** As somebody does in the dashboard. */
  dashboard(workspace: string, action: 'pause' | 'resume'): void {
    const found = this.simulated.workspaces[this.workspaces.indexOf(workspace)];
    found?.act(`${workspace}-b`, action, 'dashboard@example.com', Date.now());
  }

  configFor(platformUrl: string, apiPort: number, httpPort: number): string {
    const {leaseDuration, renewDeadline, retryPeriod} = TIMINGS;
    const rate = `{requests: ${RATE.requests}, per: ${RATE.per}ms}`;
    return `apiVersion: rollcall.dev/v1
kind: Controller
source: {git: {url: ${this.repository.path}, path: campaigns, interval: 1s}}
platform: {baseUrl: ${platformUrl}, timeout: 2s}
reconcile: {interval: 1s}
http: {port: ${httpPort}}
leaderElection:
  {namespace: ${this.namespace}, server: 'https://127.0.0.1:${apiPort}', tokenFile: token, caFile: ca.crt, leaseDuration: ${leaseDuration}ms, renewDeadline: ${renewDeadline}ms, retryPeriod: ${retryPeriod}ms}
workspaces:
${this.workspaces.map(name => `  - {name: ${name}, orgId: org-1, workspaceId: ${name}, apiKey: {env: KEY}, rate: ${rate}}`).join('\n')}
`;
  }
}

/** Pairs of requests of two replicas to one workspace that overlapped, and requests of one that came after another took over. */
export const overlaps = (sent: readonly Sent[]): string[] => {
  const problems: string[] = [];
  for (const [workspace, all] of Map.groupBy(sent, one => one.workspace)) {
    let latest: Sent | undefined;
    for (const one of all.toSorted((a, b) => a.from - b.from)) {
      if (
        latest &&
        latest.replica !== one.replica &&
        latest.to > one.from &&
        latest.to !== Number.POSITIVE_INFINITY
      )
        problems.push(`${workspace}: ${latest.replica} until ${latest.to}, ${one.replica} from ${one.from}`);
      if (!latest || one.to > latest.to || latest.replica !== one.replica) latest = one;
    }
  }
  return problems;
};

/** Workspaces that saw more requests in one window than the rate allows. */
export const excesses = (sent: readonly Sent[]): string[] =>
  [...Map.groupBy(sent, one => one.workspace)].flatMap(([workspace, all]) => {
    const times = all.map(({from}) => from).toSorted((a, b) => a - b);
    const over = times.filter(
      (time, i) => (times[i + RATE.requests] ?? Number.POSITIVE_INFINITY) - time < RATE.per,
    );
    return over.length > 0 ? [`${workspace}: ${over.length} windows too full`] : [];
  });
