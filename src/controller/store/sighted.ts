import type {Cause} from '../../domain/assess.ts';
import type {LiveCampaign} from '../../domain/campaign.ts';
import type {Observation} from '../../domain/diff.ts';
import {statusWord} from '../../domain/finding.ts';
import {type Action, type Status, successorsOf} from '../../domain/transitions.ts';
import {FRESH_FOR} from '../freshness.ts';
import type {Sighting} from '../ports.ts';
import {
  contradictsEnd,
  exactly,
  hasEnded,
  isAutomatic,
  isOlder,
  isSame,
  isSameStatus,
  isSameVersion,
} from './versions.ts';

export const POSTPONED = 'the platform’s list lacks it; it will be asked for by its id';

/** For how long nothing but a version older than the one known is taken for stale reads. Milliseconds. */
const STALE_WITHIN = 60_000;

/** How late an action of ours may take effect, and how far the platform's clock may be from this one's. Milliseconds. */
const LATEST_EFFECT = 10 * 60_000;

/** For how long the effect of an action of ours may be shown late. Milliseconds. */
const LATEST_SHOWN = 24 * 3_600_000;

/** An action of ours of which the platform has yet to show what became of it. */
export interface Sent {
  readonly action: Action;
  readonly from: Status;
  readonly cause: Cause;
  /** When it was sent: `Clock.ticks`, and epoch milliseconds. */
  readonly at: number;
  readonly sentAt: number;
}

/** What is known of one live campaign. Times are `Clock.ticks`. Later knowledge wins, whatever order it arrives in. */
export interface Sighted {
  observation: Observation | undefined;
  /** When what was last read had been asked for. */
  readAt: number;
  /** When a request that showed it at all was last sent. */
  seenAt: number;
  /** The newest version, and since when nothing but older ones are shown; undefined where it is the one shown. */
  newer: {readonly campaign: LiveCampaign; readonly unseenSince: number} | undefined;
  /** When a Get or an action's answer last told this status; a list does not count. */
  confirmedAt: number | undefined;
  /** What was sent, oldest first, until the platform has shown it, or shown otherwise. */
  sent: readonly Sent[];
  /** The version of the campaign that an action of ours made, by the platform's time of its change. */
  ownUpdatedAt: number | undefined;
  /** The version that the platform's clock made while it was looked on, by the same time. */
  byItselfAt: number | undefined;
}

const NONE: readonly Sent[] = [];

export const newSighted = (): Sighted => ({
  observation: undefined,
  readAt: 0,
  seenAt: 0,
  newer: undefined,
  confirmedAt: undefined,
  sent: NONE,
  ownUpdatedAt: undefined,
  byItselfAt: undefined,
});

/** True where it is known whether the platform has it. */
export const isKnown = (sighted: Sighted | undefined): boolean =>
  sighted?.observation !== undefined && sighted.observation.kind !== 'unreadable';

/** True where it will never change again. */
export const isOver = (sighted: Sighted | undefined): boolean =>
  sighted?.observation?.kind === 'seen' && hasEnded(sighted.observation.campaign);

/** How a campaign was read. */
export interface Reading {
  /** When the request was sent. */
  readonly askedAt: number;
  /** It is the answer to a Get. */
  readonly confirmed: boolean;
  /** Whom the platform names for what this program changes, where it has shown it. */
  readonly ownName?: string | undefined;
  /** Told of an action of ours whose effect shows. */
  readonly onEffect?: (sent: Sent) => void;
}

/** What it was when it could last be read. */
const lastOf = ({observation}: Sighted): LiveCampaign | undefined =>
  observation?.kind === 'seen' ? observation.campaign : observation?.before;

/** The newest version that was shown. */
const newestOf = (sighted: Sighted): LiveCampaign | undefined => sighted.newer?.campaign ?? lastOf(sighted);

/** Where a campaign shows what one of our actions makes of it, the change was ours, however late it shows. */
const recogniseOwn = (
  sighted: Sighted,
  before: LiveCampaign | undefined,
  now: LiveCampaign,
  {askedAt, onEffect, ownName}: Reading,
): void => {
  if (sighted.sent.length === 0 || before?.updatedAt === now.updatedAt) return;
  if (ownName !== undefined && now.updatedBy !== undefined && now.updatedBy !== ownName) return;
  const {status} = now;
  const own = sighted.sent.findLast(
    ({action, at, from, sentAt}) =>
      (askedAt - at <= LATEST_EFFECT || Math.abs(now.updatedAt - sentAt) <= LATEST_EFFECT) &&
      'known' in status &&
      successorsOf(from, action).includes(status.known),
  );
  if (!own) return;
  sighted.ownUpdatedAt = now.updatedAt;
  takeOut(sighted, own);
  onEffect?.(own);
};

/** What became of an action that was sent is known. Returns whether it was not known before. */
export const takeOut = (sighted: Sighted, one: Sent): boolean => {
  const left = sighted.sent.filter(other => other !== one);
  const isNew = left.length < sighted.sent.length;
  sighted.sent = left.length > 0 ? left : NONE;
  return isNew;
};

/** What was sent so long before has had no effect. */
const forgetSent = (sighted: Sighted, askedAt: number): void => {
  const {sent} = sighted;
  if (sent.length === 0 || sent.every(({at}) => askedAt - at <= LATEST_SHOWN)) return;
  const remaining = sent.filter(({at}) => askedAt - at <= LATEST_SHOWN);
  sighted.sent = remaining.length > 0 ? remaining : NONE;
};

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

/** True while the version that counts is older than one that was shown before. */
export const isSetBack = ({newer, observation}: Sighted): boolean =>
  newer !== undefined && observation?.kind === 'seen' && isOlder(observation.campaign, newer.campaign);

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
  const newest = newestOf(sighted);
  if (askedAt < sighted.readAt && !isThereAfterAll(sighted, shown, askedAt)) return false;
  if (contradictsEnd(shown, newest)) return showEnded(sighted, newest);
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
  sighted.observation = {kind: 'seen', campaign};
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
 * outweighs it, but a later change does that was shown meanwhile.
 */
export const believe = (
  sighted: Sighted,
  campaign: LiveCampaign,
  {at, sentAt}: {at: number; sentAt: number},
): void => {
  const newest = sighted.readAt > sentAt ? newestOf(sighted) : undefined;
  if (newest && (isOlder(campaign, newest) || contradictsEnd(campaign, newest))) {
    sighted.confirmedAt = undefined;
    return;
  }
  sighted.newer = undefined;
  sighted.observation = {kind: 'seen', campaign};
  sighted.readAt = at;
  sighted.seenAt = at;
  sighted.confirmedAt = at;
  sighted.ownUpdatedAt = campaign.updatedAt;
  forgetSent(sighted, at);
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

/** The status as it is known now, as a word. */
export const statusIn = (sighted: Sighted | undefined): string | undefined =>
  sighted?.observation?.kind === 'seen' ? statusWord(sighted.observation.campaign.status) : undefined;

/** The campaign and when it was asked for, if that is fresh enough to act on. */
export const freshIn = (sighted: Sighted | undefined, ticks: number): Sighting | undefined => {
  if (sighted?.observation?.kind !== 'seen' || sighted.confirmedAt === undefined) return undefined;
  if (ticks - sighted.confirmedAt > FRESH_FOR) return undefined;
  return {campaign: sighted.observation.campaign, askedAt: sighted.confirmedAt};
};
