import {SHORTCOMINGS} from './states.ts';

/**
 * `Ready`, `Reconciling` and `Stalled` mean what kstatus means by them. `Uncorrected` is true while campaigns differ
 * from Git that nothing will be sent to: they are only to be reported, or held. `Undelivered`, which there is where
 * somebody is to be notified, is true while a receiver takes no messages.
 */
export type ConditionType = 'Ready' | 'Reconciling' | 'Stalled' | 'Uncorrected' | 'Undelivered';

/** As in Kubernetes: what is so, since when (epoch milliseconds), a word for machines, a sentence for people. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionAt: number;
}

/** Something that keeps the source or a workspace from being read. `stalls`: only a person can mend it. */
export interface Trouble {
  readonly reason: string;
  readonly message: string;
  /** Until when it keeps a running controller from asking, and who wants it so. */
  readonly rest?: string;
  readonly stalls: boolean;
}

/** A trouble as a controller tells it that goes on: with the rest that it takes. */
export const troubleText = ({message, rest}: Trouble): string =>
  rest === undefined ? message : `${message}; ${rest}`;

export const INVALID = 'InvalidDeclarations';
export const EMPTY_REVISION = 'EmptyRevision';
/** What is said of a revision that took everything away. */
export const EMPTIED_TEXT =
  'the revision declares nothing, where there were declarations before; no action is taken';
export const LIMIT_EXCEEDED = 'LimitExceeded';

/** Why `Ready` is false where everything could be read. */
const OF_WHAT_WAS_READ: ReadonlySet<string> = new Set([
  ...SHORTCOMINGS.map(({reason}) => reason),
  INVALID,
  LIMIT_EXCEEDED,
  EMPTY_REVISION,
]);

/** A condition as another controller tells it. */
type Told = Pick<Condition, 'status' | 'reason' | 'message'> & {readonly type: string};

/** What keeps something from being read, by the conditions that say so. */
export const unreadIn = <T extends Told>(conditions: readonly T[]): readonly T[] =>
  conditions.filter(
    ({reason, status, type}) =>
      type === 'Ready' && (status === 'Unknown' || (status === 'False' && !OF_WHAT_WAS_READ.has(reason))),
  );

/** What stops actions as a whole, though everything could be read: no campaign by itself says how much it is. */
export const stoppedIn = <T extends Told>(conditions: readonly T[]): readonly T[] =>
  conditions.filter(
    ({reason, status, type}) =>
      type === 'Stalled' && status === 'True' && (reason === LIMIT_EXCEEDED || reason === EMPTY_REVISION),
  );
