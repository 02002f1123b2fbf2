/**
 * The lease protocol in virtual time: replicas whose clocks run up to five per cent apart, and an API server between
 * which requests and answers are delayed, lost and overtaken.
 */
import type {Clock} from '../../src/controller/ports.ts';
import type {LeaseApi} from '../../src/leader/api.ts';
import {Elector} from '../../src/leader/elector.ts';
import type {LeaseRecord, StoredLease, Timings} from '../../src/leader/lease.ts';
import {seeded} from './random.ts';

const TIMINGS: Timings = {leaseDuration: 35_000, renewDeadline: 30_000, retryPeriod: 5_000};
const LEASES = ['a', 'b', 'c', 'd'];
const MEMBERS = 'members';
const REQUEST_TIMEOUT = 5_000;
/** Faults happen until then; from then on all must come right. */
const QUIET_AFTER = 180_000;
const END = QUIET_AFTER + 150_000;

type Random = () => number;

interface Task {
  readonly at: number;
  readonly run: () => void;
  readonly owner: Node | undefined;
}

/** Everything that happens, in the order of its time. */
class World {
  time = 0;
  readonly random: Random;
  readonly server: Server;
  nodes: Node[] = [];
  #tasks: Task[] = [];
  #made = 0;

  constructor(random: Random) {
    this.random = random;
    this.server = new Server(this);
    for (let i = 0; i < 3; i++) this.add();
  }

  add(): void {
    this.#made += 1;
    const node = new Node(`node-${this.#made}`, this);
    this.nodes.push(node);
    node.elector.start();
    node.elector.takePart();
  }

  at(at: number, run: () => void, owner?: Node): () => void {
    const task = {at, run, owner};
    let index = this.#tasks.length;
    while (index > 0 && (this.#tasks[index - 1]?.at ?? 0) < at) index -= 1;
    this.#tasks.splice(index, 0, task);
    return () => {
      const found = this.#tasks.indexOf(task);
      if (found !== -1) this.#tasks.splice(found, 1);
    };
  }

  async run(until: number): Promise<void> {
    for (let task = this.#tasks.at(-1); task && task.at <= until; task = this.#tasks.at(-1)) {
      this.#tasks.pop();
      this.time = Math.max(this.time, task.at);
      const {owner} = task;
      if (owner?.isDead) continue;
      if (owner && owner.frozenUntil > this.time) this.at(owner.frozenUntil, task.run, owner);
      else task.run();
      for (let i = 0; i < 24; i++) await null;
      this.check();
    }
    this.time = until;
  }

  /** The one thing that must never be otherwise. */
  check(): void {
    for (const lease of LEASES) {
      const holders = this.nodes.filter(node => !node.isDead && node.elector.holds(lease));
      if (holders.length > 1)
        throw new Error(
          `at ${this.time} ms the lease ${lease} is held by ${holders.map(({name}) => name).join(' and ')}`,
        );
    }
  }
}

class Server {
  isDown = false;
  readonly leases = new Map<string, StoredLease>();
  readonly #world: World;
  #version = 0;

  constructor(world: World) {
    this.#world = world;
  }

  put(name: string, content: Partial<StoredLease>): StoredLease {
    this.#version += 1;
    const before = this.leases.get(name);
    const stored: StoredLease = {
      record: {holder: '', leaseDurationSeconds: 35, transitions: 0},
      annotations: {},
      ...before,
      ...content,
      version: String(this.#version),
    };
    this.leases.set(name, stored);
    return stored;
  }

  write(name: string, content: Partial<StoredLease>, version: string | undefined): StoredLease | undefined {
    return this.leases.get(name)?.version === version ? this.put(name, content) : undefined;
  }

  /** One request of a node: on its way there, at the server, and on its way back. */
  ask<T>(node: Node, answer: () => T): Promise<T> {
    const world = this.#world;
    const delay = (): number =>
      world.time < QUIET_AFTER && world.random() < 0.04 ? world.random() * 20_000 : world.random() * 40;
    const isLost = (): boolean => node.isCutOff || world.random() < node.loss;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(why));
      world.at(world.time + REQUEST_TIMEOUT / node.rate, () => fail('timed out'), node);
      if (isLost()) return;
      world.at(world.time + delay(), () => {
        const value = this.isDown ? undefined : {value: answer()};
        if (isLost()) return;
        world.at(world.time + delay(), () => (value ? resolve(value.value) : fail('refused')), node);
      });
    });
  }
}

class Node {
  readonly name: string;
  readonly rate: number;
  readonly elector: Elector;
  isDead = false;
  isCutOff = false;
  loss = 0;
  frozenUntil = 0;
  wallOffset: number;

  constructor(name: string, world: World) {
    this.name = name;
    this.rate = 0.95 + 0.1 * world.random();
    this.wallOffset = world.random() * 1e6;
    const start = world.random() * 1e6;
    const clock: Clock = {
      ticks: () => start + world.time * this.rate,
      now: () => this.wallOffset + world.time * this.rate,
      after: (delay, run) => world.at(world.time + delay / this.rate, run, this),
    };
    const {server} = world;
    const api: LeaseApi = {
      read: lease => server.ask(this, () => server.leases.get(lease)),
      write: (lease, content, version) => server.ask(this, () => server.write(lease, content, version)),
    };
    this.elector = new Elector({
      api,
      clock,
      random: world.random,
      self: {identity: name},
      memberKey: name,
      leases: LEASES,
      membersLease: MEMBERS,
      timings: TIMINGS,
      onHeld: () => new Promise(done => world.at(world.time + world.random() * 3_000, () => done(), this)),
      listener: () => {},
    });
  }

  /** As at SIGTERM. */
  async leave(): Promise<void> {
    await this.elector.withdraw();
    await this.elector.release();
    this.isDead = true;
  }
}

const edited = (world: World): LeaseRecord => {
  const [someone] = world.nodes.toSorted(() => world.random() - 0.5);
  const holders = ['', 'nobody', someone?.name ?? ''];
  const holder = holders[Math.floor(world.random() * holders.length)] ?? '';
  return {holder, leaseDurationSeconds: 35, transitions: Math.floor(world.random() * 9), renewedAt: 1};
};

const FAULTS: readonly ((world: World, node: Node, length: number) => void)[] = [
  (world, node, length) => {
    node.frozenUntil = world.time + length;
  },
  (world, node, length) => {
    node.isCutOff = true;
    world.at(world.time + length, () => {
      node.isCutOff = false;
    });
  },
  (world, node, length) => {
    node.loss = 0.5;
    world.at(world.time + length, () => {
      node.loss = 0;
    });
  },
  (world, _node, length) => {
    world.server.isDown = true;
    world.at(world.time + length, () => {
      world.server.isDown = false;
    });
  },
  (_world, node, length) => {
    node.wallOffset += (length - 40_000) * 100;
  },
  (world, node) => {
    node.isDead = true;
    world.add();
  },
  (world, node) => {
    void node.leave();
    world.add();
  },
  ({random, server}) => {
    server.leases.delete([...LEASES, MEMBERS][Math.floor(random() * 5)] ?? '');
  },
  world => {
    const lease = LEASES[Math.floor(world.random() * LEASES.length)] ?? '';
    world.server.put(lease, {record: edited(world)});
  },
  world => world.add(),
];

/** One run of random faults, after which all must come right. Rejects where a lease was held twice, or by nobody. */
export const runLeases = async (seed: number): Promise<void> => {
  const random = seeded(seed);
  const world = new World(random);
  for (let at = 20_000; at < QUIET_AFTER - 60_000; at += 5_000 + random() * 30_000)
    world.at(at, () => {
      const alive = world.nodes.filter(({isDead}) => !isDead);
      const node = alive[Math.floor(random() * alive.length)];
      const fault = FAULTS[Math.floor(random() * FAULTS.length)];
      if (node) fault?.(world, node, random() * 60_000);
    });
  await world.run(END);
  const alive = world.nodes.filter(({isDead}) => !isDead);
  const counts = alive.map(({elector}) => LEASES.filter(lease => elector.holds(lease)).length);
  const sum = counts.reduce((a, b) => a + b, 0);
  if (sum !== LEASES.length) throw new Error(`in the end ${sum} of ${LEASES.length} leases are held`);
  if (Math.max(...counts) - Math.min(...counts) > 1)
    throw new Error(`in the end the leases are not shared out: ${counts.join(', ')}`);
};
