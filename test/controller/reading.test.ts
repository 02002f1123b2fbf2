/** How far a workspace has been read, and what has to be asked for before anything may be resumed. */
import {describe, expect, it, vi} from 'vitest';
import type {ControllerEvent} from '../../src/controller/events.ts';
import type {LiveKnowledge, LiveReading, Platform} from '../../src/controller/ports.ts';
import {Reading} from '../../src/controller/reading.ts';
import {type KnownPast, NO_PAST} from '../../src/controller/store/known-past.ts';
import {CampaignStore} from '../../src/controller/store/store.ts';
import {claim, live, WHOLE_READING, WORKSPACE} from '../support/fixtures.ts';

const IDS = ['a', 'b', 'c'];
const NEVER = new AbortController().signal;

type Work = (knowledge: LiveKnowledge) => Partial<LiveReading> | Promise<Partial<LiveReading>>;

/** A workspace of three campaigns, whose readings come to what a test says. */
const create = async (past: Partial<KnownPast> = {}) => {
  const time = {now: 5_000_000, ticks: 1_000};
  const events: ControllerEvent[] = [];
  const listener = (event: ControllerEvent): void => void events.push(event);
  const store = new CampaignStore(WORKSPACE, 'enforce', {listener, random: () => 0.5});
  store.remember({...NO_PAST, ...past});
  const claims = new Map(IDS.map(campaignId => [campaignId, claim({campaignId, desired: 'paused'})]));
  await store.adopt({claims, wishes: new Set(IDS)}, undefined, time);
  await store.settle(time);
  let work: Work = () => ({});
  const answered = async (knowledge: LiveKnowledge): Promise<LiveReading> => ({
    ...WHOLE_READING,
    ...(await work(knowledge)),
  });
  const platform = {poll: vi.fn(answered), resync: vi.fn(answered)} as unknown as Platform;
  const clock = {now: () => time.now, ticks: () => time.ticks, after: () => () => {}};
  const reading = new Reading(store, {clock, listener, platform});
  const hooks = {heed: vi.fn(async () => {}), read: vi.fn()};
  const read = async (next: Work, reach: 'poll' | 'resync' = 'poll'): Promise<void> => {
    work = next;
    await reading.read(reach, NEVER, hooks);
    await store.settle(time);
  };
  return {events, hooks, platform, read, reading, store, time};
};

const seeing =
  (ids: readonly string[], more: Partial<LiveReading> = {}): Work =>
  ({take}) => {
    take(ids.map(campaignId => ({campaign: live('active', {campaignId}), askedAt: 1_000})));
    return more;
  };

describe('a workspace is whole', () => {
  it('once a reading has ended that nothing kept from its end', async () => {
    const {read, reading, time} = await create();
    expect([reading.isWhole, reading.polled, reading.readAt]).toEqual([false, false, undefined]);
    expect([reading.unasked, reading.unusable, reading.isSought]).toEqual([
      {putOff: 0, inVain: 0},
      [],
      false,
    ]);
    await read(seeing(IDS));
    expect([reading.isWhole, reading.polled, reading.readAt]).toEqual([true, true, time.now]);
  });

  it('where one of it is missing as well', async () => {
    const {read, reading, store} = await create();
    await read(seeing(['b', 'c'], {missing: new Map([['a', 1_000]])}));
    expect([reading.isWhole, store.find('a')?.verdict?.state]).toEqual([true, 'missing']);
  });

  it('not by one that failed; the platform was asked all the same', async () => {
    const {hooks, read, reading} = await create();
    const failure = {kind: 'unavailable', message: '500'} as const;
    await read(seeing(['a'], {failure}));
    expect([reading.isWhole, reading.polled, reading.readAt]).toEqual([false, true, undefined]);
    expect(hooks.read.mock.calls).toEqual([[failure]]);
  });

  it('not by one that was called off, of which nothing counts', async () => {
    const {hooks, read, reading, store} = await create();
    const failure = {kind: 'dropped', message: ''} as const;
    await read(() => ({failure, missing: new Map([['a', 1_000]])}));
    expect([reading.isWhole, reading.polled, store.find('a')?.verdict?.state]).toEqual([
      false,
      false,
      'unknown',
    ]);
    expect([hooks.read, hooks.heed].map(({mock}) => mock.calls.length)).toEqual([0, 0]);
  });

  it('no more when another revision comes, until one ends that began since', async () => {
    const {read, reading} = await create();
    await read(seeing(IDS));
    reading.revised();
    expect(reading.isWhole).toBe(false);
    await read(take => {
      reading.revised();
      return seeing(IDS)(take);
    });
    expect(reading.isWhole).toBe(false);
    await read(seeing(IDS));
    expect(reading.isWhole).toBe(true);
  });
});

describe('what a reading has put off', () => {
  it('keeps others waiting until it was asked for, and is not awaited again for being put off later', async () => {
    const {read, reading} = await create();
    await read(() => ({postponed: ['a', 'b']}));
    expect([reading.isWhole, reading.unasked]).toEqual([false, {putOff: 2, inVain: 0}]);
    await read(() => ({postponed: ['b', 'c']}));
    expect(reading.unasked).toEqual({putOff: 1, inVain: 0});
    await read(() => ({postponed: ['a', 'c']}));
    expect([reading.isWhole, reading.unasked]).toEqual([true, {putOff: 0, inVain: 0}]);
  });

  it('keeps others waiting for a minute at the most where it was asked for in vain', async () => {
    const {read, reading, time} = await create();
    const inVain = {unanswered: new Map([['a', '500']])};
    await read(() => inVain);
    expect(reading.unasked).toEqual({putOff: 0, inVain: 1});
    time.ticks += 59_999;
    await read(() => inVain);
    expect(reading.unasked).toEqual({putOff: 0, inVain: 1});
    time.ticks += 1;
    await read(() => inVain);
    expect([reading.isWhole, reading.unasked]).toEqual([true, {putOff: 0, inVain: 0}]);
  });

  it('counts as asked for in vain from then on, though it is put off again', async () => {
    const {read, reading} = await create();
    await read(() => ({unanswered: new Map([['a', '500']])}));
    await read(() => ({postponed: ['a']}));
    expect(reading.unasked).toEqual({putOff: 0, inVain: 1});
  });

  it('is awaited as well where nothing but an older version of it is shown than before this process began', async () => {
    const newest = live('active', {campaignId: 'a', updatedAt: 20});
    const {read, reading, time} = await create({lastSeen: id => (id === 'a' ? newest : undefined)});
    const older: Work = ({take}) => {
      take([{campaign: live('paused', {campaignId: 'a', updatedAt: 10}), askedAt: time.ticks}]);
      return seeing(['b', 'c'])({take} as LiveKnowledge);
    };
    await read(older);
    expect(reading.unasked).toEqual({putOff: 0, inVain: 1});
    time.ticks += 60_000;
    await read(older);
    expect([reading.isWhole, reading.unasked]).toEqual([true, {putOff: 0, inVain: 0}]);
  });

  it('is given up on where somebody does not wait for it', async () => {
    const {read, reading} = await create();
    reading.giveUp();
    expect(reading.isWhole).toBe(false);
    await read(() => ({postponed: ['a']}));
    reading.giveUp();
    expect(reading.isWhole).toBe(true);
  });
});

describe('a campaign of which nothing is known, newly wanted at rest,', () => {
  it('has to be asked for by a reading that begins afterwards', async () => {
    const {read, reading} = await create();
    await read(seeing(IDS));
    reading.seek(new Set());
    expect([reading.isWhole, reading.isSought]).toEqual([true, false]);
    reading.seek(new Set(['a']));
    expect([reading.isWhole, reading.isSought, reading.unasked.putOff]).toEqual([false, true, 1]);
    await read(take => {
      expect(reading.isSought).toBe(false);
      return seeing(IDS)(take);
    });
    expect(reading.isWhole).toBe(true);
  });

  it('is not asked for by a reading that is under way', async () => {
    const {read, reading} = await create();
    await read(seeing(IDS));
    await read(take => {
      reading.seek(new Set(['a']));
      return seeing(IDS)(take);
    });
    expect([reading.isWhole, reading.isSought]).toEqual([false, true]);
  });

  it('adds to what waits already', async () => {
    const {read, reading} = await create();
    await read(() => ({postponed: ['b']}));
    reading.seek(new Set(['a']));
    expect(reading.unasked.putOff).toBe(2);
  });
});

describe('while it is read', () => {
  it('news are heeded at once, and what is no news is not; at its end it is, always', async () => {
    const {hooks, read} = await create();
    await read(seeing(IDS));
    expect(hooks.heed).toHaveBeenCalledTimes(2);
    await read(seeing([]));
    expect(hooks.heed).toHaveBeenCalledTimes(3);
  });

  it('an error of whoever heeds is told, and ends nothing', async () => {
    const {events, hooks, read, reading} = await create();
    hooks.heed.mockRejectedValueOnce(new Error('broken'));
    await read(seeing(IDS), 'resync');
    expect(reading.isWhole).toBe(true);
    expect(events.filter(({kind}) => kind === 'unexpected-error')).toEqual([
      {kind: 'unexpected-error', work: 'resync', workspace: WORKSPACE, error: new Error('broken')},
    ]);
  });

  it('an unexpected error is told for what it is, and is not kept quiet', async () => {
    const {hooks, read, reading} = await create();
    await expect(read(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(hooks.read.mock.calls).toEqual([[{kind: 'unavailable', message: 'an unexpected error: broken'}]]);
    expect(reading.polled).toBe(false);
  });

  it('everything is asked for in a resync, and what may have changed in a poll', async () => {
    const {platform, read} = await create();
    await read(() => ({}), 'resync');
    expect([platform.poll, platform.resync].map(one => vi.mocked(one).mock.calls.length)).toEqual([0, 1]);
  });
});

it('campaigns that cannot be used are told when they are others, by readings that saw a list or found one', async () => {
  const {events, read, reading} = await create();
  const told = () => events.flatMap(event => (event.kind === 'unusable-changed' ? [event.problems] : []));
  await read(() => ({listed: false, unusable: []}));
  await read(() => ({listed: true, unusable: []}));
  expect(told()).toEqual([]);
  await read(() => ({listed: false, unusable: ['x', 'y']}));
  await read(() => ({listed: true, unusable: ['x', 'y']}));
  await read(() => ({listed: false, unusable: []}));
  expect([told(), reading.unusable]).toEqual([[['x', 'y']], ['x', 'y']]);
  await read(() => ({listed: true, unusable: ['xy']}));
  await read(() => ({listed: true, unusable: []}));
  expect([told(), reading.unusable]).toEqual([[['x', 'y'], ['xy'], []], []]);
});
