import {existsSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import type {KnownPast} from '../controller/store/known-past.ts';
import {NO_PAST} from '../controller/store/known-past.ts';
import {openToRead} from '../disk/sqlite.ts';
import type {Claim} from '../domain/declarations.ts';
import type {Limited} from '../domain/limits.ts';
import {CONTESTED_FOR, type Move} from '../domain/restraint.ts';

/** How far back what was sent is looked for. Milliseconds. */
const FURTHEST = 31 * 24 * 3_600_000;

const sentIn = (database: DatabaseSync, workspace: string, now: number): KnownPast['sent'] =>
  database
    .prepare(
      `SELECT action, at FROM records WHERE workspace = ? AND at >= ? AND kind = 'action' AND outcome = 'applied'
         AND action IN ('resume', 'cancel') AND cause IS NOT 'timetable' ORDER BY at`,
    )
    .all(workspace, now - FURTHEST)
    .map(({action, at}) => ({action: String(action) as Limited, at: Number(at)}));

interface Wished {
  readonly desired: string | undefined;
  readonly at: number;
}

const wishesIn = (database: DatabaseSync, workspace: string): ReadonlyMap<string, Wished> =>
  new Map(
    database
      .prepare(
        `SELECT l.campaign, l.wish, r.at FROM last l JOIN records r ON r.id = l.wish_record
         WHERE l.workspace = ? AND l.wished = 1`,
      )
      .all(workspace)
      .map(({at, campaign, wish}) => [
        String(campaign),
        {desired: wish === null ? undefined : String(wish), at: Number(at)},
      ]),
  );

const movesIn = (database: DatabaseSync, workspace: string, now: number): ReadonlyMap<string, Move[]> => {
  const moves = new Map<string, Move[]>();
  const rows = database
    .prepare(
      `SELECT campaign, changed_at, changed_by FROM records
       WHERE workspace = ? AND at >= ? AND kind = 'drift' AND changed_at IS NOT NULL ORDER BY at, id`,
    )
    .all(workspace, now - CONTESTED_FOR);
  for (const {campaign, changed_at: at, changed_by: by} of rows) {
    const known = moves.get(String(campaign)) ?? [];
    if (known.some(move => move.at === Number(at))) continue;
    moves.set(String(campaign), [...known, {at: Number(at), by: by === null ? undefined : String(by)}]);
  }
  return moves;
};

const NO_MOVES: readonly Move[] = [];

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
