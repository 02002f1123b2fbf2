import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import type {Standing} from '../controller/standing.ts';
import {timeOrNull} from '../domain/time.ts';
import {askOthers, bodiesOf, type Fleet, unansweredOf} from './fleet.ts';
import {answered, askedOf, isLocalScope, parametersOf} from './parameters.ts';
import {jsonAnswer} from './problem.ts';
import {type WorkspaceView, workspacesSchema} from './report-schemas.ts';

/** Where workspaces come from. */
export interface WorkspaceSource {
  readonly campaigns: Pick<Campaigns, 'rates' | 'standings'>;
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
}

const viewOf = (standing: Standing, {campaigns, fleet}: WorkspaceSource): WorkspaceView => {
  const {blocked, dialling, mode, oldest, readAt, summary, trouble, troubleText, workspace} = standing;
  const {slots = 0, used = 0} = campaigns.rates.get(workspace) ?? {};
  return {
    name: workspace,
    leader: fleet?.().self.identity ?? null,
    mode,
    readAt: timeOrNull(readAt),
    trouble: trouble === undefined ? null : {reason: trouble, message: troubleText ?? trouble},
    summary,
    blocked,
    dialling: {number: dialling.number, since: timeOrNull(dialling.since)},
    oldest: {
      pending: timeOrNull(oldest.pending),
      timetable: timeOrNull(oldest.timetable),
      drifted: timeOrNull(oldest.drifted),
    },
    rate: {slots, used},
  };
};

/** How every workspace stands: of all replicas, or of this one. */
export const gatheredWorkspaces = async (source: WorkspaceSource, isLocal: boolean) => {
  const own = source.campaigns.standings.map(standing => viewOf(standing, source));
  const fleet = isLocal ? undefined : source.fleet?.();
  if (!fleet) return {items: own};
  const answers = await askOthers(fleet, '/api/v1/workspaces', new URLSearchParams(), workspacesSchema);
  const items = [...own, ...bodiesOf(answers).flatMap(({items}) => items)];
  return {
    items: items.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    unanswered: unansweredOf(answers),
    unled: fleet.unled,
  };
};

/** How every workspace stands. */
export const workspaces = (context: Context, source: WorkspaceSource): Promise<Response> =>
  answered(context, async () => {
    const {scope} = parametersOf(askedOf(context), ['scope']);
    return jsonAnswer(context, await gatheredWorkspaces(source, isLocalScope(scope)));
  });
