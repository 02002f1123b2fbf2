/** What stops the actions of a workspace as a whole, and which campaigns are judged anew where that changes. */
import {describe, expect, it} from 'vitest';
import {CampaignStore} from '../../src/controller/store/store.ts';
import type {Allowance} from '../../src/domain/limits.ts';
import {claim, live, WORKSPACE} from '../support/fixtures.ts';

const HOUR = 3_600_000;
const BEGIN = {now: 1_000 * HOUR, ticks: 0};
const AT = {now: BEGIN.now + 10 * HOUR, ticks: 10 * HOUR};
const RESUMED = ['a', 'b', 'c'];

const claims = (desired: 'active' | 'paused', ids: readonly string[]) => ({
  claims: new Map(ids.map(campaignId => [campaignId, claim({campaignId, desired})])),
  wishes: new Set(ids),
});

/** A workspace with three campaigns to be resumed since ten hours ago, and one that is as it should be. */
const create = async (): Promise<CampaignStore> => {
  const store = new CampaignStore(WORKSPACE, 'enforce', {listener: () => {}, random: () => 0.5});
  await store.adopt(claims('active', [...RESUMED, 'satisfied']), BEGIN.now, BEGIN);
  store.sightings.take([
    ...RESUMED.map(campaignId => ({campaign: live('paused', {campaignId}), askedAt: 1})),
    {campaign: live('active', {campaignId: 'satisfied'}), askedAt: 1},
  ]);
  await store.settle(BEGIN);
  return store;
};

const allowance = (resume: number, until = AT.now + HOUR): Allowance => ({
  name: 'a',
  workspace: WORKSPACE,
  resume,
  cancel: 0,
  until,
  reason: 'r',
  source: {file: 'a.yaml', line: 1},
});

const restraintOf = (store: CampaignStore, id: string): string | undefined =>
  store.find(id)?.verdict?.restraint?.reason;

/** How many campaigns are worked out by what is done. */
const settledBy = async (store: CampaignStore, work: () => void): Promise<number> => {
  const before = store.settled;
  work();
  await store.settle(AT);
  return store.settled - before;
};

const limits = (most: number) => {
  const limit = {most, share: 0, per: HOUR};
  return {resume: limit, cancel: limit};
};

describe('how old a resume may become', () => {
  it('is asked of every campaign once it is another time, and of none where it is the same', async () => {
    const store = await create();
    expect(await settledBy(store, () => store.stops.guard({resumeMaxAge: 5 * HOUR}))).toBe(4);
    expect(RESUMED.map(id => restraintOf(store, id))).toEqual(['stale', 'stale', 'stale']);
    expect(await settledBy(store, () => store.stops.guard({resumeMaxAge: 5 * HOUR}))).toBe(0);
    await settledBy(store, () => store.stops.guard({}));
    expect(restraintOf(store, 'a')).toBeUndefined();
  });

  it('does not matter while an allowance of resumes is in force, and does again when that has ended', async () => {
    const store = await create();
    await settledBy(store, () => store.stops.guard({resumeMaxAge: 5 * HOUR}));
    await settledBy(store, () => store.stops.allow([allowance(1)], AT.now));
    expect(restraintOf(store, 'a')).toBeUndefined();
    await store.settle({now: AT.now + 2 * HOUR, ticks: AT.ticks + 2 * HOUR});
    expect(restraintOf(store, 'a')).toBe('stale');
  });
});

describe('a limit', () => {
  it('stops all that are wanted where they are too many, and none where they are not', async () => {
    const store = await create();
    await settledBy(store, () => store.stops.guard({limits: limits(3)}));
    expect([restraintOf(store, 'a'), store.stops.texts(AT.now)]).toEqual([undefined, []]);
    await settledBy(store, () => store.stops.guard({limits: limits(2)}));
    expect(RESUMED.map(id => restraintOf(store, id))).toEqual(['limited', 'limited', 'limited']);
    expect(Object.keys(store.stops.restraints)).toEqual(['resume']);
    expect(store.stops.texts(AT.now)[0]).toContain('3 resumes are more than 2');
  });

  it('counts what is under way, though Git wants something else of it by now', async () => {
    const store = await create();
    const turns = [store.turns.take('resume'), store.turns.take('resume')].flatMap(entry => entry ?? []);
    await store.adopt(claims('paused', ['a', 'b']), undefined, AT);
    store.sightings.take([{campaign: live('paused', {campaignId: 'satisfied'}), askedAt: 2}]);
    await settledBy(store, () => store.stops.guard({limits: limits(3)}));
    expect([turns.map(({campaignId}) => campaignId), restraintOf(store, 'c')]).toEqual([
      ['a', 'b'],
      'limited',
    ]);
    store.turns.over(turns);
    await store.settle(AT);
    expect(restraintOf(store, 'c')).toBeUndefined();
  });
});

describe('an allowance', () => {
  it('has those worked out again that it may let through, and no others', async () => {
    const store = await create();
    let [first, again] = [true, true];
    expect(
      await settledBy(store, () => {
        first = store.stops.allow([{...allowance(0), cancel: 1}], AT.now);
      }),
    ).toBe(3);
    expect(
      await settledBy(store, () => {
        again = store.stops.allow([{...allowance(0), cancel: 1}], AT.now);
      }),
    ).toBe(0);
    expect([first, again]).toEqual([true, false]);
  });

  it('of another workspace has none worked out', async () => {
    const store = await create();
    const other = {...allowance(1), workspace: 'growth'};
    expect(await settledBy(store, () => store.stops.allow([other], AT.now))).toBe(0);
  });
});
