import {compareText} from './diagnostic.ts';
import type {Finding} from './finding.ts';
import {isTerminal} from './transitions.ts';
import {hoursBetween, type Stretch} from './window.ts';

/**
 * What will happen by itself: a hold or a freeze runs out, a campaign's window opens or ends, and the hours in which it may dial open
 * or close.
 */
export const UPCOMING_KINDS = [
  'hold-ends',
  'freeze-ends',
  'window-opens',
  'hours-open',
  'hours-close',
  'window-ends',
] as const;
export type UpcomingKind = (typeof UPCOMING_KINDS)[number];

/** What happens at one time to campaigns of one workspace. */
export interface Upcoming {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: UpcomingKind;
  readonly workspace: string;
  readonly number: number;
  /** A few of them. */
  readonly first: readonly Pick<Finding, 'campaignId' | 'name'>[];
  /** What follows from it, in words. */
  readonly what: string;
}

type Edge = Pick<Upcoming, 'at' | 'kind' | 'what'>;

/** How many campaigns of a group are named. */
const MOST_NAMED = 3;

const restraintEdge = ({restraint, steps}: Finding): readonly Edge[] =>
  restraint?.reason === 'frozen'
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
  readonly #groups = new Map<string, Upcoming>();

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
      if (edge.at > this.#stretch.from && edge.at <= this.#stretch.to) this.#put(edge, finding);
  }

  /** All of it, in time. */
  get sorted(): readonly Upcoming[] {
    return [...this.#groups.values()].toSorted(
      (a, b) => a.at - b.at || compareText(a.workspace, b.workspace) || compareText(a.kind, b.kind),
    );
  }

  #put(edge: Edge, {campaignId, name, workspace}: Finding): void {
    const key = JSON.stringify([edge.at, workspace, edge.kind, edge.what]);
    const {first = [], number = 0} = this.#groups.get(key) ?? {};
    this.#groups.set(key, {
      ...edge,
      workspace,
      number: number + 1,
      first: first.length < MOST_NAMED ? [...first, {campaignId, name}] : first,
    });
  }
}
