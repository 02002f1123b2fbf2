import type {Finding} from './finding.ts';
import {actsAt, type ProposedChange} from './proposed-change.ts';
import {statusWord} from './reasons.ts';
import {rfc3339} from './time.ts';

const changer = ({liveUpdatedAt, liveUpdatedBy}: Finding): string => {
  const when = liveUpdatedAt === undefined ? '' : ` at ${rfc3339(liveUpdatedAt)}`;
  return `changed by ${liveUpdatedBy ?? 'somebody unnamed'}${when}`;
};

/** Says that a campaign is as the plan wants it already, whoever did it; undefined where it is not. */
export const asPlanned = (planned: ProposedChange, found: Finding | undefined): string | undefined => {
  if (found?.source === undefined || found.desired !== planned.desired) return undefined;
  if (found.state !== 'satisfied' && found.state !== 'awaiting') return undefined;
  const live = found.live ? statusWord(found.live) : 'unknown';
  return `live is ${live} already, as the plan wants it, ${changer(found)}`;
};

/** A sentence of a plan that is no longer so, or never was: what it says, and what is so now. */
const liveMoved = (planned: ProposedChange, found: Finding): string | undefined => {
  const live = found.live ? statusWord(found.live) : 'unknown';
  if (live !== planned.live) return `live was ${planned.live}, and is now ${live}, ${changer(found)}`;
  if (found.liveUpdatedAt === undefined) return undefined;
  const same = rfc3339(found.liveUpdatedAt) === planned.liveUpdatedAt;
  return same ? undefined : `live is ${live} as planned, but was changed since, ${changer(found)}`;
};

/**
 * Holds a planned change against Git and the platform as they are now. Returns what has moved since the plan
 * was made, in words; undefined where the plan still says just what Git and the platform say.
 *
 * @param now epoch milliseconds
 */
export const movedSince = (
  planned: ProposedChange,
  found: Finding | undefined,
  now: number,
): string | undefined => {
  if (found?.source === undefined) return 'no file declares it now';
  if (found.state === 'missing' || found.state === 'invalid' || found.state === 'unknown')
    return found.reason;
  if (found.desired !== planned.desired)
    return `Git asked for ${planned.desired}, and now for ${found.desired}`;
  const moved = liveMoved(planned, found);
  if (moved !== undefined) return moved;
  if (actsAt(found, now) !== now) return `nothing is to be sent now: ${found.reason}`;
  if (found.steps.join() === planned.steps.join()) return undefined;
  return `the plan says ${planned.steps.join(', ') || 'nothing'}, but Git asks for ${found.steps.join(', ')}`;
};
