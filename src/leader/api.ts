import {errorText} from '../domain/text.ts';
import type {LeaseRecord, StoredLease} from './lease.ts';

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

/** What went wrong with a request, in words; undefined where nothing did. */
export const trouble = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(() => undefined, errorText);
