import type {Finding} from '../domain/finding.ts';
import {nextOf} from '../domain/next.ts';
import {notesOf} from '../domain/proposed-change.ts';
import {statusWord} from '../domain/reasons.ts';
import {STATES} from '../domain/states.ts';
import {type Reader, timeFor, withTimesFor} from '../domain/time.ts';
import type {CampaignView} from '../domain/view.ts';
import {timetableText} from '../domain/wanted.ts';
import {padded} from './cells.ts';
import {plain, styled} from './render.ts';

const labelsText = (labels: Finding['labels']): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ') || '-';

/** What follows from a finding, in words; or what a controller that runs says that does. */
export interface Following {
  readonly declaredReason: string | undefined;
  readonly timetable: string | undefined;
  readonly next: string;
  readonly notes: readonly {readonly message: string}[];
}

/** What follows from a finding as of `now` (epoch milliseconds). */
export const followingFrom = (finding: Finding, now: number): Following => ({
  declaredReason: finding.declaration?.reason,
  timetable: finding.declaration && timetableText(finding.declaration, {now}),
  next: nextOf(finding, now),
  notes: notesOf(finding, now),
});

/** Everything that is known of one campaign, a line each. */
export const describeCampaign = (
  finding: Finding,
  {declaredReason, next, notes: noted, timetable}: Following,
  {lastOutcome}: Pick<CampaignView, 'lastOutcome'>,
  {colour, reader}: {colour: boolean; reader: Reader},
): string => {
  const {campaignId, desired, live, liveUpdatedAt, liveUpdatedBy, mode, name, source} = finding;
  const changed =
    liveUpdatedAt === undefined
      ? 'not known'
      : `${timeFor(liveUpdatedAt, reader)}, by ${liveUpdatedBy ?? 'somebody unnamed'}`;
  const said = declaredReason === undefined ? '' : ` — ${declaredReason}`;
  const why =
    said !== '' && finding.reason.endsWith(said) ? finding.reason.slice(0, -said.length) : finding.reason;
  const notes = noted.map(({message}) => `- ${message}`);
  const rows: [string, string][] = [
    ['Name', `${finding.workspace}/${name}`],
    ['Campaign', campaignId],
    ['Labels', labelsText(finding.labels)],
    ['Source', source ? `${source.file}:${source.line}` : 'no file declares it'],
    ['Reason', declaredReason ?? '-'],
    ['Mode', mode],
    ['Desired', desired ?? '-'],
    ...(timetable === undefined ? [] : [['Timetable', timetable] as [string, string]]),
    ['Live', live ? statusWord(live) : '-'],
    ['Changed', changed],
    ['State', finding.state],
    ['Why', why],
    ['Last outcome', lastOutcome ? `${lastOutcome.message}, at ${lastOutcome.at}` : '-'],
    ['Next', next],
    ...notes.map((note, index): [string, string] => [index === 0 ? 'Notes' : '', note]),
  ];
  return rows
    .map(([label, text]) => {
      const shown = plain(withTimesFor(text, reader));
      const value = label === 'State' ? styled(shown, STATES[finding.state].style, colour) : shown;
      return `${styled(padded(label ? `${label}:` : '', 14), 'bold', colour)}${value}`;
    })
    .join('\n');
};
