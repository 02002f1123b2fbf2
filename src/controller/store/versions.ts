import type {LiveCampaign, LiveStatus} from '../../domain/campaign.ts';
import {statusWord} from '../../domain/reasons.ts';
import {AUTOMATIC, isTerminal} from '../../domain/transitions.ts';

/** True for a campaign in a status that nothing leaves. */
export const hasEnded = ({status}: LiveCampaign): boolean => 'known' in status && isTerminal(status.known);

/** The same status, whether it is known or not. */
export const isSameStatus = (a: LiveStatus, b: LiveStatus): boolean => statusWord(a) === statusWord(b);

/** Nothing that is said of one is otherwise with the other. */
export const isSame = (a: LiveCampaign, b: LiveCampaign): boolean =>
  a.updatedAt === b.updatedAt &&
  isSameStatus(a.status, b.status) &&
  a.updatedBy === b.updatedBy &&
  a.name === b.name;

/** Whether the platform's clock by itself makes one of the other. */
export const isAutomatic = (before: LiveStatus, now: LiveStatus): boolean =>
  'known' in before &&
  'known' in now &&
  Object.values(AUTOMATIC).some(({from, to}) => to === now.known && from.includes(before.known));

/** What a time is where it is told in whole seconds. */
const wholeSecond = (time: number): number => time - (time % 1_000);

/** An earlier change, not the same one told in whole seconds. */
export const isOlder = (one: LiveCampaign, other: LiveCampaign): boolean =>
  one.updatedAt < other.updatedAt && one.updatedAt !== wholeSecond(other.updatedAt);

/** The same version, where one answer tells its time in whole seconds and the other to the fraction. */
export const isSameVersion = (rough: LiveCampaign, exact: LiveCampaign): boolean =>
  rough.updatedAt === wholeSecond(exact.updatedAt) && isSameStatus(rough.status, exact.status);

/** A campaign whose hours nobody can have changed since, with those that are known of it. */
export const withWindow = (campaign: LiveCampaign, known: LiveCampaign | undefined): LiveCampaign =>
  campaign.window || !known?.window ? campaign : {...campaign, window: known.window};

/** A campaign as it is shown, with the exact time that is known of the same version. */
export const exactly = (shown: LiveCampaign, known: LiveCampaign | undefined): LiveCampaign => {
  if (!known || shown.updatedAt === known.updatedAt || !isSameVersion(shown, known)) return shown;
  return withWindow({...shown, updatedAt: known.updatedAt}, known);
};

/** True for what goes on although it has ended, by no later change: nothing is sent on a guess. */
export const contradictsEnd = (
  shown: LiveCampaign,
  newest: LiveCampaign | undefined,
): newest is LiveCampaign =>
  newest !== undefined && hasEnded(newest) && !hasEnded(shown) && shown.updatedAt <= newest.updatedAt;
