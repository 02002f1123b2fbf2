import type {Failure} from './ports.ts';

/** Failures of a request that may have taken effect all the same. */
export const UNANSWERED: ReadonlySet<Failure['kind']> = new Set(['unavailable', 'malformed']);

/** Failures of a request that the platform has looked at and not followed. */
const IN_VAIN: ReadonlySet<Failure['kind']> = new Set(['rejected', 'missing', 'unauthorised']);

/** True for what has certainly had no effect. A gateway that says that it is busy may have passed the request on. */
export const isInVain = ({kind, unsent}: Failure): boolean => unsent === true || IN_VAIN.has(kind);

const HALTING: ReadonlySet<Failure['kind']> = new Set(['unauthorised', 'throttled', 'dropped']);

/** True for what concerns the workspace as a whole: an outage says when it may be tried again. */
export const isHalting = ({kind, retryAt}: Failure): boolean => HALTING.has(kind) || retryAt !== undefined;

/** True where nothing was sent, since the workspace rests: that was no try of the campaign's. */
export const wasClosed = (failure: Failure): boolean => failure.unsent === true && isHalting(failure);

/** More than the time between two readings of the clocks. Milliseconds. */
export const BETWEEN_CLOCKS = 5;

/**
 * How long the workspace rests after a failure, if it does. A little less: the time of day and the ticks are read one after the
 * other, and what failed is not to be due after what comes behind it.
 */
export const restAfter = ({retryAt}: Failure, ticks: number): number | undefined =>
  retryAt === undefined ? undefined : Math.max(0, retryAt - ticks - BETWEEN_CLOCKS);
