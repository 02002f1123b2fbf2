import type {Finding} from '../domain/finding.ts';
import {consequences, impossible, inPlace, type Note, standstill} from '../domain/notes.ts';
import {actsAt} from '../domain/proposed-change.ts';
import {statusWord} from '../domain/reasons.ts';
import {STATES} from '../domain/states.ts';
import {type Reader, rfc3339, timeFor, withTimesFor} from '../domain/time.ts';
import type {CampaignView} from '../domain/view.ts';
import {timetableText, wantedAt} from '../domain/wanted.ts';
import {padded} from './cells.ts';
import {plain, styled} from './render.ts';

const nextByTimetable = ({declaration}: Finding, now: number): string | undefined => {
  if (!declaration?.opening) return undefined;
  const {closed, until} = wantedAt(declaration, {now});
  if (until === undefined) return undefined;
  return closed === undefined
    ? `pause at ${rfc3339(until)}, when its timetable closes`
    : `resume at ${rfc3339(until)}, when its timetable opens`;
};

/** What will happen to a campaign next, by itself, as far as is known; times as machines read them. */
const nextOf = (finding: Finding, now: number): string => {
  const {declaration, mode, restraint, retryAt, state, steps, window} = finding;
  if (state === 'unknown') return 'not known, since it could not be read';
  const actions = steps.join(', then ');
  const at = actsAt(finding, now);
  if (retryAt !== undefined && retryAt > now) return `${actions} is tried again at ${rfc3339(retryAt)}`;
  if (at !== undefined)
    return at > now ? `${actions} at ${rfc3339(at)}, when its hold ends` : `${actions}, at once`;
  if (restraint?.reason === 'contested' && restraint.until !== undefined)
    return `${actions} is kept until ${rfc3339(restraint.until)}, or until its declaration changes`;
  if (restraint?.reason === 'limited') return `${actions} once an Allowance lets it through`;
  if (restraint?.reason === 'stale') return `${actions} once its declaration is changed in Git`;
  if (state === 'held') return 'nothing, until the hold is taken out of its file';
  if (mode === 'detect' && steps.length > 0) return `nothing: ${actions} is only reported (mode detect)`;
  if (state === 'awaiting' && declaration?.desired === 'ended')
    return window?.endsAt === undefined ? 'it ends by itself' : `it ends at ${rfc3339(window.endsAt)}`;
  if (state === 'awaiting')
    return window?.startsAt === undefined || window.startsAt <= now
      ? 'it becomes active when its hours begin'
      : `it becomes active at ${rfc3339(window.startsAt)}`;
  return nextByTimetable(finding, now) ?? 'nothing';
};

const notesOf = (finding: Finding, now: number): Note[] => {
  const fault = impossible(finding, now);
  const calm = finding.state === 'awaiting' ? inPlace(finding) : [];
  const soon = actsAt(finding, now);
  const means = soon === undefined ? [] : consequences(finding, soon);
  return [...(fault ? [fault] : []), ...means, ...standstill(finding), ...calm];
};

const labelsText = (labels: Finding['labels']): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ') || '-';

/** Everything that is known of one campaign, a line each. */
export const describeCampaign = (
  finding: Finding,
  {lastOutcome}: Pick<CampaignView, 'lastOutcome'>,
  {colour, reader}: {colour: boolean; reader: Reader},
): string => {
  const {campaignId, declaration, desired, live, liveUpdatedAt, liveUpdatedBy, mode, name, source} = finding;
  const changed =
    liveUpdatedAt === undefined
      ? 'not known'
      : `${timeFor(liveUpdatedAt, reader)}, by ${liveUpdatedBy ?? 'somebody unnamed'}`;
  const timetable = declaration && timetableText(declaration, {now: reader.now});
  const said = declaration?.reason === undefined ? '' : ` — ${declaration.reason}`;
  const why =
    said !== '' && finding.reason.endsWith(said) ? finding.reason.slice(0, -said.length) : finding.reason;
  const notes = notesOf(finding, reader.now).map(({message}) => `- ${message}`);
  const rows: [string, string][] = [
    ['Name', `${finding.workspace}/${name}`],
    ['Campaign', campaignId],
    ['Labels', labelsText(finding.labels)],
    ['Source', source ? `${source.file}:${source.line}` : 'no file declares it'],
    ['Reason', declaration?.reason ?? '-'],
    ['Mode', mode],
    ['Desired', desired ?? '-'],
    ...(timetable === undefined ? [] : [['Timetable', timetable] as [string, string]]),
    ['Live', live ? statusWord(live) : '-'],
    ['Changed', changed],
    ['State', finding.state],
    ['Why', why],
    ['Last outcome', lastOutcome ? `${lastOutcome.message}, at ${lastOutcome.at}` : '-'],
    ['Next', nextOf(finding, reader.now)],
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
