import type {Ended} from '../../controller/plan-applier.ts';
import type {Checked, Moved} from '../../controller/plan-check.ts';
import {describeOutcome, OUTCOMES} from '../../domain/outcome.ts';
import type {ProposedChange} from '../../domain/proposed-change.ts';
import {toJson} from '../../domain/text.ts';
import {type Reader, withTimesFor} from '../../domain/time.ts';
import {plain} from '../render.ts';
import {table} from '../table.ts';
import type {PlanDocument} from './document.ts';

/** One campaign that has moved since the plan was made, in a line. */
export const differenceText = (
  {campaignId, name, workspace}: ProposedChange,
  message: string,
  reader: Reader,
): string => plain(`${workspace}/${name} (${campaignId}): ${withTimesFor(message, reader)}`);

/** One action that has ended, in a line. */
export const endedText = ({outcome, planned: {declaration}}: Ended): string =>
  plain(`${declaration.workspace}/${declaration.name}: ${describeOutcome(outcome)}`);

const HEADER = ['WORKSPACE', 'NAME', 'CAMPAIGN', 'ACTION', 'OUTCOME', 'DETAIL'];

const detailOf = ({outcome}: Ended): string =>
  outcome.kind === 'applied' ? `${outcome.from} → ${outcome.to}` : outcome.message;

/** Every action of an applied plan as a row, in the order in which they ended. */
export const applyTable = (ended: readonly Ended[], width?: number): string => {
  const rows = ended.map(one => {
    const {campaignId, name, workspace} = one.planned.declaration;
    return [workspace, name, campaignId, one.planned.action, one.outcome.kind, detailOf(one)].map(plain);
  });
  return ended.length === 0 ? 'nothing to do' : table([HEADER, ...rows], width);
};

/** Ended by how; what somebody else had done by then counts apart. */
const countsOf = (ended: readonly Ended[]): Record<string, number> =>
  Object.fromEntries(
    OUTCOMES.map(kind => [kind, ended.filter(one => !one.already && one.outcome.kind === kind).length]),
  );

const alreadyIn = (ended: readonly Ended[]): number => ended.filter(({already}) => already).length;

/** `2 applied, 1 deferred, 1 left out`. */
export const summaryOf = (ended: readonly Ended[], already: number, leftOut: number): string => {
  const done = already + alreadyIn(ended);
  const parts = Object.entries(countsOf(ended)).flatMap(([kind, count]) =>
    count > 0 ? [`${count} ${kind}`] : [],
  );
  return (
    [
      ...parts,
      ...(done > 0 ? [`${done} already as planned`] : []),
      ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ].join(', ') || 'nothing to do'
  );
};

/** Nothing was held against Git and the platform. */
const UNCHECKED: Pick<Checked, 'already' | 'moved' | 'waiting'> = {already: [], moved: [], waiting: []};

/**
 * What came of a plan, as one JSON document.
 *
 * @param plan undefined where the file is no whole plan
 * @param refused why nothing was sent; empty where it was not refused
 */
export const applyJson = (
  plan: Pick<PlanDocument, 'checksum' | 'revision'> | undefined,
  {already, moved, waiting}: Pick<Checked, 'already' | 'moved' | 'waiting'> = UNCHECKED,
  ended: readonly Ended[] = [],
  refused: readonly string[] = [],
): string => {
  const items = ended.map(one => ({
    workspace: one.planned.declaration.workspace,
    campaignId: one.planned.declaration.campaignId,
    name: one.planned.declaration.name,
    action: one.planned.action,
    outcome: one.outcome.kind,
    detail: detailOf(one),
  }));
  const told = ({change: {campaignId, name, workspace}, message}: Moved) => ({
    workspace,
    campaignId,
    name,
    message,
  });
  const leftOut = [...moved, ...waiting].map(told);
  const document = {
    apiVersion: 'rollcall.dev/v1',
    kind: 'ApplyResult',
    plan: plan?.checksum ?? null,
    revision: plan?.revision ?? null,
    summary: {...countsOf(ended), already: already.length + alreadyIn(ended), leftOut: leftOut.length},
    items,
    already: already.map(told),
    leftOut,
    refused,
  };
  return toJson(document, 2);
};
