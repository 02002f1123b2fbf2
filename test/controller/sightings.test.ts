/** What a reading of a workspace makes of what is known of its campaigns. */
import {describe, expect, it} from 'vitest';
import type {LiveReading} from '../../src/controller/ports.ts';
import {CampaignStore} from '../../src/controller/store/store.ts';
import {claim, live, WHOLE_READING} from '../support/fixtures.ts';

const NOW = {now: 100, ticks: 100};

/** A store in which these campaigns are declared, and those seen at 10. */
const open = async (declared: readonly string[], seen: readonly string[]): Promise<CampaignStore> => {
  const store = new CampaignStore('w', 'enforce', {listener: () => {}, random: () => 0.5});
  const claims = new Map(declared.map(id => [id, claim({campaignId: id, desired: 'active'})]));
  await store.adopt({claims, wishes: new Set(declared)}, undefined, {now: 0, ticks: 0});
  store.sightings.take(seen.map(campaignId => ({campaign: live('active', {campaignId}), askedAt: 10})));
  await store.settle(NOW);
  return store;
};

const read = async (store: CampaignStore, reading: Partial<LiveReading>, startedAt = 20) => {
  store.sightings.merge({...WHOLE_READING, listed: false, ...reading}, startedAt);
  await store.settle(NOW);
  return (id: string) => store.find(id)?.verdict?.state;
};

describe('a reading', () => {
  it('that could not make out a campaign leaves nothing known of it', async () => {
    const store = await open(['a'], ['a']);
    const state = await read(store, {unreadable: new Map([['a', {problem: '403', askedAt: 20}]])});
    expect(state('a')).toBe('unknown');
    expect(store.find('a')?.observation).toMatchObject({kind: 'unreadable', problem: '403'});
  });

  it.each<[string, Partial<LiveReading>, string]>([
    ['was put off', {postponed: ['a', 'b']}, 'will be asked for by its id'],
    [
      'had no answer',
      {
        unanswered: new Map([
          ['a', 'boom'],
          ['b', 'boom'],
        ]),
      },
      'boom',
    ],
  ])(
    'in which a campaign %s says so of one of which nothing is known, and leaves what is known',
    async (_name, reading, why) => {
      const store = await open(['a', 'b'], ['a']);
      const state = await read(store, reading);
      expect([state('a'), state('b')]).toEqual(['satisfied', 'unknown']);
      expect(store.find('b')?.observation).toMatchObject({
        kind: 'unreadable',
        problem: expect.stringContaining(why),
      });
    },
  );

  it('of everything forgets campaigns that it lacks and nobody declares, and no others', async () => {
    const store = await open(['declared'], ['declared', 'gone', 'there']);
    store.sightings.take([{campaign: live('active', {campaignId: 'there'}), askedAt: 20}]);
    const state = await read(store, {listed: true});
    expect(['declared', 'there', 'gone'].map(state)).toEqual(['satisfied', 'unmanaged', undefined]);
  });

  it('of a part forgets none', async () => {
    const state = await read(await open([], ['a']), {listed: false});
    expect(state('a')).toBe('unmanaged');
  });

  it('tells how many campaigns are new, or other than before', async () => {
    const store = await open([], ['a']);
    const campaigns = ['a', 'b', 'c'].map(campaignId => ({
      campaign: live('active', {campaignId}),
      askedAt: 20,
    }));
    expect(store.sightings.take(campaigns)).toBe(2);
    expect(store.sightings.take(campaigns)).toBe(0);
  });
});

describe('an action that was sent', () => {
  const sent = {action: 'pause', from: 'active', cause: 'pending', at: 20, sentAt: 20} as const;
  const paused = live('paused', {campaignId: 'a', updatedAt: 5_000});

  it('is known for whoever made what is shown then, unless it certainly had no effect', async () => {
    for (const isInVain of [false, true]) {
      const store = await open(['a'], ['a']);
      store.sightings.sending('a', sent, 1);
      if (isInVain) store.sightings.unsent('a', sent);
      store.sightings.confirm(paused, 30);
      expect(store.find('a')?.ownUpdatedAt).toBe(isInVain ? undefined : 5_000);
    }
  });
});

describe('whom the platform names for what is ours', () => {
  const sent = {action: 'pause', from: 'active', cause: 'pending', at: 20, sentAt: 20} as const;
  const late = live('paused', {campaignId: 'b', updatedAt: 7_000, updatedBy: 'key-2'});

  it.each([
    ['is known by an answer', {updatedAt: 5_000, updatedBy: 'key-1'}, 1, undefined],
    ['is not known any more with another key', {updatedAt: 5_000, updatedBy: 'key-1'}, 2, 7_000],
    ['is not known by an answer that tells the change before', {updatedAt: 0, updatedBy: 'ops'}, 1, 7_000],
  ])('%s', async (_name, answered, keysUsed, own) => {
    const store = await open(['a', 'b'], ['a', 'b']);
    store.sightings.sending('a', sent, 1);
    store.sightings.believe(live('paused', {campaignId: 'a', ...answered}), 30, sent);
    store.sightings.sending('b', sent, keysUsed);
    store.sightings.take([{campaign: late, askedAt: 40}]);
    expect(store.find('b')?.ownUpdatedAt).toBe(own);
  });
});

describe('a campaign that somebody moves on before the answer to an action came', () => {
  it.each([
    ['was made what is wanted: it has drifted', 'active', 'drifted'],
    ['was not made what is wanted: it is only due', 'paused', 'pending'],
  ] as const)('%s', async (_name, made, cause) => {
    const store = await open(['a'], []);
    const sent = {action: 'resume', from: 'paused', cause: 'pending', at: 20, sentAt: 20} as const;
    store.sightings.sending('a', sent, 1);
    const moved = live('paused', {campaignId: 'a', updatedAt: 6_000, updatedBy: 'ops'});
    store.sightings.take([{campaign: moved, askedAt: 30}]);
    store.sightings.believe(live(made, {campaignId: 'a', updatedAt: 5_000}), 40, sent);
    await store.settle(NOW);
    expect(store.find('a')?.verdict).toMatchObject({cause, steps: ['resume']});
  });
});

describe('a campaign', () => {
  it('is acted on for five seconds after a Get, and not after a doubt', async () => {
    const store = await open(['a'], ['a']);
    expect(store.sightings.fresh('a', 20)).toBeUndefined();
    store.sightings.confirm(live('active', {campaignId: 'a'}), 20);
    expect(store.sightings.fresh('a', 5_020)).toMatchObject({askedAt: 20});
    expect(store.sightings.fresh('a', 5_021)).toBeUndefined();
    store.sightings.doubt('a');
    expect(store.sightings.fresh('a', 21)).toBeUndefined();
  });
});
