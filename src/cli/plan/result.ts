import type {Checked, Ended} from '../../controller/plan-applier.ts';
import {describeOutcome, OUTCOMES} from '../../domain/outcome.ts';
import type {ProposedChange} from '../../domain/proposed-change.ts';
import {plain, table} from '../render.ts';
import type {PlanDocument} from './document.ts';

/** One campaign that has moved since the plan was made, in a line. */
export const differenceText = ({campaignId, name, workspace}: ProposedChange, message: string): string =>
  plain(`${workspace}/${name} (${campaignId}): ${message}`);

/** One action that has ended, in a line. */
export const endedText = ({outcome, planned: {declaration}}: Ended): string =>
  plain(`${declaration.workspace}/${declaration.name}: ${describeOutcome(outcome)}`);

const HEADER = ['WORKSPACE', 'NAME', 'CAMPAIGN', 'ACTION', 'OUTCOME', 'DETAIL'];

const detailOf = ({outcome}: Ended): string =>
  outcome.kind === 'applied' ? `${outcome.from} → ${outcome.to}` : outcome.message;

/** Every action of an applied plan as a row, in the order in which they ended. */
export const applyTable = (ended: readonly Ended[]): string => {
  const rows = ended.map(one => {
    const {campaignId, name, workspace} = one.planned.declaration;
    return [workspace, name, campaignId, one.planned.action, one.outcome.kind, detailOf(one)].map(plain);
  });
  return ended.length === 0 ? 'nothing to do' : table([HEADER, ...rows]);
};

const countsOf = (ended: readonly Ended[]): Record<string, number> =>
  Object.fromEntries(OUTCOMES.map(kind => [kind, ended.filter(({outcome}) => outcome.kind === kind).length]));

/** `2 applied, 1 deferred, 1 left out`. */
export const summaryOf = (ended: readonly Ended[], leftOut: number): string => {
  const parts = Object.entries(countsOf(ended)).flatMap(([kind, count]) =>
    count > 0 ? [`${count} ${kind}`] : [],
  );
  return [...parts, ...(leftOut > 0 ? [`${leftOut} left out`] : [])].join(', ') || 'nothing to do';
};

/** What came of a plan, as one JSON document. */
export const applyJson = (
  {checksum, revision}: PlanDocument,
  {moved, waiting}: Checked,
  ended: readonly Ended[],
): string => {
  const items = ended.map(one => ({
    workspace: one.planned.declaration.workspace,
    campaignId: one.planned.declaration.campaignId,
    name: one.planned.declaration.name,
    action: one.planned.action,
    outcome: one.outcome.kind,
    detail: detailOf(one),
  }));
  const leftOut = [...moved, ...waiting].map(({change: {campaignId, name, workspace}, message}) => ({
    workspace,
    campaignId,
    name,
    message,
  }));
  const document = {
    apiVersion: 'rollcall.dev/v1',
    kind: 'ApplyResult',
    plan: checksum,
    revision,
    summary: {...countsOf(ended), leftOut: leftOut.length},
    items,
    leftOut,
  };
  return JSON.stringify(document, undefined, 2);
};
