import {type Change, turnsOf, type Wish} from './evidence-turns.ts';
import type {HistoryRecord} from './history.ts';
import type {Period} from './period.ts';

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
