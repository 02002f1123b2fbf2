import type {Finding} from './finding.ts';
import {actsAt} from './proposed-change.ts';
import {rfc3339} from './time.ts';
import {wantedAt} from './wanted.ts';

const nextByTimetable = ({declaration}: Finding, now: number): string | undefined => {
  if (!declaration?.opening) return undefined;
  const {closed, until} = wantedAt(declaration, {now});
  if (until === undefined) return undefined;
  return closed === undefined
    ? `pause at ${rfc3339(until)}, when its timetable closes`
    : `resume at ${rfc3339(until)}, when its timetable opens`;
};

/** What will happen to a campaign next, by itself, as far as is known; times as machines read them (RFC 3339). */
export const nextOf = (finding: Finding, now: number): string => {
  const {declaration, mode, restraint, retryAt, state, steps, window} = finding;
  if (state === 'unknown') return 'not known, since it could not be read';
  const actions = steps.join(', then ');
  const at = actsAt(finding, now);
  if (retryAt !== undefined && retryAt > now) return `${actions} is tried again at ${rfc3339(retryAt)}`;
  if (at !== undefined)
    return at > now
      ? `${actions} at ${rfc3339(at)}, when its ${restraint ? 'freeze' : 'hold'} ends`
      : `${actions}, at once`;
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
