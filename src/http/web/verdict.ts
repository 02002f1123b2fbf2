import {counted} from '../../domain/text.ts';
import type {gatheredReport} from '../report.ts';
import type {WorkspaceView} from '../report-schemas.ts';

/** What is reported of the whole. */
export type ReportView = Awaited<ReturnType<typeof gatheredReport>>;

/** The one sentence above everything. */
export interface Verdict {
  /** `bad`: somebody should act now; `look`: it is worth a look. */
  readonly style: 'good' | 'look' | 'bad';
  readonly text: string;
}

type Known = Pick<WorkspaceView, 'dialling' | 'name' | 'readAt' | 'trouble'>;

const timeText = (time: string | null): string =>
  time === null ? 'yet' : `since ${time.slice(0, 16).replace('T', ' ')} UTC`;

const unknown = (workspaces: readonly Known[]): Verdict | undefined => {
  const [first, ...others] = workspaces.filter(({trouble}) => trouble !== null);
  if (!first) return undefined;
  const more = others.length > 0 ? `, and ${counted(others.length, 'other workspace')}` : '';
  return {
    style: 'bad',
    text: `Not known ${timeText(first.readAt)}: workspace ${first.name}${more}: ${first.trouble?.message ?? ''}`,
  };
};

/** Says in one sentence how it stands: what dials against Git before all else, and never fine where that is not known. */
export const verdictOf = ({conditions}: ReportView, workspaces: readonly Known[]): Verdict => {
  const of = (type: string) => conditions.find(condition => condition.type === type);
  const [ready, stalled, uncorrected] = [of('Ready'), of('Stalled'), of('Uncorrected')];
  const dialling = workspaces.reduce((sum, one) => sum + one.dialling.number, 0);
  if (dialling > 0)
    return {
      style: 'bad',
      text: `${counted(dialling, 'campaign')} ${dialling === 1 ? 'dials' : 'dial'} against Git`,
    };
  const notKnown = unknown(workspaces);
  if (notKnown) return notKnown;
  if (stalled?.status === 'True') return {style: 'bad', text: stalled.message};
  if (ready?.status !== 'True') {
    const text = ready?.message ?? 'nothing has been read';
    return {style: 'look', text: ready?.status === 'False' ? text : `Not known: ${text}`};
  }
  if (uncorrected?.status === 'True')
    return {style: 'look', text: `As Git wants, but: ${uncorrected.message}`};
  return {style: 'good', text: 'As Git wants'};
};
