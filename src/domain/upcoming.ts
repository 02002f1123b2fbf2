import {Agenda, type Edge, type Named, type Upcoming} from './agenda.ts';
import type {Finding} from './finding.ts';
import {isTerminal} from './transitions.ts';
import {hoursBetween, type Stretch} from './window.ts';

const restraintEdge = ({restraint, steps}: Finding): readonly Edge[] =>
  restraint?.reason === 'frozen' && restraint.until !== undefined
    ? [{at: restraint.until, kind: 'freeze-ends', what: `the freeze ends: ${steps.join(', then ')} follows`}]
    : [];

const holdEdge = ({declaration, state, steps}: Finding): readonly Edge[] => {
  const until = declaration?.hold?.until;
  if (state !== 'held' || until === undefined) return [];
  const next = steps.length > 0 ? `${steps.join(', then ')} follows` : 'nothing follows';
  return [{at: until, kind: 'hold-ends', what: `the hold runs out: ${next}`}];
};

/** The hours of a schedule, which many campaigns have in common: worked out once for each. */
const hoursOnce = (stretch: Stretch): ((finding: Finding) => readonly Stretch[]) => {
  const known = new Map<string, readonly Stretch[]>();
  return ({window}) => {
    const schedule = window?.schedule;
    if (!schedule) return [];
    const key = JSON.stringify(schedule);
    const hours = known.get(key) ?? hoursBetween(schedule, stretch) ?? [];
    known.set(key, hours);
    return hours;
  };
};

const hoursEdges = ({window = {}}: Finding, hours: readonly Stretch[]): readonly Edge[] => {
  const {endsAt = Number.POSITIVE_INFINITY, startsAt = Number.NEGATIVE_INFINITY} = window;
  return hours
    .flatMap(({from, to}): Edge[] => [
      {at: from, kind: 'hours-open', what: 'it dials from then on: its hours open'},
      {at: to, kind: 'hours-close', what: 'it dials no more that day: its hours close'},
    ])
    .filter(({at}) => at >= startsAt && at < endsAt);
};

const windowEdges = ({live, window = {}}: Finding): readonly Edge[] => {
  const {endsAt, startsAt} = window;
  const isScheduled = live !== undefined && 'known' in live && live.known === 'scheduled';
  const edges: Edge[] = [];
  if (isScheduled && startsAt !== undefined)
    edges.push({at: startsAt, kind: 'window-opens', what: 'it becomes active and dials, if nothing is done'});
  if (endsAt !== undefined) edges.push({at: endsAt, kind: 'window-ends', what: 'it ends by itself'});
  return edges;
};

/** True for a campaign that dials, or will without anybody's doing. */
const isOn = ({live}: Finding): boolean =>
  live !== undefined && 'known' in live && (live.known === 'active' || live.known === 'scheduled');

const isOver = ({live}: Finding): boolean => live !== undefined && 'known' in live && isTerminal(live.known);

/** Puts what happens at the same time and in the same way to campaigns of a workspace into one. */
export class UpcomingList {
  readonly #stretch: Stretch;
  readonly #hours: (finding: Finding) => readonly Stretch[];
  readonly #agenda = new Agenda();

  /** @param stretch from now until when it is asked for */
  constructor(stretch: Stretch) {
    this.#stretch = stretch;
    this.#hours = hoursOnce(stretch);
  }

  /** Takes in one campaign. */
  add(finding: Finding): void {
    const hours = isOn(finding) ? hoursEdges(finding, this.#hours(finding)) : [];
    const windows = isOver(finding) ? [] : windowEdges(finding);
    for (const edge of [...holdEdge(finding), ...restraintEdge(finding), ...hours, ...windows])
      this.put(edge, finding.workspace, [{campaignId: finding.campaignId, name: finding.name}]);
  }

  /** Takes in what happens to campaigns of a workspace; only what falls into the stretch counts. */
  put(edge: Edge, workspace: string, named: readonly Named[], count = named.length): void {
    if (edge.at > this.#stretch.from && edge.at <= this.#stretch.to)
      this.#agenda.add(edge, workspace, named, count);
  }

  /** All of it, in time. */
  get sorted(): readonly Upcoming[] {
    return this.#agenda.sorted;
  }
}
