import type {LiveCampaign} from '../../domain/campaign.ts';
import {forgetSent, recogniseOwn} from './sent.ts';
import {lastOf, NOTHING_SHOWN, newestOf, type Reading, type Sighted} from './sighted.ts';
import {
  contradictsEnd,
  exactly,
  isAutomatic,
  isOlder,
  isSame,
  isSameStatus,
  isSameVersion,
  withWindow,
} from './versions.ts';

export const POSTPONED = 'the platform’s list lacks it; it will be asked for by its id';

const CONTRADICTORY =
  'the platform’s lists say that it has ended, and that it goes on; it will be asked for by its id';

/** For how long nothing but a version older than the one known is taken for stale reads. Milliseconds. */
const STALE_WITHIN = 60_000;

/** True for a version that is older than the one known, until it is the only one shown for a time: a platform may have been set back. */
const isStale = (sighted: Sighted, campaign: LiveCampaign, askedAt: number): boolean => {
  const newest = newestOf(sighted);
  if (newest === undefined || !isOlder(campaign, newest)) {
    sighted.newer = undefined;
    return false;
  }
  sighted.newer ??= {campaign: newest, unseenSince: askedAt};
  return askedAt - sighted.newer.unseenSince < STALE_WITHIN;
};

/** True for the newest version, where it had not been shown for a time, though others were asked for later. */
const isThereAfterAll = ({newer}: Sighted, shown: LiveCampaign, askedAt: number): boolean =>
  newer !== undefined && askedAt > newer.unseenSince && !isOlder(shown, newer.campaign);

/** Learns whose change a version is. One that is older than another that was shown teaches nothing. */
const learnOrigin = (
  sighted: Sighted,
  before: LiveCampaign | undefined,
  now: LiveCampaign,
  reading: Reading,
): void => {
  if (sighted.newer) return;
  if (before && before.updatedAt !== now.updatedAt && isSameVersion(before, now)) {
    if (sighted.ownUpdatedAt === before.updatedAt) sighted.ownUpdatedAt = now.updatedAt;
    if (sighted.byItselfAt === before.updatedAt) sighted.byItselfAt = now.updatedAt;
    return;
  }
  recogniseOwn(sighted, before, now, reading);
  if (before && !isSameStatus(before.status, now.status) && isAutomatic(before.status, now.status))
    sighted.byItselfAt = now.updatedAt;
};

/** Takes in a campaign as a request shows it. Returns whether anything of it is new. */
export const see = (sighted: Sighted, shown: LiveCampaign, reading: Reading): boolean => {
  const {askedAt, confirmed} = reading;
  sighted.seenAt = Math.max(sighted.seenAt, askedAt);
  if (sighted.newer?.unseenSince === NOTHING_SHOWN) sighted.newer = {...sighted.newer, unseenSince: askedAt};
  const newest = newestOf(sighted);
  if (askedAt < sighted.readAt && !isThereAfterAll(sighted, shown, askedAt)) return false;
  if (contradictsEnd(shown, newest) && !isEndOverturned(sighted, reading))
    return confirmed || !isEndInDoubt(sighted, askedAt)
      ? showEnded(sighted, newest)
      : doubtEnd(sighted, newest);
  const campaign = exactly(shown, lastOf(sighted));
  if (isStale(sighted, campaign, askedAt)) return false;
  learnOrigin(sighted, newest, campaign, reading);
  forgetSent(sighted, askedAt);
  const known = sighted.observation?.kind === 'seen' ? sighted.observation.campaign : undefined;
  if (confirmed) sighted.confirmedAt = askedAt;
  else if (known?.updatedAt !== campaign.updatedAt || !isSameStatus(known.status, campaign.status))
    sighted.confirmedAt = undefined;
  sighted.readAt = askedAt;
  if (known && isSame(known, campaign) && (campaign.window === undefined || known.window !== undefined))
    return false;
  const last = lastOf(sighted);
  const isUnedited = [last?.updatedAt, sighted.ownUpdatedAt, sighted.byItselfAt].includes(campaign.updatedAt);
  sighted.observation = {kind: 'seen', campaign: isUnedited ? withWindow(campaign, last) : campaign};
  return true;
};

/** True for an end that only lists have told, and none for a time: a Get decides whether it was one. */
const isEndInDoubt = ({confirmedAt, newer, readAt}: Sighted, askedAt: number): boolean =>
  confirmedAt === undefined && askedAt - Math.max(readAt, newer?.unseenSince ?? 0) >= STALE_WITHIN;

const isEndOverturned = (sighted: Sighted, {askedAt, confirmed}: Reading): boolean =>
  confirmed && isEndInDoubt(sighted, askedAt);

/** Has what one list told to have ended, and a later one to go on, be asked for by its id. */
const doubtEnd = (sighted: Sighted, ended: LiveCampaign): boolean => {
  if (sighted.observation?.kind === 'unreadable') return false;
  sighted.observation = {kind: 'unreadable', problem: CONTRADICTORY, before: ended};
  return true;
};

/** What has ended is there after all, where it could not be read or had been lost. */
const showEnded = (sighted: Sighted, ended: LiveCampaign): boolean => {
  if (sighted.observation?.kind === 'seen') return false;
  sighted.observation = {kind: 'seen', campaign: ended};
  return true;
};

/**
 * Takes in the answer to an action of ours, which was sent at `sentAt` and answered at `at`: nothing that was known before
 * outweighs it, but a later change does that was shown meanwhile. Returns whether it is what is known now.
 */
export const believe = (
  sighted: Sighted,
  campaign: LiveCampaign,
  {at, sentAt}: {at: number; sentAt: number},
): boolean => {
  const newest = sighted.readAt > sentAt ? newestOf(sighted) : undefined;
  if (newest && (isOlder(campaign, newest) || contradictsEnd(campaign, newest))) {
    sighted.confirmedAt = undefined;
    return false;
  }
  sighted.newer = undefined;
  sighted.observation = {kind: 'seen', campaign: withWindow(campaign, lastOf(sighted))};
  sighted.readAt = at;
  sighted.seenAt = at;
  sighted.confirmedAt = at;
  sighted.ownUpdatedAt = campaign.updatedAt;
  forgetSent(sighted, at);
  return true;
};

/** Takes in that the platform, asked at `askedAt`, knows no such campaign. Returns whether that is new. */
export const miss = (sighted: Sighted, askedAt: number): boolean => {
  if (askedAt < sighted.readAt) return false;
  const isNew = sighted.observation?.kind !== 'missing';
  const before = lastOf(sighted);
  sighted.observation = {kind: 'missing', ...(before && {before})};
  sighted.readAt = askedAt;
  sighted.confirmedAt = undefined;
  return isNew;
};

/** Takes in why a campaign, asked for at `askedAt`, cannot be read as it is. Returns whether that is new. */
export const failToRead = (sighted: Sighted, problem: string, askedAt: number): boolean => {
  if (askedAt < sighted.readAt) return false;
  sighted.readAt = askedAt;
  const {observation} = sighted;
  if (observation?.kind === 'unreadable' && observation.problem === problem) return false;
  const before = lastOf(sighted);
  sighted.observation = {kind: 'unreadable', problem, ...(before && {before})};
  sighted.confirmedAt = undefined;
  return true;
};

/** The same, where what was known of the campaign stays. */
export const failToReadUnlessKnown = (sighted: Sighted, problem: string): boolean =>
  sighted.observation === undefined || sighted.observation.kind === 'unreadable'
    ? failToRead(sighted, problem, sighted.readAt)
    : false;

/** Takes in that it has yet to be asked for; what was known of it, or kept it from being read, stays. */
export const putOff = (sighted: Sighted): boolean =>
  sighted.observation === undefined && failToRead(sighted, POSTPONED, sighted.readAt);
