import {existsSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import type {KnownPast} from '../controller/store/known-past.ts';
import {NO_PAST} from '../controller/store/known-past.ts';
import {openToRead} from '../disk/sqlite.ts';
import type {Claim} from '../domain/declarations.ts';
import type {Limited} from '../domain/limits.ts';
import {CONTESTED_FOR, type Move, withCorrection} from '../domain/restraint.ts';

/** How far back what was sent is looked for. Milliseconds. */
const FURTHEST = 31 * 24 * 3_600_000;

const NO_MOVES: readonly Move[] = [];

/** What was answered to have taken effect; and what is known to have, though its answer was lost, by the status that it made. */
const SENT = `
  SELECT action, at FROM records WHERE workspace = :workspace AND at >= :since AND kind = 'action'
    AND outcome = 'applied' AND action IN ('resume', 'cancel') AND cause IS NOT 'timetable'
  UNION ALL
  SELECT a.action, s.at FROM records s JOIN records a ON a.id = (
      SELECT max(id) FROM records
      WHERE workspace = s.workspace AND campaign = s.campaign AND kind = 'action' AND id < s.id)
    WHERE s.workspace = :workspace AND s.at >= :since AND s.kind = 'status' AND s.own = 1
      AND a.outcome IN ('deferred', 'superseded') AND a.action IN ('resume', 'cancel') AND a.cause IS NOT 'timetable'
  ORDER BY at`;

const sentIn = (database: DatabaseSync, workspace: string, now: number): KnownPast['sent'] =>
  database
    .prepare(SENT)
    .all({workspace, since: now - FURTHEST})
    .map(({action, at}) => ({action: String(action) as Limited, at: Number(at)}));

interface Wished {
  readonly desired: string | undefined;
  readonly at: number;
}

const wishesIn = (database: DatabaseSync, workspace: string): ReadonlyMap<string, Wished> =>
  new Map(
    database
      .prepare(
        `SELECT l.campaign, l.wish, coalesce(r.changed_at, r.at) AS at FROM last l JOIN records r ON r.id = l.wish_record
         WHERE l.workspace = ? AND l.wished = 1`,
      )
      .all(workspace)
      .map(({at, campaign, wish}) => [
        String(campaign),
        {desired: wish === null ? undefined : String(wish), at: Number(at)},
      ]),
  );

/** Moves against Git, and the corrections that followed them. */
const movesIn = (
  database: DatabaseSync,
  workspace: string,
  now: number,
): ReadonlyMap<string, readonly Move[]> => {
  const moves = new Map<string, readonly Move[]>();
  const rows = database
    .prepare(
      `SELECT campaign, kind, at, changed_at, changed_by FROM records
       WHERE workspace = ? AND at >= ? AND (kind = 'drift' AND changed_at IS NOT NULL
         OR kind = 'action' AND outcome = 'applied' AND cause = 'drifted') ORDER BY at, id`,
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

const desiredOf = (claim: Claim | undefined): string | undefined =>
  claim?.kind === 'valid' ? claim.declaration.desired : undefined;

/**
 * What a history knows of a workspace from before this process began: what was sent, since when Git asks for what it asks
 * for, and who moved campaigns of late. Nothing is known where there is none. Throws where it cannot be read.
 *
 * @param now epoch milliseconds
 */
export const knownPast = (file: string, workspace: string, now: number): KnownPast => {
  if (!existsSync(file)) return NO_PAST;
  const database = openToRead(file);
  try {
    const wishes = wishesIn(database, workspace);
    const moves = movesIn(database, workspace, now);
    return {
      sent: sentIn(database, workspace, now),
      inForceAt: (campaignId, claim) => {
        const wished = wishes.get(campaignId);
        return wished?.desired !== undefined && wished.desired === desiredOf(claim) ? wished.at : undefined;
      },
      moves: campaignId => moves.get(campaignId) ?? NO_MOVES,
    };
  } finally {
    database.close();
  }
};
