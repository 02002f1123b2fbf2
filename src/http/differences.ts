import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import {type BlockReason, blockedBecause} from '../domain/blocked.ts';
import {compareText} from '../domain/diagnostic.ts';
import {timeOrNull} from '../domain/time.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {differencesSchema} from './campaign-schemas.ts';
import {askOthers, bodiesOf, type Fleet, type Gaps, unansweredOf} from './fleet.ts';
import {answered, askedOf, isLocalScope, parametersOf} from './parameters.ts';
import {jsonAnswer} from './problem.ts';

/** Where campaigns that differ come from. */
export interface DifferenceSource {
  readonly campaigns: Pick<Campaigns, 'offenders' | 'standings'>;
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
}

/** A campaign that differs from Git: since when, and what keeps it from being corrected. */
export interface DifferenceView extends CampaignView {
  readonly since: string | null;
  readonly blocked: BlockReason | null;
}

/** How many are shown of one process; the others are counted. */
const MOST = 200;

export interface Differences extends Gaps {
  readonly items: readonly DifferenceView[];
  /** How many more there are, by workspace. */
  readonly omitted: Readonly<Record<string, number>>;
}

const own = ({campaigns}: DifferenceSource): Differences => {
  const {first, more} = campaigns.offenders.differing(MOST);
  const hindrances = new Map(campaigns.standings.map(({hindrance, workspace}) => [workspace, hindrance]));
  const items = first.map(({finding, lastOutcome}) => ({
    ...campaignView(finding, lastOutcome),
    since: timeOrNull(finding.differsSince),
    blocked: blockedBecause(finding, hindrances.get(finding.workspace)) ?? null,
  }));
  return {items, omitted: Object.fromEntries([...more].filter(([, number]) => number > 0))};
};

const longestFirst = (a: DifferenceView, b: DifferenceView): number =>
  compareText(a.since ?? '~', b.since ?? '~') ||
  compareText(a.workspace, b.workspace) ||
  compareText(a.campaignId, b.campaignId);

/** The campaigns that differ from Git, the longest first: of all replicas, or of this one. */
export const gatheredDifferences = async (
  source: DifferenceSource,
  isLocal: boolean,
): Promise<Differences> => {
  const fleet = isLocal ? undefined : source.fleet?.();
  const answers = fleet
    ? await askOthers(fleet, '/api/v1/differences', new URLSearchParams(), differencesSchema)
    : [];
  const all = [own(source), ...bodiesOf(answers)];
  return {
    items: all.flatMap(({items}) => items).toSorted(longestFirst),
    omitted: Object.assign({}, ...all.map(({omitted}) => omitted)),
    ...(fleet && {unanswered: unansweredOf(answers), unled: fleet.unled}),
  };
};

/** The campaigns that differ from Git in any way. */
export const differences = (context: Context, source: DifferenceSource): Promise<Response> =>
  answered(context, async () => {
    const {scope} = parametersOf(askedOf(context), ['scope']);
    return jsonAnswer(context, await gatheredDifferences(source, isLocalScope(scope)));
  });
