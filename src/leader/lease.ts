import type {Moment} from '../controller/moment.ts';
/** When a holder renews, when it gives up, and when others may take over. Milliseconds. */
export interface Timings {
  /** How long a lease that nobody renews is left to its holder. */
  readonly leaseDuration: number;
  /** How long after its last renewal a holder still acts. */
  readonly renewDeadline: number;
  /** How often a holder renews, and others look. */
  readonly retryPeriod: number;
}

/** What a Lease of Kubernetes holds, as far as it matters here. */
export interface LeaseRecord {
  /** Who holds it; empty where nobody does. */
  readonly holder: string;
  /** Seconds. One that was given back says 1, so that nobody takes an edited one for it. */
  readonly leaseDurationSeconds: number;
  /** When its holder took it, and when it renewed it last. Epoch milliseconds, for people: nothing is decided by them. */
  readonly acquiredAt?: number;
  readonly renewedAt?: number;
  readonly transitions: number;
}

/** A record as the API server keeps it. */
export interface StoredLease {
  readonly record: LeaseRecord;
  /** The resource version, which a write of it must still find. */
  readonly version: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const RELEASED_SECONDS = 1;

const isReleased = ({holder, leaseDurationSeconds}: LeaseRecord): boolean =>
  holder === '' && leaseDurationSeconds === RELEASED_SECONDS;

/**
 * One lease, as one candidate knows it. Nobody's clock is compared with another's: a candidate counts by its own how
 * long it has seen no change of the record, and a holder how long ago it sent the last renewal that was taken.
 */
export class Candidate {
  readonly #identity: string;
  readonly #timings: Timings;
  #seen: {readonly stored: StoredLease | undefined; readonly since: number} | undefined;
  /** When the last write was sent by which this candidate holds the lease. */
  #heldSince: Moment | undefined;
  /** The last claim that was sent, whatever has become of it. */
  #sent: LeaseRecord | undefined;

  constructor(identity: string, timings: Timings) {
    this.#identity = identity;
    this.#timings = timings;
  }

  /** The record as it was last seen; undefined where there was none, or it was never looked for. */
  get stored(): StoredLease | undefined {
    return this.#seen?.stored;
  }

  /**
   * Whether it is to be made anew: it was not there when it was looked for before either. One that has just been deleted
   * may go with all that it belongs to.
   */
  isGone(ticks: number): boolean {
    return this.#seen !== undefined && !this.#seen.stored && ticks > this.#seen.since;
  }

  /** Whether it was ever looked for. */
  get isKnown(): boolean {
    return this.#seen !== undefined;
  }

  /** Takes in what the API server has. */
  see(stored: StoredLease | undefined, ticks: number): void {
    if (!this.#seen || this.#seen.stored?.version !== stored?.version) this.#seen = {stored, since: ticks};
    if (stored && stored.record.holder !== this.#identity && !this.#isEmptied(stored.record))
      this.#heldSince = undefined;
  }

  /** Takes in that a record of this candidate's, sent at `sentAt`, was written. */
  wrote(stored: StoredLease, sentAt: Moment, ticks: number): void {
    this.see(stored, ticks);
    this.#heldSince = stored.record.holder === this.#identity ? sentAt : undefined;
  }

  /** Gives up what is held, whatever the API server says. */
  abandon(): void {
    this.#heldSince = undefined;
  }

  /** Whether the lease is this candidate's for `within` more milliseconds, by whichever of its clocks went faster. */
  holds({now, ticks}: Moment, within = 0): boolean {
    if (!this.#heldSince) return false;
    const elapsed = Math.max(ticks - this.#heldSince.ticks, now - this.#heldSince.now);
    return elapsed + within < this.#timings.renewDeadline;
  }

  /**
   * Whether somebody else may take it: it was given back, or nothing has become of it for as long as it lasts. One that
   * is not there is not free: its holder may not know yet that it was deleted.
   */
  isFree(ticks: number): boolean {
    if (!this.#seen?.stored) return false;
    const {since, stored} = this.#seen;
    if (isReleased(stored.record)) return true;
    const promised = stored.record.leaseDurationSeconds * 1000;
    return ticks - since >= Math.max(this.#timings.leaseDuration, promised);
  }

  /** Who holds it, as far as it is known; undefined where it is free or was never looked for. */
  holder(ticks: number): string | undefined {
    return this.isFree(ticks) ? undefined : this.stored?.record.holder || undefined;
  }

  /**
   * Whether the record is the claim that this candidate sent last: it was taken, though no answer came. One that names
   * this candidate in any other way was edited by hand, and its holder may still act.
   */
  get isWhatWasSent(): boolean {
    const record = this.stored?.record;
    return (
      record?.holder === this.#identity &&
      record.renewedAt === this.#sent?.renewedAt &&
      record.transitions === this.#sent?.transitions
    );
  }

  /** The record by which this candidate takes the lease, or keeps it. */
  claim(now: number): LeaseRecord {
    const before = this.stored?.record;
    const isMine = before?.holder === this.#identity;
    this.#sent = {
      holder: this.#identity,
      leaseDurationSeconds: this.#seconds,
      acquiredAt: (isMine ? before.acquiredAt : undefined) ?? now,
      renewedAt: now,
      transitions: (before?.transitions ?? 0) + (isMine ? 0 : 1),
    };
    return this.#sent;
  }

  /** The record of a lease that is not there: whoever holds it may claim it, and everybody else waits. */
  vacancy(): LeaseRecord {
    return {holder: '', leaseDurationSeconds: this.#seconds, transitions: 0};
  }

  /** The record by which this candidate gives the lease back. */
  release(now: number): LeaseRecord {
    const transitions = this.stored?.record.transitions ?? 0;
    return {holder: '', leaseDurationSeconds: RELEASED_SECONDS, renewedAt: now, transitions};
  }

  get #seconds(): number {
    return Math.ceil(this.#timings.leaseDuration / 1000);
  }

  /** Somebody emptied the record by hand: others leave it alone as long as a lease lasts, so it may be claimed anew. */
  #isEmptied(record: LeaseRecord): boolean {
    return record.holder === '' && !isReleased(record);
  }
}
