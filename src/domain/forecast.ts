import {Agenda, type Edge, type Upcoming} from './agenda.ts';
import type {Declaration} from './campaign.ts';
import {type Closing, openingKey, restraintEdges, timetableEdges} from './edges.ts';
import {closingLead, type Pace, pausesTake} from './lead.ts';
import {isSameWish} from './same-wish.ts';
import type {Stretch} from './window.ts';

/** How fast each workspace may be sent requests; undefined for one that is not configured. */
export type PaceOf = (workspace: string) => Pace | undefined;

const NO_CLOSING: Closing = {lead: 0, takes: 0};

const closings = (declarations: readonly Declaration[], paceOf: PaceOf): ((workspace: string) => Closing) => {
  const timed = new Map<string, number>();
  for (const {opening, workspace} of declarations)
    if (opening) timed.set(workspace, (timed.get(workspace) ?? 0) + 1);
  return workspace => {
    const [pace, number = 0] = [paceOf(workspace), timed.get(workspace)];
    return pace ? {lead: closingLead(number, pace), takes: pausesTake(number, pace)} : NO_CLOSING;
  };
};

/** Tells what a declaration does by itself within a stretch. What many have in common is worked out once. */
const edgesWithin = (stretch: Stretch, closingOf: (workspace: string) => Closing) => {
  const known = new Map<string, readonly Edge[]>();
  return (declaration: Declaration): readonly Edge[] => {
    const {opening, workspace} = declaration;
    const restraints = restraintEdges(declaration).filter(({at}) => at > stretch.from && at <= stretch.to);
    if (!opening) return restraints;
    const key = `${workspace} ${openingKey(opening)}`;
    const edges = known.get(key) ?? timetableEdges(opening, stretch, closingOf(workspace));
    known.set(key, edges);
    return [...edges, ...restraints];
  };
};

/**
 * What campaigns will do by themselves within a stretch, by what Git says alone: timetables that open and close, holds and
 * freezes that begin and end.
 *
 * @param all everything that is declared, which decides how long a closing takes
 * @param shown those of it that are asked for
 */
export const forecast = (
  all: readonly Declaration[],
  shown: readonly Declaration[],
  stretch: Stretch,
  paceOf: PaceOf,
): readonly Upcoming[] => {
  const edgesOf = edgesWithin(stretch, closings(all, paceOf));
  const agenda = new Agenda();
  for (const declaration of shown)
    for (const edge of edgesOf(declaration)) agenda.add(edge, declaration.workspace, [named(declaration)]);
  return agenda.sorted;
};

const named = ({campaignId, name}: Declaration) => ({campaignId, name});

/** True where two declarations of a campaign do the same at every time. */
const isSameFuture = (a: Declaration, b: Declaration): boolean =>
  isSameWish(a, b) && JSON.stringify(a.freezes) === JSON.stringify(b.freezes);

const sameEdge = ({at, kind}: Edge): string => `${at} ${kind}`;

/**
 * What a change will do by itself later: what the campaigns that it declares otherwise will do within a stretch, and would not without it; and
 * what they would do, and will not.
 */
export const laterChanges = (
  before: ReadonlyMap<string, Declaration>,
  after: ReadonlyMap<string, Declaration>,
  stretch: Stretch,
): {readonly comes: readonly Upcoming[]; readonly goes: readonly Upcoming[]} => {
  const [edgesBefore, edgesAfter] = [
    edgesWithin(stretch, () => NO_CLOSING),
    edgesWithin(stretch, () => NO_CLOSING),
  ];
  const [comes, goes] = [new Agenda(), new Agenda()];
  const add = (
    agenda: Agenda,
    declaration: Declaration,
    edges: readonly Edge[],
    others: readonly Edge[],
  ): void => {
    const known = new Set(others.map(sameEdge));
    for (const {begins: _begins, ...edge} of edges)
      if (!known.has(sameEdge(edge))) agenda.add(edge, declaration.workspace, [named(declaration)]);
  };
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, fresh] = [before.get(key), after.get(key)];
    if (old && fresh && isSameFuture(old, fresh)) continue;
    const [was, is] = [old ? edgesBefore(old) : [], fresh ? edgesAfter(fresh) : []];
    if (fresh) add(comes, fresh, is, was);
    if (old) add(goes, old, was, is);
  }
  return {comes: comes.sorted, goes: goes.sorted};
};
