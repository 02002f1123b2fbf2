import type {Clock} from '../controller/ports.ts';
import type {LeaseApi} from './api.ts';
import {type Member, Members} from './members.ts';

export interface CrewOptions {
  readonly api: LeaseApi;
  readonly clock: Clock;
  readonly self: Member;
  /** Names this replica in the lease that all share: up to 63 letters, digits and dashes. */
  readonly memberKey: string;
  /** The name of the lease in which replicas say that they are alive. */
  readonly membersLease: string;
  readonly retryPeriod: number;
}

/** For how many periods the replicas must be the same before one gives a lease away. */
const SETTLED = 2;

/** The replicas, as they tell each other in one lease. What is asked of the API server may reject. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #members: Members;
  #last = {names: '', since: 0};

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#members = new Members(options.self, options.memberKey, options.retryPeriod);
  }

  /** The replicas that are alive, this one first. */
  get members(): readonly Member[] {
    return this.#members.alive(this.#options.clock.ticks());
  }

  /** Whether the replicas have been the same for some time. */
  get isSettled(): boolean {
    const {clock, retryPeriod} = this.#options;
    return clock.ticks() - this.#last.since >= SETTLED * retryPeriod;
  }

  /** Says that this replica is alive, unless it takes no part, and takes in which others are. */
  async beat(isOutside: boolean): Promise<void> {
    const {api, clock, membersLease} = this.#options;
    const seen = await api.read(membersLease);
    if (seen) this.#members.see(seen, clock.ticks());
    if (!isOutside) {
      const annotations = this.#members.beat(seen?.annotations ?? {}, clock.ticks());
      await api.write(membersLease, {annotations}, seen?.version);
    }
    const identities = this.members.map(({identity}) => identity);
    const names = identities.toSorted().join();
    if (names !== this.#last.names) this.#last = {names, since: clock.ticks()};
  }

  /** Looks at the others; true where one has left. */
  async glance(): Promise<boolean> {
    const {api, clock, membersLease} = this.#options;
    const seen = await api.read(membersLease);
    return seen !== undefined && this.#members.see(seen, clock.ticks());
  }

  /** Says that this replica leaves. */
  async signOff(): Promise<void> {
    const {api, clock, membersLease} = this.#options;
    const seen = await api.read(membersLease);
    const annotations = this.#members.leave(seen?.annotations ?? {}, clock.ticks());
    if (seen) await api.write(membersLease, {annotations}, seen.version);
  }
}
