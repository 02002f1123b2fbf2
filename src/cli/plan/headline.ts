import type {ProposedChange} from '../../domain/proposed-change.ts';
import {shortRevision} from '../../domain/revision.ts';
import {counted} from '../../domain/text.ts';
import {isWhole, LIMIT_EXCEEDED, type PlanDocument} from './document.ts';

/** `1 cancel (cannot be undone), 2 pauses, 1 resume`: what would be sent, by kind; empty where nothing is. */
const actionCounts = ({summary}: PlanDocument): string =>
  [
    summary.cancel > 0 ? `${counted(summary.cancel, 'cancel')} (cannot be undone)` : '',
    summary.pause > 0 ? counted(summary.pause, 'pause') : '',
    summary.resume > 0 ? counted(summary.resume, 'resume') : '',
  ]
    .filter(Boolean)
    .join(', ');

/** A plan in one line, for a headline, a commit status and the end of the text. */
export const headline = (plan: PlanDocument): string => {
  const {anyway, cancel, errors, irreversible, later, noAction, stuck} = plan.summary;
  const lost = irreversible > cancel ? ` (${irreversible - cancel} cannot be undone)` : '';
  const whole = isWhole(plan);
  const parts = [
    whole ? '' : 'the plan is not whole',
    plan.problems.some(({code}) => code === LIMIT_EXCEEDED) ? 'stopped by a limit' : '',
    errors > 0 ? counted(errors, 'error') : '',
    actionCounts(plan) || (whole && later === 0 ? 'nothing to do' : ''),
    later > 0 ? `${later} later, when a hold or a freeze ends${lost}` : '',
    noAction > 0 ? `${noAction} with no action` : '',
    anyway > 0 ? `${anyway} would happen anyway` : '',
    stuck > 0 ? `${stuck} held or only reported` : '',
  ];
  return parts.filter(Boolean).join('; ');
};

/** How much there is: `36 campaigns are declared; 2 that are live no file declares.` */
export const coverage = ({summary: {declared, unmanaged}}: PlanDocument): string => {
  const known = `${counted(declared, 'campaign')} ${declared === 1 ? 'is' : 'are'} declared`;
  return unmanaged === 0 ? `${known}.` : `${known}; ${unmanaged} that may still call no file declares.`;
};

/** A revision as people name it: the name that was asked for, and the commit. */
export const revisionName = ({id, requested}: PlanDocument['revision']): string => {
  if (requested === null) return 'the files on disk';
  const short = shortRevision(id);
  return id.startsWith(requested) ? short : `${requested} (${short})`;
};

/** Said of declarations whose campaigns have ended. */
export const retirable = (count: number): string =>
  count === 1
    ? '1 campaign ran its course: its file can be retired.'
    : `${count} campaigns ran their course: their files can be retired.`;

/** Why a campaign differs, in lines, and what its declaration says of it. A reason that tells of drift begins with the word. */
export const whyLines = ({cause, declaredReason, reason}: ProposedChange): string[] => {
  const told = cause === null ? [] : [cause === 'drifted' ? reason : `${cause}: ${reason}`];
  return declaredReason === null || reason.includes(declaredReason) ? told : [...told, declaredReason];
};
