import {z} from 'zod';

/** Milliseconds. */
export const LONGEST_LATENCY = 600_000;

const share = z.number().min(0).max(1).default(0);

/** What goes wrong on the simulated platform, each as a share of requests from 0 to 1. All off by default. */
export const faultsSchema = z.strictObject({
  /** Milliseconds before each answer. */
  latency: z.number().min(0).max(LONGEST_LATENCY).default(0),
  /** 500 before anything took effect. */
  serverError: share,
  /** 500 although it took effect. */
  serverErrorAfter: share,
  /** 503 with no word on when to come back. */
  unavailable: share,
  /** 429 with a Retry-After in seconds. */
  throttled: share,
  /** The connection breaks before anything took effect. */
  dropBefore: share,
  /** It took effect, but the connection breaks before the answer. */
  dropAfter: share,
  /** 200 with a page of HTML. */
  html: share,
  /** 200 with JSON that ends in the middle. */
  truncated: share,
  /** 200 with another campaign than the one that was asked for. */
  otherCampaign: share,
  /** A read that shows campaigns as they were before their last change. */
  stale: share,
  /** A list that lacks its first item on every page but the first, as if a campaign had gone meanwhile. */
  shiftedPage: share,
  /** A list that comes back empty. */
  emptyList: share,
  /** 401, as for a key that was revoked. */
  unauthorised: share,
});

export type Faults = z.infer<typeof faultsSchema>;
export type FaultKind = Exclude<keyof Faults, 'latency'>;

export const NO_FAULTS: Faults = faultsSchema.parse({});

/** Every fault but the latency. */
export const FAULT_KINDS = Object.keys(NO_FAULTS).filter(kind => kind !== 'latency') as FaultKind[];

/** The faults that strike one request. */
export const strike = (faults: Faults, random: () => number): ReadonlySet<FaultKind> =>
  new Set(FAULT_KINDS.filter(kind => faults[kind] > 0 && random() < faults[kind]));
