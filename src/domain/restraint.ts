import {rfc3339} from './time.ts';

/** A move against Git: when, and whom the platform names for it. Epoch milliseconds. */
export interface Move {
  readonly at: number;
  readonly by: string | undefined;
}

/** What keeps a campaign from being resumed, though Git wants it. A pause is never kept. */
export interface Restraint {
  readonly reason: 'contested';
  readonly message: string;
  /** When it ends by itself: epoch milliseconds. */
  readonly until: number;
}

/** So many moves within so long, by somebody who is named, and nothing resumes the campaign until it is settled. Milliseconds. */
const MOST_MOVES = 3;
export const CONTESTED_FOR = 60 * 60_000;

/** The moves that still count. */
export const recentMoves = (moves: readonly Move[], now: number): readonly Move[] =>
  moves.filter(({at}) => now - at < CONTESTED_FOR).slice(-MOST_MOVES);

/**
 * A campaign that somebody moves back again and again is not resumed against them: who is called in between is called for
 * nothing. It ends once Git says something else of it, or nobody has moved it for an hour.
 */
export const restraintOf = (moves: readonly Move[], now: number): Restraint | undefined => {
  const recent = recentMoves(moves, now);
  const last = recent.at(-1);
  if (recent.length < MOST_MOVES || !last?.by) return undefined;
  const names = [...new Set(recent.map(({by}) => by || 'somebody unnamed'))].join(', ');
  const times = recent.map(({at}) => rfc3339(at)).join(', ');
  const until = last.at + CONTESTED_FOR;
  return {
    reason: 'contested',
    until,
    message: `contested: moved against Git ${MOST_MOVES} times within an hour, by ${names} (${times}), and corrected each time; it is resumed once its declaration is changed in Git, or at ${rfc3339(until)} if nobody moves it again`,
  };
};
