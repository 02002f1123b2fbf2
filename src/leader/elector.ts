import {Loop} from '../controller/loop.ts';
import type {Clock, Random} from '../controller/ports.ts';
import {errorText} from '../domain/text.ts';
import {allowance, preference, type Shares, surplus} from './balance.ts';
import {Candidate, type Instant, type LeaseRecord, type StoredLease, type Timings} from './lease.ts';
import {type Member, Members} from './members.ts';

/** Where leases are kept. Every call may reject, and one that did may have taken effect all the same. */
export interface LeaseApi {
  /** The lease as it is; undefined where there is none. */
  read(name: string): Promise<StoredLease | undefined>;
  /**
   * Writes a lease that is still at `version`, or one that is not there yet where `version` is undefined. Undefined
   * where somebody else was faster.
   */
  write(
    name: string,
    content: {readonly record?: LeaseRecord; readonly annotations?: Readonly<Record<string, string>>},
    version: string | undefined,
  ): Promise<StoredLease | undefined>;
}

/** What happens to leases, for logs. */
export type LeaseEvent =
  | {readonly kind: 'acquired' | 'released'; readonly lease: string}
  | {readonly kind: 'lost'; readonly lease: string; readonly holder: string | undefined}
  | {readonly kind: 'api-trouble'; readonly message: string | undefined};

export interface ElectorOptions {
  readonly api: LeaseApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly self: Member;
  /** Names this replica in the lease that all share: up to 63 letters, digits and dashes. */
  readonly memberKey: string;
  /** The names of the leases to hold, shared out among the replicas. */
  readonly leases: readonly string[];
  /** The name of the lease in which replicas say that they are alive. */
  readonly membersLease: string;
  readonly timings: Timings;
  /** Told which leases to act by, one call after the other; what is no longer among them has ended when it resolves. */
  readonly onHeld: (leases: ReadonlySet<string>) => Promise<void>;
  readonly listener: (event: LeaseEvent) => void;
}

/** How often it is looked whether a lease has run out. Milliseconds. */
const EXPIRY_WATCH = 1_000;
/** After how many periods a free lease is taken by whoever sees it, though others have fewer. */
const PATIENCE = 3;
/** For how many periods the replicas must be the same before one gives a lease away. */
const SETTLED = 2;
const JITTER = 0.1;

/**
 * Holds leases, and shares them out among the replicas. What it tells is whether this process holds a lease now: it
 * decides so by itself, without asking anybody, by when the last renewal was sent that was taken.
 */
export class Elector {
  readonly #options: ElectorOptions;
  readonly #candidates: ReadonlyMap<string, Candidate>;
  readonly #members: Members;
  readonly #loop: Loop;
  /** Leases that are being given away: nothing new is begun by them. */
  readonly #giving = new Set<string>();
  readonly #freeSince = new Map<string, number>();
  #told: ReadonlySet<string> = new Set();
  #telling: Promise<void> = Promise.resolve();
  #crew = {names: '', since: 0};
  #trouble: string | undefined;
  #stopping = false;
  #cancelWatch: () => void = () => {};

  constructor(options: ElectorOptions) {
    const {clock, leases, listener, memberKey, random, self, timings} = options;
    this.#options = options;
    this.#members = new Members(self, memberKey, timings.retryPeriod);
    this.#candidates = new Map(leases.map(lease => [lease, new Candidate(self.identity, timings)]));
    const onError = (error: unknown): void => listener({kind: 'api-trouble', message: errorText(error)});
    this.#loop = new Loop(() => this.#run(), {clock, random, onError});
  }

  start(): void {
    this.#loop.trigger();
    this.#watchExpiry();
  }

  /** The names of the leases, held or not. */
  get names(): Iterable<string> {
    return this.#candidates.keys();
  }

  /** Whether this process holds a lease, for `within` more milliseconds. */
  holds(lease: string, within = 0): boolean {
    return this.#candidates.get(lease)?.holds(this.#instant(), within) ?? false;
  }

  /** Who else holds a lease, as far as it is known, and where it can be asked. */
  holderOf(lease: string): Member | undefined {
    const {ticks} = this.#options.clock;
    const identity = this.#candidates.get(lease)?.holder(ticks());
    if (identity === undefined) return undefined;
    return this.#members.alive(ticks()).find(member => member.identity === identity) ?? {identity};
  }

  /** The replicas that are alive, this one first. */
  get members(): readonly Member[] {
    return this.#members.alive(this.#options.clock.ticks());
  }

  /** Begins nothing new by any lease, and takes none; renews what is held until `release`. */
  async withdraw(): Promise<void> {
    this.#stopping = true;
    for (const lease of this.#candidates.keys()) this.#giving.add(lease);
    this.#settle();
    await this.#telling;
  }

  /** Gives everything back, so that others take over at once. Call it when nothing is in flight any more. */
  async release(): Promise<void> {
    await this.#end();
    await Promise.all([...this.#candidates].map(([lease, one]) => this.#giveBack(lease, one)));
    await this.#signOff().catch(() => {});
  }

  /** Ends without giving back: what may be in flight keeps its lease until that runs out. */
  async abandon(): Promise<void> {
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#stopping = true;
    this.#cancelWatch();
    await this.#loop.stop();
  }

  async #run(): Promise<void> {
    const {clock, random, timings} = this.#options;
    const next = clock.ticks() + timings.retryPeriod * (1 - JITTER * random());
    const troubles = await Promise.all([
      this.#trying(() => this.#beat()),
      ...[...this.#candidates].map(([lease, one]) => this.#trying(() => this.#look(lease, one))),
    ]);
    this.#tellTrouble(troubles.find(trouble => trouble !== undefined));
    if (!this.#stopping) await this.#acquire();
    this.#settle();
    if (!this.#stopping) this.#giveSurplus();
    this.#loop.wakeAt(next);
  }

  async #trying(work: () => Promise<void>): Promise<string | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  /** Renews a lease that is held; looks at any other. */
  async #look(lease: string, candidate: Candidate): Promise<void> {
    const isGone = candidate.isGone(this.#options.clock.ticks());
    if (candidate.stored && candidate.holds(this.#instant()) && (await this.#claim(lease, candidate))) return;
    const {api, clock} = this.#options;
    candidate.see(await api.read(lease), clock.ticks());
    if (candidate.stored ? !candidate.holds(this.#instant()) : this.#stopping || !isGone) return;
    if (candidate.holds(this.#instant())) await this.#claim(lease, candidate);
    else candidate.see(await api.write(lease, {record: candidate.vacancy()}, undefined), clock.ticks());
  }

  async #claim(lease: string, candidate: Candidate): Promise<boolean> {
    const {api, clock} = this.#options;
    const sentAt = this.#instant();
    const record = candidate.claim(sentAt.now);
    const stored = await api.write(lease, {record}, candidate.stored?.version);
    if (stored) candidate.wrote(stored, sentAt, clock.ticks());
    return stored !== undefined;
  }

  /** Says that this replica is alive, and takes in which others are. */
  async #beat(): Promise<void> {
    const {api, clock, membersLease} = this.#options;
    const seen = await api.read(membersLease);
    if (seen) this.#members.see(seen, clock.ticks());
    if (!this.#stopping) {
      const annotations = this.#members.beat(seen?.annotations ?? {}, clock.ticks());
      await api.write(membersLease, {annotations}, seen?.version);
    }
    const names = this.members
      .map(({identity}) => identity)
      .toSorted()
      .join();
    if (names !== this.#crew.names) this.#crew = {names, since: clock.ticks()};
  }

  async #signOff(): Promise<void> {
    const {api, clock, membersLease} = this.#options;
    const seen = await api.read(membersLease);
    const annotations = this.#members.leave(seen?.annotations ?? {}, clock.ticks());
    if (seen) await api.write(membersLease, {annotations}, seen.version);
  }

  /** Takes free leases: up to this replica's part, and those that nobody else has taken for some time. */
  async #acquire(): Promise<void> {
    const {clock, self, timings} = this.#options;
    const ticks = clock.ticks();
    const free = [...this.#candidates].filter(([, one]) => this.#isForTaking(one, ticks));
    const since = new Map(free.map(([lease]) => [lease, this.#freeSince.get(lease) ?? ticks]));
    this.#freeSince.clear();
    for (const [lease, at] of since) this.#freeSince.set(lease, at);
    let room = allowance(this.#shares()) - this.#mine().length;
    const inOrder = free.toSorted(([a], [b]) => preference(self.identity, a) - preference(self.identity, b));
    await Promise.all(
      inOrder.map(([lease, one]) => {
        const isLeft = ticks - (since.get(lease) ?? ticks) >= PATIENCE * timings.retryPeriod;
        if (room <= 0 && !isLeft) return undefined;
        room -= 1;
        return this.#trying(async () => void (await this.#claim(lease, one)));
      }),
    );
  }

  /** One that is free, or that was taken by a write whose answer was lost. */
  #isForTaking(one: Candidate, ticks: number): boolean {
    if (one.holds(this.#instant())) return false;
    return one.isFree(ticks) || one.isWhatWasSent;
  }

  #giveSurplus(): void {
    const {clock, timings} = this.#options;
    const isSettled = clock.ticks() - this.#crew.since >= SETTLED * timings.retryPeriod;
    const isClear = [...this.#candidates.values()].every(
      one => one.isKnown && !this.#isForTaking(one, clock.ticks()),
    );
    if (!isSettled || !isClear || this.#giving.size > 0) return;
    const given = this.#mine().slice(0, surplus(this.#shares()));
    if (given.length === 0) return;
    for (const lease of given) this.#giving.add(lease);
    this.#settle();
    void this.#telling.then(() => this.#handOver(given));
  }

  async #handOver(given: readonly string[]): Promise<void> {
    if (this.#stopping) return;
    await Promise.all(
      given.map(async lease => {
        const candidate = this.#candidates.get(lease);
        if (candidate) await this.#giveBack(lease, candidate);
        this.#giving.delete(lease);
      }),
    );
  }

  /** Nothing is acted by it any more: from here on the lease is anybody’s, whether or not the write is taken. */
  async #giveBack(lease: string, candidate: Candidate): Promise<void> {
    const {api, clock} = this.#options;
    if (!candidate.holds(this.#instant())) return;
    candidate.abandon();
    await this.#trying(async () => {
      const stored = await api.write(
        lease,
        {record: candidate.release(clock.now())},
        candidate.stored?.version,
      );
      if (stored) candidate.see(stored, clock.ticks());
    });
  }

  #shares(): Shares {
    const {clock, self} = this.#options;
    const members = this.members.map(({identity}) => identity);
    const held = new Map<string, number>();
    for (const one of this.#candidates.values()) {
      const holder = one.holder(clock.ticks());
      if (holder !== undefined) held.set(holder, (held.get(holder) ?? 0) + 1);
    }
    held.set(self.identity, this.#mine().length);
    return {self: self.identity, members, leases: this.#candidates.size, held};
  }

  /** The leases that this replica holds, and does not give away. */
  #mine(): string[] {
    const instant = this.#instant();
    return [...this.#candidates]
      .filter(([lease, one]) => one.holds(instant) && !this.#giving.has(lease))
      .map(([lease]) => lease);
  }

  /** Tells which leases to act by, where they are others than were told. */
  #settle(): void {
    const now = new Set(this.#mine());
    if (now.symmetricDifference(this.#told).size === 0) return;
    const {listener, onHeld} = this.#options;
    for (const lease of now.difference(this.#told)) listener({kind: 'acquired', lease});
    for (const lease of this.#told.difference(now)) this.#tellGone(lease);
    this.#told = now;
    this.#telling = this.#telling
      .then(() => onHeld(now))
      .catch((error: unknown) => listener({kind: 'api-trouble', message: errorText(error)}));
  }

  #tellGone(lease: string): void {
    const {listener} = this.#options;
    if (this.#giving.has(lease)) listener({kind: 'released', lease});
    else listener({kind: 'lost', lease, holder: this.holderOf(lease)?.identity});
  }

  #tellTrouble(message: string | undefined): void {
    if ((message === undefined) === (this.#trouble === undefined)) return;
    this.#trouble = message;
    this.#options.listener({kind: 'api-trouble', message});
  }

  #watchExpiry(): void {
    this.#cancelWatch = this.#options.clock.after(EXPIRY_WATCH, () => {
      this.#settle();
      this.#watchExpiry();
    });
  }

  #instant(): Instant {
    const {clock} = this.#options;
    return {now: clock.now(), ticks: clock.ticks()};
  }
}
