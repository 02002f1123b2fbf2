import {type HistoryRecord, isByClock} from './history.ts';
import type {Period} from './period.ts';
import {AUTOMATIC} from './transitions.ts';

type Commit = Pick<Period, 'revision' | 'author' | 'committedAt'>;
/** What is told of a status: whose doing it is, and how. */
export type Change = Omit<Period, 'from' | 'to' | 'desired'>;

/** What Git wants. */
export interface Wish extends Commit {
  readonly desired?: string;
}

/** From a time on something else is so: the status, or what Git wants. */
export interface Turn {
  readonly at: number;
  readonly change?: Change;
  readonly wish?: Wish;
}

const commitOf = ({author, committedAt, revision}: HistoryRecord): Commit => ({
  ...(revision !== undefined && {revision}),
  ...(author !== undefined && {author}),
  ...(committedAt !== undefined && {committedAt}),
});

/**
 * Whose doing a status is. No action leads to an end; and where a window opened, a platform may go on naming whom it named
 * before.
 */
const handOf = (record: HistoryRecord, before: HistoryRecord | undefined): Period['by'] => {
  const {changedBy, from, own, to} = record;
  if (to === 'ended') return from === undefined ? 'unknown' : 'platform';
  if (own) return 'git';
  if (from === undefined || own === false) return 'unknown';
  const isNamedAnew = changedBy !== undefined && changedBy !== before?.changedBy;
  return isByClock(record) && !isNamedAnew ? 'platform' : 'outside';
};

/**
 * Another status of a version that was told before: the platform's clock changes it without a word of when, and who made the
 * version has not made this of it.
 */
const seenUntold = (record: HistoryRecord): Turn => ({
  at: record.at,
  change: {
    status: record.to ?? 'unknown',
    by: isByClock(record) ? 'platform' : 'unknown',
    observedAt: record.at,
  },
});

/** What came before a status record: the action of Rollcall's that has told of no status yet, and the last status. */
interface Before {
  readonly applied: HistoryRecord | undefined;
  readonly last: HistoryRecord | undefined;
  /** Whom the platform has named for what Rollcall made. */
  readonly names: ReadonlySet<string>;
}

/** True for a first sight of a status that the platform’s clock may have brought about by itself, without a word of when. */
const isSinceUnknown = ({from, own, to}: HistoryRecord): boolean =>
  from === undefined && !own && Object.values(AUTOMATIC).some(automatic => automatic.to === to);

/** What a status record tells. Of one that nothing came before it is not known how long it had been so, where the clock may have made it. */
const seen = (record: HistoryRecord, {applied, last}: Before): Turn => {
  const by = handOf(record, last);
  const action = by === 'git' ? applied?.action : undefined;
  return {
    at: (!last && isSinceUnknown(record) ? undefined : record.changedAt) ?? record.at,
    change: {
      status: record.to ?? 'unknown',
      by,
      observedAt: record.at,
      ...(record.changedBy !== undefined && by !== 'platform' && {changedBy: record.changedBy}),
      ...(action !== undefined && {action}),
      ...(by === 'git' && commitOf(applied ?? record)),
    },
  };
};

/** True where one version of a campaign is told to have another status. */
const isUntold = (
  record: HistoryRecord,
  version: Pick<HistoryRecord, 'changedAt' | 'to'> | undefined,
): boolean =>
  version?.changedAt !== undefined && version.changedAt === record.changedAt && version.to !== record.to;

/** True for a status that may be the effect of an action before it, by whom the platform names for it. */
const mayBeOurs = ({changedBy, from, own}: HistoryRecord, names: ReadonlySet<string>): boolean => {
  if (own === false || changedBy === undefined) return true;
  return from !== undefined && (names.size === 0 || names.has(changedBy));
};

/**
 * What a status record tells where an action came before it of which no status was told, since the process was killed: the version that
 * the action made, what the platform's clock made of that, or what somebody did afterwards.
 */
const seenAfter = (applied: HistoryRecord, record: HistoryRecord, before: Before): Turn => {
  const isOfAction = record.changedAt !== undefined && record.changedAt <= applied.at;
  if (isOfAction && record.to === applied.to) return seen({...record, own: true}, before);
  const next = {...record, ...(applied.to !== undefined && {from: applied.to})};
  if (isOfAction) return seenUntold(next);
  return seen(next, isByClock(next) ? {...before, last: record} : before);
};

/** What a status record tells, and whether that is the status which the action before it made. */
const turnOf = (record: HistoryRecord, before: Before): {readonly turn: Turn; readonly isOwn: boolean} => {
  const {applied, last, names} = before;
  if (applied && !record.own && mayBeOurs(record, names)) {
    const turn = seenAfter(applied, record, before);
    return {turn, isOwn: turn.change?.by === 'git'};
  }
  if (isUntold(record, last)) return {turn: seenUntold(record), isOwn: false};
  return {turn: seen(record, before), isOwn: record.own === true};
};

const done = (record: HistoryRecord): Turn => ({
  at: record.at,
  change: {
    status: record.to ?? 'unknown',
    by: 'git',
    observedAt: record.at,
    ...(record.action !== undefined && {action: record.action}),
    ...commitOf(record),
  },
});

/** Everything that turned, in time. An action whose status was never told by itself is told by its own record. */
export const turnsOf = (records: readonly HistoryRecord[]): readonly Turn[] => {
  const turns: Turn[] = [];
  const names = new Set(
    records.flatMap(({changedBy, own}) => (own && changedBy !== undefined ? changedBy : [])),
  );
  let applied: HistoryRecord | undefined;
  let desired: string | undefined;
  let last: HistoryRecord | undefined;
  const settle = (): void => {
    if (applied) turns.push(done(applied));
    applied = undefined;
  };
  for (const record of records) {
    const wanted = record.kind === 'wish' ? record.to : (record.desired ?? desired);
    if (record.kind === 'wish' || wanted !== desired)
      turns.push({
        at: record.kind === 'wish' ? (record.changedAt ?? record.at) : record.at,
        wish: {...commitOf(record), ...(wanted !== undefined && {desired: wanted})},
      });
    desired = wanted;
    if (record.kind === 'action' && record.outcome === 'applied') {
      settle();
      applied = record;
    }
    if (record.kind === 'status') {
      const {isOwn, turn} = turnOf(record, {applied, last, names});
      if (!isOwn) settle();
      turns.push(turn);
      applied = undefined;
      last = record;
    }
  }
  settle();
  return turns.toSorted((a, b) => a.at - b.at);
};
