/** What was sent, and what may be acted on: whose a change is, and for how long that is remembered. */
import {describe, expect, it} from 'vitest';
import {FRESH_FOR} from '../../src/controller/freshness.ts';
import {believe, failToRead, failToReadUnlessKnown, miss, see} from '../../src/controller/store/see.ts';
import {takeOut} from '../../src/controller/store/sent.ts';
import {freshIn, newSighted, type Sent, type Sighted, statusIn} from '../../src/controller/store/sighted.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import type {Status} from '../../src/domain/transitions.ts';
import {live} from '../support/fixtures.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];

const show = (
  sighted: Sighted,
  status: Status,
  askedAt: number,
  shown: Partial<LiveCampaign> = {},
  confirmed = false,
): boolean => see(sighted, live(status, shown), {askedAt, confirmed});
const sentAt = (at: number, dayTime = at): Sent => ({
  action: 'pause',
  cause: 'pending',
  from: 'active',
  at,
  sentAt: dayTime,
});
/** Seen active at first, with actions that were sent. */
const active = (...sent: readonly Sent[]): Sighted => {
  const sighted = newSighted();
  show(sighted, 'active', 0, {updatedAt: 1});
  sighted.sent = sent;
  return sighted;
};

describe('a change that an action of ours would have made', () => {
  it('is ours for ten minutes after it was sent, by this clock or by the platform’s', () => {
    const own = (askedAt: number, updatedAt: number, at = 0): number | undefined => {
      const sighted = active(sentAt(at, DAY));
      show(sighted, 'paused', askedAt, {updatedAt});
      return sighted.ownUpdatedAt;
    };
    expect(own(15 * MINUTE, 2, 5 * MINUTE)).toBe(2);
    expect(own(15 * MINUTE + 1, 2, 5 * MINUTE)).toBeUndefined();
    for (const away of [-10 * MINUTE, 10 * MINUTE]) expect(own(60 * MINUTE, DAY + away)).toBe(DAY + away);
    for (const away of [-11 * MINUTE, 11 * MINUTE]) expect(own(60 * MINUTE, DAY + away)).toBeUndefined();
  });

  it('is told once, and what was sent is taken out; another that was sent stays', () => {
    const [one, two] = [sentAt(0), {...sentAt(0), action: 'cancel'} as const];
    const sighted = active(one, two);
    const told: Sent[] = [];
    const reading = {askedAt: 1, confirmed: false, onEffect: (sent: Sent) => void told.push(sent)};
    see(sighted, live('paused', {updatedAt: 2}), reading);
    see(sighted, live('paused', {updatedAt: 3}), {...reading, askedAt: 2});
    expect([told, sighted.sent, sighted.ownUpdatedAt]).toEqual([[one], [two], 2]);
  });

  it('is another’s where the platform names another, and ours where it names nobody', () => {
    const own = (shown: Partial<LiveCampaign>): boolean => {
      const sighted = active(sentAt(0));
      see(sighted, live('paused', {updatedAt: 2, ...shown}), {askedAt: 1, confirmed: false, ownName: 'key'});
      return sighted.ownUpdatedAt === 2;
    };
    expect([own({updatedBy: 'ops'}), own({updatedBy: 'key'}), own({})]).toEqual([false, true, true]);
  });

  it('is ours where the clock has gone on from it, whomever the platform names for that', () => {
    const sighted = newSighted();
    show(sighted, 'paused', 0, {updatedAt: 1});
    sighted.sent = [{...sentAt(0), action: 'resume', from: 'paused'}];
    const reading = {askedAt: 1, confirmed: false, ownName: 'key'};
    see(sighted, live('active', {updatedAt: 2, updatedBy: 'system'}), reading);
    expect(sighted.ownUpdatedAt).toBe(2);
  });

  it('is ours where a status came in between that nobody knows, of the same change', () => {
    const sighted = active(sentAt(0));
    show(sighted, 'pausing' as Status, 1, {updatedAt: 2});
    show(sighted, 'paused', 2, {updatedAt: 2});
    expect(sighted.ownUpdatedAt).toBe(2);
  });

  it('is ours where nothing was known of the campaign before', () => {
    const sighted = newSighted();
    sighted.sent = [sentAt(0)];
    show(sighted, 'paused', 1, {updatedAt: 2});
    expect(sighted.ownUpdatedAt).toBe(2);
  });
});

describe('what was sent', () => {
  it('is forgotten a day later, and not before, by what is shown and by what is answered', () => {
    const [old, recent] = [sentAt(0), sentAt(MINUTE)];
    const left = (take: (sighted: Sighted) => unknown): readonly Sent[] => {
      const sighted = active(old, recent);
      take(sighted);
      return sighted.sent;
    };
    for (const take of [
      (at: number) => (sighted: Sighted) => show(sighted, 'active', at, {updatedAt: 1}),
      (at: number) => (sighted: Sighted) =>
        believe(sighted, live('active', {updatedAt: 1}), {at, sentAt: at}),
    ]) {
      expect(left(take(DAY))).toEqual([old, recent]);
      expect(left(take(DAY + 1))).toEqual([recent]);
      expect(left(take(DAY + MINUTE + 1))).toEqual([]);
    }
  });

  it('is taken out once', () => {
    const [one, two] = [sentAt(0), sentAt(1)];
    const sighted = active(one, two);
    expect([takeOut(sighted, one), takeOut(sighted, one), sighted.sent]).toEqual([true, false, [two]]);
    expect([takeOut(sighted, two), sighted.sent]).toEqual([true, []]);
  });
});

describe('what is fresh enough to act on', () => {
  it('is what a Get told within its time, and nothing that a list says', () => {
    const sighted = newSighted();
    show(sighted, 'active', 5);
    show(sighted, 'active', 3);
    expect(sighted.seenAt).toBe(5);
    expect([freshIn(undefined, 0), freshIn(newSighted(), 0)]).toEqual([undefined, undefined]);
    show(sighted, 'active', 10);
    expect(freshIn(sighted, 10)).toBeUndefined();
    show(sighted, 'active', 20, {}, true);
    expect(freshIn(sighted, 20 + FRESH_FOR)).toEqual({campaign: live('active'), askedAt: 20});
    expect(freshIn(sighted, 21 + FRESH_FOR)).toBeUndefined();
  });

  it('stays so where a list shows the same, and no longer where it shows another version or status', () => {
    const staysFresh = (status: Status, updatedAt: number): boolean => {
      const sighted = newSighted();
      show(sighted, 'active', 10, {updatedAt: 1_001}, true);
      show(sighted, status, 11, {updatedAt});
      return freshIn(sighted, 12) !== undefined;
    };
    expect([staysFresh('active', 1_001), staysFresh('active', 1_002), staysFresh('paused', 1_001)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is nothing that is missing or cannot be read, nor what a later change outweighs', () => {
    for (const lose of [(one: Sighted) => miss(one, 11), (one: Sighted) => failToRead(one, 'x', 11)]) {
      const sighted = newSighted();
      show(sighted, 'active', 10, {}, true);
      lose(sighted);
      expect([freshIn(sighted, 12), sighted.confirmedAt]).toEqual([undefined, undefined]);
    }
    const sighted = newSighted();
    show(sighted, 'cancelled', 20, {updatedAt: 5}, true);
    believe(sighted, live('paused', {updatedAt: 4}), {at: 21, sentAt: 10});
    expect([statusIn(sighted), freshIn(sighted, 21)]).toEqual(['cancelled', undefined]);
  });

  it('is what an action was answered, where nothing later was shown meanwhile', () => {
    const sighted = newSighted();
    show(sighted, 'active', 20, {updatedAt: 4}, true);
    believe(sighted, live('paused', {updatedAt: 5}), {at: 21, sentAt: 10});
    expect(freshIn(sighted, 21)).toMatchObject({askedAt: 21, campaign: {updatedAt: 5}});
    expect(sighted).toMatchObject({readAt: 21, seenAt: 21, ownUpdatedAt: 5});
  });
});

describe('news', () => {
  it('of a campaign is that it is missing, or why it cannot be read, once', () => {
    const sighted = newSighted();
    expect([miss(sighted, 1), miss(sighted, 2)]).toEqual([true, false]);
    const told = ['x', 'x', 'y'].map((problem, at) => failToRead(sighted, problem, at + 2));
    expect(told).toEqual([true, false, true]);
    expect(sighted.observation).toEqual({kind: 'unreadable', problem: 'y'});
  });

  it('that it cannot be read says nothing where it is known, and counts where it is not', () => {
    const sighted = newSighted();
    expect(failToReadUnlessKnown(sighted, 'x')).toBe(true);
    expect(failToReadUnlessKnown(sighted, 'y')).toBe(true);
    show(sighted, 'active', 1);
    expect(failToReadUnlessKnown(sighted, 'x')).toBe(false);
    expect([statusIn(sighted), statusIn(undefined), statusIn(newSighted())]).toEqual([
      'active',
      undefined,
      undefined,
    ]);
  });

  it('is a window that was not known, and not one that a list leaves out', () => {
    const sighted = newSighted();
    show(sighted, 'active', 1);
    expect(show(sighted, 'active', 2, {window: {endsAt: 9}})).toBe(true);
    expect(show(sighted, 'active', 3)).toBe(false);
    expect(show(sighted, 'active', 4, {window: {endsAt: 9}})).toBe(false);
  });

  it('is what the platform’s clock made, to the fraction of a second once that is told', () => {
    const sighted = newSighted();
    show(sighted, 'scheduled', 0, {updatedAt: 1_000});
    show(sighted, 'active', 1, {updatedAt: 5_000});
    show(sighted, 'active', 2, {updatedAt: 5_678});
    expect([sighted.byItselfAt, sighted.ownUpdatedAt]).toEqual([5_678, undefined]);
  });
});
