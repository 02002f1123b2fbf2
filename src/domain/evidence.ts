import {type HistoryRecord, isByClock} from './history.ts';
import {AUTOMATIC} from './transitions.ts';

/** Whose doing a status is: Rollcall's as Git asks, a person's or another program's, the platform's clock, or nobody knows. */
type Hand = 'git' | 'outside' | 'platform' | 'unknown';

/** A stretch of time in which one campaign had one status, while Git wanted one. Times are epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
  /** `unknown` before the history begins. */
  readonly status: string;
  /** What Git wanted; undefined where no file declared the campaign, or nothing is known. */
  readonly desired?: string;
  /** How it came to that status. */
  readonly by: Hand;
  /** Whom the platform names for the change. */
  readonly changedBy?: string;
  /** The action of Rollcall's that made it so. */
  readonly action?: string;
  /** The commit that Rollcall went by when it made it so; else the one that wanted what Git wanted then. */
  readonly revision?: string;
  readonly author?: string;
  readonly committedAt?: number;
  /** When Rollcall saw it; later than `from` where it was not looking. */
  readonly observedAt?: number;
}

type Commit = Pick<Period, 'revision' | 'author' | 'committedAt'>;
type Change = Omit<Period, 'from' | 'to' | 'desired'>;

interface Wish extends Commit {
  readonly desired?: string;
}

/** From a time on something else is so: the status, or what Git wants. */
interface Turn {
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
const handOf = (record: HistoryRecord, before: HistoryRecord | undefined): Hand => {
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

/** True for a version that an action made of which nothing else was told: a process was killed before it told of the status. */
const isMadeBy = (
  applied: HistoryRecord | undefined,
  {changedAt, own}: HistoryRecord,
): applied is HistoryRecord =>
  applied !== undefined && !own && changedAt !== undefined && changedAt <= applied.at;

/** What came before a status record: the action of Rollcall's that has told of no status yet, and the last status. */
interface Before {
  readonly applied: HistoryRecord | undefined;
  readonly last: HistoryRecord | undefined;
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
const turnsOf = (records: readonly HistoryRecord[]): readonly Turn[] => {
  const turns: Turn[] = [];
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
      const made = isMadeBy(applied, record) ? applied.to : undefined;
      const version = made === undefined ? last : {changedAt: record.changedAt, to: made};
      const isUntold =
        version?.changedAt !== undefined &&
        version.changedAt === record.changedAt &&
        version.to !== record.to;
      const told = {...record, ...(made !== undefined && (isUntold ? {from: made} : {own: true}))};
      if (!told.own || isUntold) settle();
      turns.push(isUntold ? seenUntold(told) : seen(told, {applied, last}));
      applied = undefined;
      last = record;
    }
  }
  settle();
  return turns.toSorted((a, b) => a.at - b.at);
};

const periodOf = (from: number, to: number, change: Change, wish: Wish): Period => {
  const {desired, ...commit} = wish;
  return {from, to, ...(desired !== undefined && {desired}), ...commit, ...change};
};

const UNKNOWN: Change = {status: 'unknown', by: 'unknown'};

/**
 * Whether a change tells more than the one in force: the same status is only seen again, by another replica or after a start;
 * but for who knows that it was Rollcall's own.
 */
const isNews = (next: Change, current: Change): boolean =>
  next.status !== current.status || (next.by === 'git' && current.by !== 'git');

const isSame = (a: Period, b: Period): boolean =>
  a.status === b.status &&
  a.desired === b.desired &&
  a.by === b.by &&
  a.changedBy === b.changedBy &&
  a.revision === b.revision;

/**
 * Tells when one campaign had which status, by whose commit or whose hand, between two times.
 *
 * @param records all that the history has of it, the oldest first
 * @param from undefined for as far back as anything is known
 */
export const evidenceOf = (
  records: readonly HistoryRecord[],
  from: number | undefined,
  to: number,
): readonly Period[] => {
  const periods: Period[] = [];
  const turns = turnsOf(records);
  let [change, wish, since]: [Change, Wish, number] = [UNKNOWN, {}, from ?? turns[0]?.at ?? to];
  const end = (at: number): void => {
    const until = Math.min(at, to);
    if (until <= since) return;
    const period = periodOf(since, until, change, wish);
    const last = periods.at(-1);
    if (last && isSame(last, period)) periods[periods.length - 1] = {...last, to: until};
    else periods.push(period);
    since = until;
  };
  for (const turn of turns) {
    end(turn.at);
    if (turn.change && isNews(turn.change, change)) change = turn.change;
    wish = turn.wish ?? wish;
  }
  end(to);
  return periods;
};
