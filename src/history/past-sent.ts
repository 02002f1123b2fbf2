import type {DatabaseSync} from 'node:sqlite';
import type {Begun} from '../controller/store/known-past.ts';
import {hasTable} from '../disk/sqlite.ts';
import {LIMITS_REACH, type Limited} from '../domain/limits.ts';

/** What was answered to have taken effect; and what is known to have, though its answer was lost, by the status that it made. */
const SENT = `
  SELECT action, at FROM records WHERE workspace = :workspace AND at >= :since AND kind = 'action'
    AND outcome = 'applied' AND action IN ('resume', 'cancel') AND cause IS NOT 'timetable'
  UNION ALL
  SELECT a.action, s.at FROM records s JOIN records a ON a.id = (
      SELECT max(id) FROM records
      WHERE workspace = s.workspace AND campaign = s.campaign AND kind = 'action' AND id < s.id)
    WHERE s.workspace = :workspace AND s.at >= :since AND s.kind = 'status' AND s.own = 1
      AND a.outcome IN ('deferred', 'superseded') AND a.action IN ('resume', 'cancel') AND a.cause IS NOT 'timetable'`;

/** What was on its way when a process was killed counts as sent, and once: nobody knows otherwise. */
const BEGUN = `
    AND NOT EXISTS (SELECT 1 FROM begun b WHERE b.workspace = s.workspace AND b.campaign = s.campaign
      AND b.action = a.action AND b.at BETWEEN a.at AND s.at)
  UNION ALL SELECT action, at FROM begun WHERE workspace = :workspace AND at >= :since`;

/** What was sent to a workspace and counts against its limits, the oldest first. Times are epoch milliseconds. */
export const sentIn = (database: DatabaseSync, workspace: string, now: number): readonly Begun[] =>
  database
    .prepare(`${SENT} ${hasTable(database, 'begun') ? BEGUN : ''} ORDER BY at`)
    .all({workspace, since: now - LIMITS_REACH})
    .map(({action, at}) => ({action: String(action) as Limited, at: Number(at)}));

/** What was on its way to each campaign when a process was killed, and has not shown since, by the campaign's id. */
export const begunIn = (
  database: DatabaseSync,
  workspace: string,
  now: number,
): ReadonlyMap<string, readonly Begun[]> => {
  if (!hasTable(database, 'begun')) return new Map();
  const rows = database
    .prepare(
      `SELECT campaign, action, at FROM begun b WHERE workspace = ? AND at >= ? AND NOT EXISTS (
         SELECT 1 FROM records s WHERE s.workspace = b.workspace AND s.campaign = b.campaign
           AND s.kind = 'status' AND s.own = 1 AND s.at >= b.at)
       ORDER BY at`,
    )
    .all(workspace, now - LIMITS_REACH);
  return Map.groupBy(
    rows.map(({action, at, campaign}) => ({
      campaign: String(campaign),
      action: String(action) as Limited,
      at: Number(at),
    })),
    ({campaign}) => campaign,
  );
};
