import type {LiveCampaign} from '../../domain/campaign.ts';
import {resultOf, successorsOf} from '../../domain/transitions.ts';
import {NONE_SENT, type Reading, type Sent, type Sighted} from './sighted.ts';
import {isSameStatus} from './versions.ts';

const isSameShown = (before: LiveCampaign, now: LiveCampaign): boolean =>
  before.updatedAt === now.updatedAt && isSameStatus(before.status, now.status);

/** How late an action of ours may take effect, and how far the platform's clock may be from this one's. Milliseconds. */
const LATEST_EFFECT = 10 * 60_000;

/** For how long the effect of an action of ours may be shown late. Milliseconds. */
const LATEST_SHOWN = 24 * 3_600_000;

/**
 * Where a campaign shows what one of our actions makes of it, the change was ours, however late it shows. Whom the platform names tells
 * nothing where its clock has gone on from there.
 */
export const recogniseOwn = (
  sighted: Sighted,
  before: LiveCampaign | undefined,
  now: LiveCampaign,
  {askedAt, onEffect, ownName}: Reading,
): void => {
  if (sighted.sent.length === 0 || (before && isSameShown(before, now))) return;
  const {status, updatedBy} = now;
  const isNamedOtherwise = ownName !== undefined && updatedBy !== undefined && updatedBy !== ownName;
  const own = sighted.sent.findLast(
    ({action, at, from, sentAt}) =>
      (askedAt - at <= LATEST_EFFECT || Math.abs(now.updatedAt - sentAt) <= LATEST_EFFECT) &&
      'known' in status &&
      successorsOf(from, action).includes(status.known) &&
      !(isNamedOtherwise && status.known === resultOf(from, action)),
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
  sighted.sent = left.length > 0 ? left : NONE_SENT;
  return isNew;
};

/** What was sent so long before has had no effect. */
export const forgetSent = (sighted: Sighted, askedAt: number): void => {
  const {sent} = sighted;
  if (sent.length === 0 || sent.every(({at}) => askedAt - at <= LATEST_SHOWN)) return;
  const remaining = sent.filter(({at}) => askedAt - at <= LATEST_SHOWN);
  sighted.sent = remaining.length > 0 ? remaining : NONE_SENT;
};
