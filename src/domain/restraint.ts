import {type Freeze, freezeAt} from './freeze.ts';
import {rfc3339} from './time.ts';
import type {Action} from './transitions.ts';

/** A move against Git: when, and whom the platform names for it. Epoch milliseconds. */
export interface Move {
  readonly at: number;
  readonly by: string | undefined;
  /** When it was corrected, as far as that is known. */
  readonly correctedAt?: number;
}

const moveText = ({at, correctedAt}: Move): string =>
  rfc3339(at) + (correctedAt === undefined ? '' : `, corrected ${rfc3339(correctedAt)}`);

/** The same moves, the last of them corrected at a time. */
export const withCorrection = (moves: readonly Move[], correctedAt: number): readonly Move[] => {
  const last = moves.at(-1);
  return last ? [...moves.slice(0, -1), {...last, correctedAt}] : moves;
};

/**
 * `contested`: somebody works against Git; `frozen`: a freeze, which keeps cancels as well; `limited`: more at once than the
 * configuration lets through, cancels as well; `stale`: due for longer than a resume may be.
 */
export const RESTRAINTS = ['contested', 'limited', 'stale', 'frozen'] as const;
export type RestraintReason = (typeof RESTRAINTS)[number];

/** What keeps a campaign from being resumed, though Git wants it. A pause is never kept. */
export interface Restraint {
  readonly reason: RestraintReason;
  readonly message: string;
  /** When it ends by itself, where it does: epoch milliseconds. */
  readonly until?: number;
}

/** So many moves within so long, by somebody who is named, and nothing resumes the campaign until it is settled. */
const MOST_MOVES = 3;
/** For how long a move against Git counts, and how long after its correction a campaign that drifts again is contested. Milliseconds. */
export const CONTESTED_FOR = 60 * 60_000;

/** Numbers of campaigns by what keeps them. */
export type Restrained = Readonly<Record<RestraintReason, number>>;

/** How many there are by all that keeps campaigns. */
export const restrainedTotal = (restrained: Restrained): number =>
  RESTRAINTS.reduce((sum, reason) => sum + restrained[reason], 0);

/** None of any kind. */
export const noneRestrained = (): Record<RestraintReason, number> =>
  Object.fromEntries(RESTRAINTS.map(reason => [reason, 0])) as Record<RestraintReason, number>;

/** The moves that still count. */
export const recentMoves = (moves: readonly Move[], now: number): readonly Move[] =>
  moves.filter(({at}) => now - at < CONTESTED_FOR).slice(-MOST_MOVES);

/** What a freeze says of a campaign that it keeps. */
const frozenBy = ({name, owner, reason, until}: Freeze): Restraint => ({
  reason: 'frozen',
  until,
  message: `frozen until ${rfc3339(until)} by ${name}: ${reason}${owner === undefined ? '' : ` (${owner})`}`,
});

/** What a declaration's freezes keep an action from, at a time. A pause passes. */
export const frozen = (
  freezes: readonly Freeze[] | undefined,
  action: Action | undefined,
  now: number,
): Restraint | undefined => {
  if (!freezes || (action !== 'resume' && action !== 'cancel')) return undefined;
  const freeze = freezeAt(freezes, now);
  return freeze && frozenBy(freeze);
};

/**
 * A campaign that somebody moves back again and again is not resumed against them: who is called in between is called for
 * nothing. It ends once Git says something else of it, or nobody has moved it for an hour.
 */
export const restraintOf = (moves: readonly Move[], now: number): Restraint | undefined => {
  const recent = recentMoves(moves, now);
  const last = recent.at(-1);
  if (recent.length < MOST_MOVES || !last?.by) return undefined;
  const names = [...new Set(recent.map(({by}) => by || 'somebody unnamed'))].join(', ');
  const times = recent.map(moveText).join('; ');
  const until = last.at + CONTESTED_FOR;
  return {
    reason: 'contested',
    until,
    message: `contested: moved against Git ${MOST_MOVES} times within an hour, by ${names} (${times}); it is resumed once its declaration is changed in Git, or at ${rfc3339(until)} if nobody moves it again`,
  };
};
