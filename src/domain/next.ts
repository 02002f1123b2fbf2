import type {Declaration} from './campaign.ts';
import type {Finding} from './finding.ts';
import {freezeAt} from './freeze.ts';
import {actsAt} from './proposed-change.ts';
import {rfc3339} from './time.ts';
import {wantedAt} from './wanted.ts';

/** How many edges of a timetable, and ends of what keeps a campaign, are gone through. */
const MOST_EDGES = 100;

/** What lets a campaign be resumed, or has it paused, and when: epoch milliseconds. */
interface Turning {
  readonly at: number;
  readonly by: 'timetable closes' | 'timetable opens' | 'hold ends' | 'freeze ends';
}

/** What keeps a campaign from an action at a time, and until when; `Infinity` where that has no end. */
const keptAt = (
  {freezes = [], hold}: Declaration,
  action: 'pause' | 'resume',
  at: number,
): Turning | undefined => {
  const holdEnds = hold && (hold.until ?? Number.POSITIVE_INFINITY);
  if (holdEnds !== undefined && holdEnds > at) return {at: holdEnds, by: 'hold ends'};
  const freeze = action === 'resume' ? freezeAt(freezes, at) : undefined;
  return freeze && {at: freeze.until, by: 'freeze ends'};
};

/** When a timetable's next edge is carried out, past all holds and freezes; undefined where it never is. */
const carriedOut = (
  declaration: Declaration,
  action: 'pause' | 'resume',
  edge: number,
): Turning | undefined => {
  const by = action === 'pause' ? 'timetable closes' : 'timetable opens';
  let turning: Turning = {at: edge, by};
  for (let edges = 0; edges < MOST_EDGES && Number.isFinite(turning.at); edges++) {
    const kept = keptAt(declaration, action, turning.at);
    const {closed, until} = wantedAt(declaration, {now: turning.at});
    const isWanted = (closed === undefined) === (action === 'resume');
    if (isWanted && !kept) return turning;
    turning = (isWanted && kept) || {at: until ?? Number.POSITIVE_INFINITY, by};
  }
  return undefined;
};

const nextByTimetable = ({declaration, mode}: Finding, now: number): string | undefined => {
  if (!declaration?.opening) return undefined;
  const {closed, until} = wantedAt(declaration, {now});
  if (until === undefined) return undefined;
  const action = closed === undefined ? 'pause' : 'resume';
  const turning = carriedOut(declaration, action, until);
  if (!turning) return undefined;
  const text = `${action} at ${rfc3339(turning.at)}, when its ${turning.by}`;
  return mode === 'detect' ? `nothing: ${text}, is only reported (mode detect)` : text;
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
