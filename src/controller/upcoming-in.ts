import {MOST_NAMED} from '../domain/agenda.ts';
import {claimed} from '../domain/declarations.ts';
import {timetableEdges} from '../domain/edges.ts';
import type {UpcomingList} from '../domain/upcoming.ts';
import type {Stretch} from '../domain/window.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** What timetables do: worked out once for all campaigns that have the same. */
function* timetabled(
  {name, store}: WorkspaceReconciler,
  list: UpcomingList,
  stretch: Stretch,
): Generator<void, void> {
  for (const {entries, opening} of store.indexes.timetables.groups) {
    const first = [...entries.values().take(MOST_NAMED)].map(({campaignId, claim}) => ({
      campaignId,
      name: (claim && claimed(claim).name) ?? campaignId,
    }));
    for (const edge of timetableEdges(opening, stretch, store.closings.closing))
      list.put(edge, name, first, entries.size);
    yield;
  }
}

/** Puts into a list what will happen by itself in a workspace, as far as holds, windows and timetables are known; in steps. */
export function* upcomingIn(
  workspace: WorkspaceReconciler,
  list: UpcomingList,
  stretch: Stretch,
): Generator<void, void> {
  yield* timetabled(workspace, list, stretch);
  const {differences, windowed} = workspace.store.indexes;
  for (const entry of windowed.union(differences.held).union(differences.guarded)) {
    const finding = workspace.finding(entry);
    if (finding) list.add(finding);
    yield;
  }
}
