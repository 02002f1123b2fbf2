import type {DatabaseSync} from 'node:sqlite';
import {CONTESTED_FOR, type Move, withCorrection} from '../domain/restraint.ts';

export const NO_MOVES: readonly Move[] = [];

/** But for drift that turned out to be Rollcall's own doing. */
const NOT_OWN = `NOT EXISTS (SELECT 1 FROM records o WHERE o.workspace = r.workspace AND o.campaign = r.campaign
  AND r.kind = 'drift' AND o.own = 1 AND o.changed_at = r.changed_at)`;

/** Moves against Git, but for what turned out to be Rollcall's own, and the corrections that followed them. */
export const movesIn = (
  database: DatabaseSync,
  workspace: string,
  now: number,
): ReadonlyMap<string, readonly Move[]> => {
  const moves = new Map<string, readonly Move[]>();
  const rows = database
    .prepare(
      `SELECT campaign, kind, at, changed_at, changed_by FROM records r
       WHERE workspace = ? AND at >= ? AND (kind = 'drift' AND changed_at IS NOT NULL
         OR kind = 'action' AND outcome = 'applied' AND cause = 'drifted')
         AND ${NOT_OWN}
       ORDER BY at, id`,
    )
    .all(workspace, now - CONTESTED_FOR);
  for (const {at: seenAt, campaign, changed_at: changedAt, changed_by: by, kind} of rows) {
    const [key, at] = [String(campaign), Number(changedAt)];
    const known = moves.get(key) ?? NO_MOVES;
    if (kind === 'action') moves.set(key, withCorrection(known, Number(seenAt)));
    else if (!known.some(move => move.at === at))
      moves.set(key, [...known, {at, by: by === null ? undefined : String(by)}]);
  }
  return moves;
};

/** When it was last told of each campaign that it had drifted, or had been lost: epoch milliseconds. */
export const toldIn = (
  database: DatabaseSync,
  workspace: string,
  kind: 'drift' | 'terminal',
): ReadonlyMap<string, number> =>
  new Map(
    database
      .prepare(
        `SELECT campaign, max(at) AS at FROM records r WHERE workspace = ? AND kind = ? AND ${NOT_OWN}
         GROUP BY campaign`,
      )
      .all(workspace, kind)
      .map(({at, campaign}) => [String(campaign), Number(at)]),
  );
