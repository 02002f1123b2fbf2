import type {Action, Status} from './transitions.ts';

/** How one planned action ended. Whatever is not `applied` ends the campaign's turn. */
export type Outcome =
  | {readonly kind: 'applied'; readonly action: Action; readonly from: Status; readonly to: Status}
  /** Live had moved: nothing was sent. */
  | {readonly kind: 'superseded'; readonly action: Action; readonly message: string}
  /** Throttled, unreachable or unclear: comes back at `retryAt` (epoch milliseconds). */
  | {readonly kind: 'deferred'; readonly action: Action; readonly message: string; readonly retryAt: number}
  /** The platform said no, in its own words. */
  | {readonly kind: 'refused'; readonly action: Action; readonly message: string; readonly retryAt: number}
  /** Never sent: held, detect only, guarded, or a dry run. */
  | {readonly kind: 'skipped'; readonly action: Action; readonly message: string};

export const OUTCOMES = ['applied', 'superseded', 'deferred', 'refused', 'skipped'] as const;

/** One line that tells a person how an action ended. */
export const describeOutcome = (outcome: Outcome): string =>
  outcome.kind === 'applied'
    ? `${outcome.action} applied: ${outcome.from} → ${outcome.to}`
    : `${outcome.action} ${outcome.kind}: ${outcome.message}`;
