import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import type {Upcoming} from '../domain/agenda.ts';
import {DAY, MINUTE, rfc3339, timeOrNull} from '../domain/time.ts';
import {askOthers, bodiesOf, type Fleet, unansweredOf} from './fleet.ts';
import {answered, askedOf, BadRequest, isLocalScope, parametersOf, timeOf} from './parameters.ts';
import {jsonAnswer} from './problem.ts';
import {type UpcomingView, upcomingListSchema} from './report-schemas.ts';

/** Where it is known what will happen by itself. */
export interface UpcomingSource {
  readonly campaigns: Pick<Campaigns, 'upcoming'>;
  /** Epoch milliseconds. */
  now(): number;
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
}

/** How far ahead may be asked for. Milliseconds. */
const FURTHEST = 31 * DAY;
/** How much an answer has; what comes later is counted. */
const MOST = 500;

const untilOf = (text: string | undefined, now: number): number => {
  const until = timeOf('until', text) ?? Math.ceil((now + DAY) / MINUTE) * MINUTE;
  if (until > now && until <= now + FURTHEST) return until;
  throw new BadRequest('until must be a time from now to 31 days from now');
};

/** What happens at one time, as the API and `--format json` show it. */
export const upcomingView = ({at, begins, first, timezone, ...rest}: Upcoming): UpcomingView => ({
  at: rfc3339(at),
  ...rest,
  first: first.map(({campaignId, name}) => ({campaignId, name})),
  begins: timeOrNull(begins),
  timezone: timezone ?? null,
});

const own = async ({campaigns}: UpcomingSource, until: number): Promise<UpcomingView[]> =>
  (await campaigns.upcoming(until)).map(upcomingView);

/** What will happen by itself until a time: of all replicas, or of this one. */
export const gatheredUpcoming = async (source: UpcomingSource, until: number, isLocal = false) => {
  const fleet = isLocal ? undefined : source.fleet?.();
  const asked = new URLSearchParams({until: rfc3339(until)});
  const answers = fleet ? await askOthers(fleet, '/api/v1/upcoming', asked, upcomingListSchema) : [];
  const all = [...(await own(source, until)), ...bodiesOf(answers).flatMap(({items}) => items)];
  const sorted = all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return {
    until: rfc3339(until),
    items: sorted.slice(0, MOST),
    omitted:
      Math.max(0, sorted.length - MOST) + bodiesOf(answers).reduce((sum, {omitted}) => sum + omitted, 0),
    ...(fleet && {unanswered: unansweredOf(answers), unled: fleet.unled}),
  };
};

/** What will happen by itself: holds that run out, windows and hours that open and close. */
export const upcoming = (context: Context, source: UpcomingSource): Promise<Response> =>
  answered(context, async () => {
    const {scope, until} = parametersOf(askedOf(context), ['until', 'scope']);
    const end = untilOf(until, source.now());
    return jsonAnswer(context, await gatheredUpcoming(source, end, isLocalScope(scope)));
  });
