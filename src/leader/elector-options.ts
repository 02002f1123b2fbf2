import type {Clock, Random} from '../controller/ports.ts';
import type {LeaseApi} from './api.ts';
import type {Timings} from './lease.ts';
import type {Member} from './members.ts';

/** What happens to leases, for logs. */
export type LeaseEvent =
  | {readonly kind: 'acquired' | 'released'; readonly lease: string}
  | {readonly kind: 'lost'; readonly lease: string; readonly holder: string | undefined}
  /** The API server cannot be asked, and why; undefined where it can be again. */
  | {readonly kind: 'api-trouble'; readonly message: string | undefined}
  | {readonly kind: 'unexpected-error'; readonly message: string};

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
