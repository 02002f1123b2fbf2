/** When a pass follows another one that nothing new has asked for. */
import {describe, expect, it} from 'vitest';
import {Health} from '../../src/controller/health.ts';
import {isMoving, isProgress, nextTime, resultOf} from '../../src/controller/pass-end.ts';
import {CampaignStore} from '../../src/controller/store/store.ts';
import type {Outcome} from '../../src/domain/outcome.ts';
import {claim, live} from '../support/fixtures.ts';

const AT = {now: 100_000, ticks: 50_000};

/** A workspace with a campaign to be paused, and one to be resumed; those that are named are not due. */
const create = async (...resting: readonly string[]): Promise<CampaignStore> => {
  const store = new CampaignStore('collections', 'enforce', {listener: () => {}, random: () => 0.5});
  const claims = new Map([
    ['p', claim({campaignId: 'p', desired: 'paused'})],
    ['r', claim({campaignId: 'r', desired: 'active'})],
  ]);
  await store.adopt({claims, wishes: new Set(claims.keys())}, undefined, AT);
  const statusOf = (id: string): string => ((id === 'p') === resting.includes(id) ? 'paused' : 'active');
  store.sightings.take(
    ['p', 'r'].map(campaignId => ({campaign: live(statusOf(campaignId), {campaignId}), askedAt: 1})),
  );
  await store.settle(AT);
  return store;
};

const throttled = (more: {retryAt: number; probeAt?: number}): Health => {
  const health = new Health('collections');
  health.polled({kind: 'throttled', message: '429', ...more});
  return health;
};

describe('the next pass', () => {
  it('is at once where what failed in this one is due again, and not where it came to nothing', async () => {
    const store = await create();
    const health = new Health('collections');
    expect(nextTime(store, health, AT, true)).toBe(50_200);
    expect(nextTime(store, health, AT, false)).toBeUndefined();
  });

  it('is at the end of a rest where anything is due; for a pause when that may be tried', async () => {
    const health = throttled({retryAt: 90_000, probeAt: 70_000});
    expect(nextTime(await create(), health, AT, false)).toBe(70_000);
    expect(nextTime(await create('p'), health, AT, false)).toBe(90_000);
    expect(nextTime(await create('p', 'r'), health, AT, true)).toBeUndefined();
  });

  it('is when a campaign that failed is tried again, be it in a rest, and never sooner than a fifth of a second', async () => {
    const store = await create('r');
    const fail = async (after: number): Promise<void> => {
      store.ended(
        'p',
        {kind: 'deferred', action: 'pause', message: '', retryAt: AT.now + after},
        AT,
        true,
        'pending',
      );
      await store.settle(AT);
    };
    await fail(5_000);
    expect(nextTime(store, new Health('collections'), AT, true)).toBe(55_000);
    await fail(39_995);
    expect(nextTime(store, throttled({retryAt: 90_000}), AT, true)).toBe(90_000);
    await fail(39_994);
    expect(nextTime(store, throttled({retryAt: 90_000}), AT, true)).toBe(89_994);
    await fail(50);
    expect(nextTime(store, new Health('collections'), AT, true)).toBe(50_200);
  });
});

describe('what a pass came to', () => {
  const outcome = (kind: Outcome['kind']) => [{kind, action: 'pause', message: ''} as Outcome];

  it.each<[Outcome['kind'], boolean, boolean, string]>([
    ['applied', true, true, 'success'],
    ['superseded', true, true, 'success'],
    ['deferred', false, true, 'failure'],
    ['refused', false, true, 'failure'],
    ['skipped', false, false, 'success'],
  ])('%s', (kind, moving, progress, result) => {
    const all = outcome(kind);
    expect([isMoving(all), isProgress(all), resultOf(all, undefined)]).toEqual([moving, progress, result]);
    expect(resultOf(all, {reason: 'Throttled', message: '', stalls: false})).toBe('failure');
    expect([isMoving([]), isProgress([]), resultOf([], undefined)]).toEqual([false, false, 'success']);
  });
});
