import {Loop} from '../controller/loop.ts';
import {errorText} from '../domain/text.ts';
import {trouble} from './api.ts';
import {allowance, byPreference, type Shares, surplus} from './balance.ts';
import {Crew} from './crew.ts';
import type {ElectorOptions} from './elector-options.ts';
import type {Member} from './members.ts';
import {Seat} from './seat.ts';
import {ToldLeases} from './told-leases.ts';

/** How often it is looked whether a lease has run out, and whether a replica has left. Milliseconds. */
const WATCH = 1_000;
/** After how many periods a free lease is taken by whoever sees it, though others have fewer. */
const PATIENCE = 3;
const JITTER = 0.1;

/**
 * Holds leases, and shares them out among the replicas. What it tells is whether this process holds a lease now: it
 * decides so by itself, without asking anybody, by when the last renewal was sent that was taken.
 */
export class Elector {
  readonly #options: ElectorOptions;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #crew: Crew;
  readonly #loop: Loop;
  /** Leases that are being given away: nothing new is begun by them. */
  readonly #giving = new Set<string>();
  /** Since when leases are seen to be free that nobody has taken. */
  #freeSince: ReadonlyMap<string, number> = new Map();
  readonly #told: ToldLeases;
  #stopping = false;
  /** It has something to go by. */
  #takesPart = false;
  #isGlancing = false;
  #cancelWatch: () => void = () => {};

  constructor(options: ElectorOptions) {
    const {clock, leases, listener, random, self, timings} = options;
    this.#options = options;
    this.#crew = new Crew({...options, retryPeriod: timings.retryPeriod});
    const seatOptions = {...options, identity: self.identity};
    this.#seats = new Map(leases.map(lease => [lease, new Seat(lease, seatOptions)]));
    this.#told = new ToldLeases(options);
    const onError = (error: unknown): void => listener({kind: 'unexpected-error', message: errorText(error)});
    this.#loop = new Loop(() => this.#run(), {clock, random, onError});
  }

  /** Looks at the leases and at the other replicas, and takes no part yet. */
  start(): void {
    this.#loop.trigger();
    this.#watch();
  }

  /** Has this replica take its part from now on: before it has anything to go by, what it led would be led by nobody. */
  takePart(): void {
    if (!this.#takesPart) this.#loop.trigger();
    this.#takesPart = true;
  }

  /** The names of the leases, held or not. */
  get names(): Iterable<string> {
    return this.#seats.keys();
  }

  /** Whether this process holds a lease, for `within` more milliseconds. */
  holds(lease: string, within = 0): boolean {
    return this.#seats.get(lease)?.holds(within) ?? false;
  }

  /** This replica. */
  get self(): Member {
    return this.#options.self;
  }

  /** Who leads by a lease now, as far as it is known, and where it can be asked. */
  leaderOf(lease: string): Member | undefined {
    if (this.holds(lease)) return this.self;
    const identity = this.#seats.get(lease)?.holder;
    if (identity === undefined || identity === this.self.identity) return undefined;
    return this.members.find(member => member.identity === identity) ?? {identity};
  }

  /** The replicas that are alive, this one first. */
  get members(): readonly Member[] {
    return this.#crew.members;
  }

  /** Begins nothing new by any lease, and takes none; renews what is held until `release`. */
  async withdraw(): Promise<void> {
    this.#stopping = true;
    for (const lease of this.#seats.keys()) this.#giving.add(lease);
    this.#settle();
    await this.#told.isDone;
  }

  /** Gives everything back, so that others take over at once. Call it when nothing is in flight any more. */
  async release(): Promise<void> {
    await this.abandon();
    await Promise.all([...this.#seats.values()].map(seat => trouble(seat.giveBack())));
    await trouble(this.#crew.signOff());
  }

  /** Ends without giving back: what may be in flight keeps its lease until that runs out. */
  async abandon(): Promise<void> {
    this.#stopping = true;
    this.#cancelWatch();
    await this.#loop.stop();
  }

  async #run(): Promise<void> {
    const {clock, random, timings} = this.#options;
    const next = clock.ticks() + timings.retryPeriod * (1 - JITTER * random());
    const isIn = (): boolean => this.#takesPart && !this.#stopping;
    const looks = [...this.#seats.values()].map(seat => trouble(seat.look(isIn())));
    const troubles = await Promise.all([trouble(this.#crew.beat(!isIn())), ...looks]);
    this.#told.tellTrouble(troubles.find(one => one !== undefined));
    if (isIn()) await this.#acquire();
    this.#settle();
    if (!this.#stopping) this.#giveSurplus();
    this.#loop.wakeAt(next);
  }

  /** Takes free leases: up to this replica's part, and those that nobody else has taken for some time. */
  async #acquire(): Promise<void> {
    const {clock, self, timings} = this.#options;
    const ticks = clock.ticks();
    const free = [...this.#seats.values()].filter(seat => seat.isForTaking);
    const since = new Map(free.map(({name}) => [name, this.#freeSince.get(name) ?? ticks]));
    this.#freeSince = since;
    const isLeft = ({name}: Seat): boolean =>
      ticks - (since.get(name) ?? ticks) >= PATIENCE * timings.retryPeriod;
    const inOrder = free.toSorted(byPreference(self.identity));
    const room = Math.max(0, allowance(this.#shares()) - this.#mine().length);
    const taken = inOrder.filter((seat, place) => place < room || isLeft(seat));
    await Promise.all(taken.map(seat => trouble(seat.claim())));
  }

  /** Gives away what is more than this replica's part, once what it had begun has ended. */
  #giveSurplus(): void {
    const isClear = [...this.#seats.values()].every(seat => seat.isKnown && !seat.isForTaking);
    if (!this.#crew.isSettled || !isClear || this.#giving.size > 0) return;
    const given = this.#mine().slice(0, surplus(this.#shares()));
    if (given.length === 0) return;
    for (const lease of given) this.#giving.add(lease);
    this.#settle();
    void this.#told.isDone.then(isDone => this.#handOver(given, isDone));
  }

  /** @param isDone what was begun by them has ended; where it may not have, they are kept */
  async #handOver(given: readonly string[], isDone: boolean): Promise<void> {
    if (this.#stopping) return;
    const seats = given.flatMap(lease => this.#seats.get(lease) ?? []);
    await Promise.all(
      seats.map(async seat => {
        if (isDone) await trouble(seat.giveBack());
        this.#giving.delete(seat.name);
      }),
    );
  }

  #shares(): Shares {
    const {self} = this.#options;
    const held = new Map<string, number>();
    for (const {holder} of this.#seats.values())
      if (holder !== undefined) held.set(holder, (held.get(holder) ?? 0) + 1);
    held.set(self.identity, this.#mine().length);
    const members = this.members.map(({identity}) => identity);
    return {self: self.identity, members, leases: this.#seats.size, held};
  }

  /** The leases that this replica holds, and does not give away. */
  #mine(): string[] {
    const held = [...this.#seats.values()].filter(seat => seat.holds());
    return held.flatMap(({name}) => (this.#giving.has(name) ? [] : [name]));
  }

  /** Tells which leases to act by, where they are others than were told. */
  #settle(): void {
    this.#told.tell(new Set(this.#mine()), lease => {
      const holder = this.leaderOf(lease)?.identity;
      return this.#giving.has(lease) ? {kind: 'released', lease} : {kind: 'lost', lease, holder};
    });
  }

  #watch(): void {
    this.#cancelWatch = this.#options.clock.after(WATCH, () => {
      this.#settle();
      if (!this.#isGlancing && !this.#stopping) void this.#glance();
      this.#watch();
    });
  }

  /** What a replica gave back when it left is taken over at once, and not only at the next turn. */
  async #glance(): Promise<void> {
    this.#isGlancing = true;
    if (await this.#crew.glance().catch(() => false)) this.#loop.trigger();
    this.#isGlancing = false;
  }
}
