/** Which campaigns have their turn in a pass, in which order, and which wait for others. */
import {describe, expect, it} from 'vitest';
import {CampaignStore} from '../../src/controller/store/store.ts';
import {MOST_IN_A_PASS, type Taking, takeDue} from '../../src/controller/take-due.ts';
import type {Action} from '../../src/domain/transitions.ts';
import {claim, live} from '../support/fixtures.ts';

const AT = {now: 100_000, ticks: 100_000};
const ALL: Taking = {most: MOST_IN_A_PASS, resumes: true, sound: [], ticks: AT.ticks, isDryRun: false};

/** A workspace in which `p…` are to be paused, `c…` cancelled and `r…` resumed. */
const create = async (...ids: readonly string[]): Promise<CampaignStore> => {
  const store = new CampaignStore('collections', 'enforce', {listener: () => {}, random: () => 0.5});
  const desired = {p: 'paused', c: 'cancelled', r: 'active'} as const;
  const claims = new Map(
    ids.map(id => [id, claim({campaignId: id, name: id, desired: desired[id[0] as 'p' | 'c' | 'r']})]),
  );
  await store.adopt({claims, wishes: new Set(ids)}, undefined, AT);
  store.sightings.take(
    ids.map(campaignId => ({
      campaign: live(campaignId.startsWith('r') ? 'paused' : 'active', {campaignId}),
      askedAt: 1,
    })),
  );
  await store.settle(AT);
  return store;
};

const fail = async (store: CampaignStore, id: string, action: Action, later = 5_000): Promise<void> => {
  const outcome = {kind: 'deferred', action, message: '', retryAt: AT.now + later} as const;
  store.ended(id, outcome, AT, true, 'pending');
  await store.settle(AT);
};

const taken = (store: CampaignStore, taking: Partial<Taking> = {}) => {
  const {isWhole, taken: all} = takeDue(store, {...ALL, ...taking});
  return [all.map(({campaignId}) => campaignId), isWhole];
};

const over = async (store: CampaignStore, ...ids: readonly string[]): Promise<void> => {
  store.turns.over(ids.flatMap(id => store.find(id) ?? []));
  await store.settle(AT);
};

describe('a pass', () => {
  it('takes pauses first, by name; what comes after them waits until their turns are over', async () => {
    const store = await create('r1', 'p2', 'c1', 'p1');
    expect(taken(store)).toEqual([['p1', 'p2'], false]);
    expect(taken(store)).toEqual([[], false]);
    for (const id of ['p1', 'p2']) store.sightings.confirm(live('paused', {campaignId: id, updatedAt: 9}), 9);
    await over(store, 'p1', 'p2');
    expect(taken(store)).toEqual([['c1'], false]);
    store.sightings.confirm(live('cancelled', {campaignId: 'c1', updatedAt: 9}), 9);
    await over(store, 'c1');
    expect(taken(store)).toEqual([['r1'], true]);
  });

  it('takes so many at the most, and says that there is more', async () => {
    const store = await create('p1', 'p2', 'p3');
    expect(taken(store, {most: 2})).toEqual([['p1', 'p2'], false]);
    expect(taken(store, {most: 2})).toEqual([['p3'], true]);
  });

  it('takes no resume where not everything was read', async () => {
    const store = await create('r1', 'p1');
    expect(taken(store, {resumes: false})).toEqual([['p1'], true]);
    store.sightings.confirm(live('paused', {campaignId: 'p1', updatedAt: 9}), 9);
    await over(store, 'p1');
    expect([taken(store, {resumes: false}), taken(store)]).toEqual([
      [[], true],
      [['r1'], true],
    ]);
  });

  it('takes all kinds where nothing is sent', async () => {
    expect(taken(await create('r1', 'c1', 'p1'), {isDryRun: true})).toEqual([['p1', 'c1', 'r1'], true]);
  });

  it('takes nothing that waits for its next try, and a resume not before a pause that failed once', async () => {
    const store = await create('p1', 'r1');
    taken(store);
    await fail(store, 'p1', 'pause');
    await over(store, 'p1');
    expect(taken(store)).toEqual([[], false]);
    expect(taken(store, {isDryRun: true})).toEqual([['r1'], true]);
  });

  it('takes a resume though a pause that failed once could not be tried again for half a minute', async () => {
    const store = await create('p1', 'r1');
    taken(store);
    await fail(store, 'p1', 'pause', 60_000);
    await over(store, 'p1');
    expect([29_999, 30_000].map(later => taken(store, {ticks: AT.ticks + later})[0])).toEqual([[], ['r1']]);
  });

  it('takes a resume though a pause fails again and again', async () => {
    const store = await create('p1', 'r1');
    taken(store);
    await fail(store, 'p1', 'pause');
    await fail(store, 'p1', 'pause');
    await over(store, 'p1');
    expect(taken(store)).toEqual([['r1'], true]);
  });

  it('does not have a pause wait for a resume that failed once', async () => {
    const store = await create('p1', 'r1');
    await fail(store, 'r1', 'resume');
    expect(taken(store)).toEqual([['p1'], true]);
  });
});

describe('in an outage', () => {
  it('a campaign that has not failed goes alone, by the kinds of action that are named', async () => {
    const store = await create('p1', 'p2', 'r1');
    await fail(store, 'p1', 'pause', 0);
    expect(taken(store, {sound: ['resume']})[0]).toEqual(['p1', 'p2']);
    await over(store, 'p1', 'p2');
    expect(taken(store, {sound: ['pause']})).toEqual([['p2'], false]);
    expect(taken(store, {sound: ['pause']})).toEqual([['p1'], false]);
    await over(store, 'p1', 'p2');
    for (const id of ['p1', 'p2', 'p2']) await fail(store, id, 'pause', 0);
    expect(taken(store, {sound: ['pause', 'cancel', 'resume']})).toEqual([['r1'], false]);
    expect(taken(store, {sound: ['pause', 'cancel', 'resume']})).toEqual([['p1', 'p2'], true]);
  });

  it('a resume does not where not everything was read', async () => {
    const store = await create('r1');
    expect(taken(store, {sound: ['resume'], resumes: false})).toEqual([[], true]);
  });
});

describe('campaigns that have their turn', () => {
  it('are counted by what they were taken for, but for those that are among others', async () => {
    const store = await create('p1', 'p2', 'r1');
    taken(store, {isDryRun: true});
    const p1 = store.find('p1');
    expect([
      store.turns.number('pause', new Set()),
      store.turns.number('pause', new Set(p1 ? [p1] : [])),
      store.turns.number('cancel', new Set()),
    ]).toEqual([2, 1, 0]);
    await over(store, 'p1');
    expect(store.turns.number('pause', new Set())).toBe(1);
  });

  it('are not due meanwhile, and are again once they are over', async () => {
    const store = await create('p1');
    expect(store.indexes.due.number('pause')).toBe(1);
    taken(store);
    await store.settle(AT);
    expect([taken(store)[0], store.turns.isAwaited('pause'), store.turns.isAwaited('resume')]).toEqual([
      [],
      true,
      false,
    ]);
    await over(store, 'p1');
    expect([store.turns.isAwaited('pause'), taken(store)[0]]).toEqual([false, ['p1']]);
  });

  it('that are due for something else by now are due for that, once', async () => {
    const store = await create('p1');
    store.sightings.take([{campaign: live('paused', {campaignId: 'p1', updatedAt: 5}), askedAt: 5}]);
    await store.settle(AT);
    expect([store.indexes.due.number('pause'), taken(store)]).toEqual([0, [[], true]]);
    store.sightings.take([{campaign: live('active', {campaignId: 'p1', updatedAt: 6}), askedAt: 6}]);
    await store.settle(AT);
    expect([store.indexes.due.number('pause'), taken(store)[0], taken(store)[0]]).toEqual([1, ['p1'], []]);
  });
});
