import {existsSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import type {KnownPast} from '../controller/store/known-past.ts';
import {NO_PAST} from '../controller/store/known-past.ts';
import {hasTable, openToRead} from '../disk/sqlite.ts';
import {isInPlace} from '../domain/assess.ts';
import type {DesiredStatus, LiveCampaign} from '../domain/campaign.ts';
import {type Claim, desiredOf} from '../domain/declarations.ts';
import {isStatus, isTerminal, type Status} from '../domain/transitions.ts';
import {movesIn, NO_MOVES, toldIn} from './past-moves.ts';
import {begunIn, sentIn} from './past-sent.ts';
import {saidIn} from './words.ts';

/** What a history says last of a campaign. */
interface Last {
  readonly wish: string | undefined;
  readonly wishedAt: number | undefined;
  readonly committedAt: number | undefined;
  readonly words: string | undefined;
  readonly wordsAt: number | undefined;
  readonly around: string | undefined;
  readonly aroundAt: number | undefined;
  readonly name: string;
  readonly status: string | undefined;
  readonly changedAt: number | undefined;
  readonly isOwn: boolean;
}

/** A history of an earlier version has no words. */
const NO_WORDINGS = `
  (SELECT NULL AS workspace, NULL AS campaign, NULL AS words, NULL AS words_at, NULL AS around, NULL AS around_at)`;

const lastFrom = (wordings: string): string => `
  SELECT l.campaign, CASE l.wished WHEN 1 THEN l.wish END AS wish, coalesce(w.changed_at, w.at) AS wished_at,
    w.committed_at, o.words, o.words_at, o.around, o.around_at, l.name, l.status, l.changed_at, s.own
  FROM last l LEFT JOIN records w ON w.id = l.wish_record LEFT JOIN records s ON s.id = l.status_record
    LEFT JOIN ${wordings} o ON o.workspace = l.workspace AND o.campaign = l.campaign
  WHERE l.workspace = ?`;

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const lastIn = (database: DatabaseSync, workspace: string): ReadonlyMap<string, Last> =>
  new Map(
    database
      .prepare(lastFrom(hasTable(database, 'wordings') ? 'wordings' : NO_WORDINGS))
      .all(workspace)
      .map(row => [
        String(row['campaign']),
        {
          wish: textIn(row['wish']),
          wishedAt: numberIn(row['wished_at']),
          committedAt: numberIn(row['committed_at']),
          words: textIn(row['words']),
          wordsAt: numberIn(row['words_at']),
          around: textIn(row['around']),
          aroundAt: numberIn(row['around_at']),
          name: String(row['name']),
          status: textIn(row['status']),
          changedAt: numberIn(row['changed_at']),
          isOwn: row['own'] === 1,
        },
      ]),
  );

/** Whom the platform last named for what Rollcall made. */
const ownNameIn = (database: DatabaseSync, workspace: string): string | undefined =>
  textIn(
    database
      .prepare(
        `SELECT changed_by FROM records WHERE workspace = ? AND own = 1 AND changed_by IS NOT NULL
         ORDER BY at DESC LIMIT 1`,
      )
      .get(workspace)?.['changed_by'],
  );

/** Since when a declaration says what it says, if the history knows it in these words. */
const saidSince = (last: Last | undefined, claim: Claim | undefined): number | undefined => {
  if (!last) return undefined;
  if (last.wordsAt !== undefined) return last.words === saidIn(claim)?.words ? last.wordsAt : undefined;
  return last.wish !== undefined && last.wish === desiredOf(claim) ? last.wishedAt : undefined;
};

/** The same, with all that other documents say of the campaign. */
const inForceSince = (last: Last | undefined, claim: Claim | undefined): number | undefined => {
  const since = saidSince(last, claim);
  if (since === undefined || last?.aroundAt === undefined) return since;
  return last.around === saidIn(claim)?.around ? Math.max(since, last.aroundAt) : undefined;
};

/** Where the words are those of the wish that stands in the history, its commit is that of the words too. */
const askedIn = (last: Last | undefined, claim: Claim | undefined): number | undefined => {
  const since = inForceSince(last, claim);
  const isOfCommit = since !== undefined && since === last?.wishedAt && last.committedAt !== undefined;
  return isOfCommit ? Math.min(since, last.committedAt) : since;
};

const seenIn = (campaignId: string, last: Last | undefined): LiveCampaign | undefined => {
  const {changedAt: updatedAt, name = '', status} = last ?? {};
  if (status === undefined || updatedAt === undefined) return undefined;
  return {
    campaignId,
    name,
    createdAt: updatedAt,
    updatedAt,
    status: isStatus(status) ? {known: status} : {unrecognised: status},
  };
};

const isPlaced = (wish: Status, status: string | undefined): boolean =>
  status !== undefined && isStatus(status) && isInPlace(wish, status);

/** What was asked for when a campaign was last seen, where it was in place; and in any case where something else is now. */
const settledIn = (last: Last | undefined, desired: DesiredStatus): DesiredStatus | undefined => {
  const {status, wish} = last ?? {};
  if (wish === undefined || !isStatus(wish)) return undefined;
  return wish !== desired || isPlaced(wish, status) ? wish : undefined;
};

const isOver = (last: Last | undefined): boolean =>
  last?.status !== undefined && isStatus(last.status) && isTerminal(last.status);

/** True where something was told under the wish that is in force, in whatever words, and the campaign was not seen in place since. */
const standsSince = (
  toldAt: number | undefined,
  last: Last | undefined,
  claim: Claim | undefined,
): boolean => {
  const {status, wish, wishedAt} = last ?? {};
  if (toldAt === undefined || wishedAt === undefined || wish === undefined || !isStatus(wish)) return false;
  return wish === desiredOf(claim) && toldAt >= wishedAt && !isPlaced(wish, status);
};

/**
 * What a history knows of a workspace from before this process began: what was sent, since when Git asks for what it asks
 * for, who moved campaigns of late, and how they were seen last. Nothing is known where there is none. Throws where it
 * cannot be read.
 *
 * @param now epoch milliseconds
 */
export const knownPast = (file: string, workspace: string, now: number): KnownPast => {
  if (!existsSync(file)) return NO_PAST;
  const database = openToRead(file);
  try {
    const all = lastIn(database, workspace);
    const moves = movesIn(database, workspace, now);
    const [drifted, lost] = [toldIn(database, workspace, 'drift'), toldIn(database, workspace, 'terminal')];
    const ownName = ownNameIn(database, workspace);
    const begun = begunIn(database, workspace, now);
    return {
      sent: sentIn(database, workspace, now),
      ownName,
      begun: campaignId => begun.get(campaignId) ?? [],
      inForceAt: (campaignId, claim) => inForceSince(all.get(campaignId), claim),
      askedAt: (campaignId, claim) => askedIn(all.get(campaignId), claim),
      moves: (campaignId, claim) => {
        const known = moves.get(campaignId) ?? NO_MOVES;
        const last = all.get(campaignId);
        if (known.length === 0 || (last?.wish === undefined && last?.wordsAt === undefined)) return known;
        const since = saidSince(last, claim) ?? now;
        return known.filter(({at}) => at >= since);
      },
      settledFor: (campaignId, desired) => settledIn(all.get(campaignId), desired),
      isDrifting: (campaignId, claim) => {
        const last = all.get(campaignId);
        return !isOver(last) && standsSince(drifted.get(campaignId), last, claim);
      },
      isLost: (campaignId, claim) => {
        const last = all.get(campaignId);
        return isOver(last) && standsSince(lost.get(campaignId), last, claim);
      },
      lastSeen: campaignId => seenIn(campaignId, all.get(campaignId)),
      ownUpdatedAt: campaignId => {
        const last = all.get(campaignId);
        return last?.isOwn ? last.changedAt : undefined;
      },
    };
  } finally {
    database.close();
  }
};
