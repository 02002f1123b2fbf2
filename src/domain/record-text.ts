import {isByClock, type StoredRecord} from './history.ts';
import {shortRevision} from './revision.ts';
import {rfc3339} from './time.ts';

const commitText = ({author, revision}: StoredRecord): string => {
  if (revision === undefined) return '';
  const by = author === undefined ? '' : ` by ${author}`;
  return `revision ${shortRevision(revision)}${by}`;
};

const handText = ({changedAt, changedBy}: StoredRecord): string => {
  const by = changedBy ?? 'somebody unnamed';
  return changedAt === undefined ? by : `${by} at ${rfc3339(changedAt)}`;
};

const WHY: Readonly<Record<string, string>> = {pending: 'Git changed', timetable: 'its timetable'};

const actionText = (record: StoredRecord): string => {
  const {action, cause, from, message, outcome, to} = record;
  const what =
    outcome === 'applied' ? `${action} applied: ${from} → ${to}` : `${action} ${outcome}: ${message}`;
  const why = cause === 'drifted' ? `drifted, changed by ${handText(record)}` : WHY[cause ?? 'pending'];
  return [what, why, commitText(record)].filter(Boolean).join('; ');
};

const wishText = (record: StoredRecord): string => {
  const {from, message, to} = record;
  const what = to === undefined ? 'Git asks for nothing any more' : `Git asks for ${to}`;
  const before = from === undefined ? '' : `, ${from} before`;
  return [what + before, message, commitText(record)].filter(Boolean).join('; ');
};

/** Whose doing a status is, as far as is known. */
const byText = (record: StoredRecord): string | undefined => {
  const {changedBy, own, to} = record;
  if (isByClock(record) && (to === 'ended' || changedBy === undefined)) return 'by itself';
  if (own) return 'by Rollcall';
  if (changedBy === undefined) return undefined;
  return own === false ? `by ${changedBy}, which may have been Rollcall itself,` : `by ${changedBy}`;
};

const statusText = (record: StoredRecord): string => {
  const {changedAt, from, to} = record;
  const what = from === undefined ? `live is ${to}` : `live: ${from} → ${to}`;
  const at = changedAt === undefined ? undefined : `at ${rfc3339(changedAt)}`;
  return [what, byText(record), at].filter(Boolean).join(' ');
};

/** What a record of the history says, as a sentence for people; times in it are RFC 3339. */
export const recordText = (record: StoredRecord): string => {
  const {desired, kind, to} = record;
  if (kind === 'action') return actionText(record);
  if (kind === 'wish') return wishText(record);
  if (kind === 'status') return statusText(record);
  const which = kind === 'drift' ? 'drift' : 'terminal';
  return `${which}: Git wants ${desired}, live is ${to}, changed by ${handText(record)}`;
};
