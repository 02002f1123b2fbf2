/** One pass of a workspace: what it takes, what it gives way to, and what it learns of the platform. */
import {describe, expect, it, vi} from 'vitest';
import {Passes} from '../../src/controller/passes.ts';
import type {Failure, Reply} from '../../src/controller/ports.ts';
import {MOST_IN_A_PASS} from '../../src/controller/take-due.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import {live} from '../support/fixtures.ts';
import {changes, type Opened, openState, REVISION} from '../support/workspace-state.ts';

const BROKEN: Reply<LiveCampaign> = {ok: false, failure: {kind: 'unavailable', message: '500'}};

type Desired = Parameters<typeof changes>[0];

/** A workspace that has been read, of which a revision wants something. */
const create = async (desired: Desired, given: Opened = {}) => {
  const opened = openState(given);
  const {dependencies, poll, settings, state} = opened;
  const passes = new Passes(state, dependencies);
  const stopping = new AbortController();
  const onNews = vi.fn();
  const run = () =>
    passes.run({ground: () => ({revision: REVISION, settings}), signal: stopping.signal, onNews});
  await state.adopt(REVISION, changes(desired));
  await poll();
  return {...opened, passes, run, onNews, stop: () => stopping.abort()};
};

const ALL: Desired = {p: 'paused', c: 'cancelled', r: 'active'};
const STATUSES = {p: 'active', c: 'active', r: 'paused'};

describe('a pass', () => {
  it('sends what is due, in the order of actions, and is followed by another that finds nothing', async () => {
    const {passes, run, sent, time, told} = await create(ALL, {
      statuses: STATUSES,
      update: async () => {
        time.ticks += 500;
        return undefined;
      },
    });
    expect(passes.hasEnded).toBe(false);
    expect(await run()).toMatchObject({again: true, read: false});
    expect(sent).toEqual(['pause p']);
    while ((await run()).again);
    expect(sent).toEqual(['pause p', 'cancel c', 'resume r']);
    expect(told('pass-ended')[0]).toEqual({
      kind: 'pass-ended',
      workspace: 'collections',
      result: 'success',
      seconds: 0.5,
    });
    expect([passes.hasEnded, passes.actionsLeft]).toEqual([true, 0]);
  });

  it('resumes nothing before the workspace has been read whole since the revision came', async () => {
    const {poll, run, sent, state} = await create({r: 'active'}, {statuses: STATUSES});
    state.reading.revised();
    expect((await run()).again).toBe(false);
    expect(sent).toEqual([]);
    await poll();
    await run();
    expect(sent).toEqual(['resume r']);
  });

  it('has not ended one that asked for nothing', async () => {
    const {dependencies, settings, state} = openState();
    const passes = new Passes(state, dependencies);
    await passes.run({
      ground: () => ({revision: REVISION, settings}),
      signal: new AbortController().signal,
      onNews: () => {},
    });
    expect(passes.hasEnded).toBe(false);
  });

  it('asks for a reading where campaigns are sought', async () => {
    const {run, state} = await create({});
    state.reading.seek(new Set(['x']));
    expect((await run()).read).toBe(true);
  });

  it('is followed by another where more is due than it takes', async () => {
    const ids = Array.from({length: MOST_IN_A_PASS + 1}, (_, at) => `c${at}`);
    const {run, sent} = await create(Object.fromEntries(ids.map(id => [id, 'paused'])));
    const {again} = await run();
    expect([again, sent.length]).toEqual([true, MOST_IN_A_PASS]);
    await run();
    expect(sent.length).toBe(MOST_IN_A_PASS + 1);
  });

  it('is followed by another where more is due than it takes, though all of that was refused', async () => {
    const ids = Array.from({length: MOST_IN_A_PASS + 1}, (_, at) => `c${at}`);
    const {run} = await create(Object.fromEntries(ids.map(id => [id, 'paused'])), {
      update: async () => ({ok: false, failure: {kind: 'rejected', message: '403'}}),
    });
    expect((await run()).again).toBe(true);
    expect((await run()).again).toBe(false);
  });

  it('that has nothing to wait for says no time', async () => {
    const {run} = await create({});
    expect(await run()).toEqual({again: false, read: false});
  });

  it('sends nothing in a dry run, and takes all there is, whatever its kind', async () => {
    const ids = Array.from({length: MOST_IN_A_PASS + 1}, (_, at) => `c${at}`);
    const desired = {...Object.fromEntries(ids.map(id => [id, 'paused'] as const)), r: 'active'} as const;
    const {run, sent, told} = await create(desired, {statuses: STATUSES, settings: {dryRun: true}});
    expect((await run()).again).toBe(false);
    expect([sent, told('action-ended').length]).toEqual([[], ids.length + 1]);
  });
});

describe('a pass that is out of date', () => {
  it('ends after what is in flight, and another follows, which tells what came late', async () => {
    const {promise, resolve} = Promise.withResolvers<void>();
    const {onNews, passes, run, sent, told} = await create(
      {p: 'paused', q: 'paused'},
      {update: async () => promise.then(() => undefined)},
    );
    const running = run();
    await vi.waitFor(() => expect(sent).toEqual(['pause p']));
    expect(passes.actionsLeft).toBe(2);
    passes.interrupt();
    expect((await running).again).toBe(true);
    expect([told('pass-ended')[0]?.result, onNews.mock.calls.length]).toEqual(['interrupted', 0]);
    resolve();
    await passes.idle();
    expect([onNews.mock.calls.length, sent]).toEqual([1, ['pause p']]);
  });

  it('is followed by none once the workspace is left', async () => {
    const {run, stop, told} = await create({p: 'paused'});
    stop();
    expect((await run()).again).toBe(false);
    expect(told('pass-ended')[0]?.result).toBe('interrupted');
  });

  it('is one that is past its pauses when another pause becomes due; one of pauses goes on', async () => {
    for (const first of ['pause', 'resume'] as const) {
      const {promise, resolve} = Promise.withResolvers<void>();
      const {passes, run, sent, state, told} = await create(
        first === 'pause' ? {x: 'paused'} : {x: 'active'},
        {
          statuses: {x: first === 'pause' ? 'active' : 'paused'},
          update: async () => promise.then(() => undefined),
        },
      );
      const running = run();
      await vi.waitFor(() => expect(sent).toEqual([`${first} x`]));
      await passes.heed();
      await state.adopt(REVISION, changes({p: 'paused'}));
      state.store.sightings.take([{campaign: live('active', {campaignId: 'p'}), askedAt: 1_000}]);
      await passes.heed();
      resolve();
      await running;
      expect(told('pass-ended')[0]?.result).toBe(first === 'pause' ? 'success' : 'interrupted');
    }
  });

  it('is one of resumes when a campaign of which nothing is known is newly wanted at rest', async () => {
    const {promise, resolve} = Promise.withResolvers<void>();
    const {passes, run, sent, state, told} = await create(
      {r: 'active'},
      {statuses: STATUSES, update: async () => promise.then(() => undefined)},
    );
    const running = run();
    await vi.waitFor(() => expect(sent).toEqual(['resume r']));
    state.reading.seek(new Set(['x']));
    await passes.heed();
    resolve();
    expect(await running).toMatchObject({again: true, read: true});
    expect(told('pass-ended')[0]?.result).toBe('interrupted');
  });

  it('is none that is past its pauses while no pause is due', async () => {
    const {promise, resolve} = Promise.withResolvers<void>();
    const {passes, run, sent, told} = await create(
      {r: 'active'},
      {statuses: STATUSES, update: async () => promise.then(() => undefined)},
    );
    const running = run();
    await vi.waitFor(() => expect(sent).toEqual(['resume r']));
    await passes.heed();
    resolve();
    expect((await running).again).toBe(true);
    expect(told('pass-ended')[0]?.result).toBe('success');
  });

  it('is none where nothing goes on', async () => {
    const {passes, state} = await create({p: 'paused'});
    const interrupted = vi.spyOn(passes, 'interrupt');
    await state.settled();
    await passes.heed();
    expect(interrupted).not.toHaveBeenCalled();
  });
});

describe('in an outage of actions', () => {
  const PAUSES: Desired = {p1: 'paused', p2: 'paused', p3: 'paused'};
  const HALT: Failure = {kind: 'unavailable', message: '500', retryAt: 1_500};

  /** A workspace of which no action is answered, until it is mended. */
  const broken = async (desired: Desired, given: Opened = {}) => {
    let answer: Reply<LiveCampaign> | 'as it should' | undefined;
    const opened = await create(desired, {
      ...given,
      update: async () => {
        if (answer === 'as it should') return undefined;
        return answer ?? {ok: false, failure: {...HALT, retryAt: opened.time.ticks + 500}};
      },
    });
    const later = (): void => {
      opened.time.ticks += 1_000;
      opened.time.now += 1_000;
    };
    return {
      ...opened,
      later,
      mend: (by: Reply<LiveCampaign> | 'as it should' = 'as it should') => {
        answer = by;
      },
    };
  };

  it('one campaign that has not failed is tried at a time, and once that is answered all are', async () => {
    const {later, mend, run, sent, state, told} = await broken(PAUSES);
    expect((await run()).again).toBe(false);
    expect([sent, state.trouble?.reason, told('pass-ended')[0]?.result]).toEqual([
      ['pause p1'],
      'ActionsUnanswered',
      'failure',
    ]);
    later();
    expect((await run()).again).toBe(false);
    expect(sent).toEqual(['pause p1', 'pause p2']);
    mend();
    later();
    await run();
    expect([sent.slice(2), state.trouble]).toEqual([['pause p3'], undefined]);
    await run();
    expect(sent.slice(3).toSorted()).toEqual(['pause p1', 'pause p2']);
  });

  it('a resume is tried alone once the pauses that failed were tried again in vain', async () => {
    const {later, run, sent} = await broken({p: 'paused', r: 'active'}, {statuses: STATUSES});
    for (let pass = 0; pass < 3; pass++) {
      await run();
      later();
    }
    expect(sent).toEqual(['pause p', 'pause p', 'resume r']);
  });

  it('resumes that have not failed are tried in between, one after each try of the pause in vain', async () => {
    const {later, run, sent} = await broken(
      {p: 'paused', r1: 'active', r2: 'active'},
      {statuses: {...STATUSES, r1: 'paused', r2: 'paused'}},
    );
    for (let pass = 0; pass < 6; pass++) {
      await run();
      later();
    }
    expect(sent).toEqual(['pause p', 'pause p', 'resume r1', 'pause p', 'resume r2', 'pause p']);
  });

  it.each<[string, Failure, boolean]>([
    ['is over with a refusal', {kind: 'rejected', message: '403'}, true],
    ['is not with what no answer is', {kind: 'malformed', message: 'HTML', noAnswer: true}, false],
  ])('%s', async (_what, failure, isOver) => {
    const {later, mend, run, state} = await broken(PAUSES);
    await run();
    mend({ok: false, failure});
    later();
    await run();
    expect(state.trouble === undefined).toBe(isOver);
  });

  it('is over where nothing is due any more, after its rest', async () => {
    const {later, run, state} = await broken({p: 'paused'});
    await run();
    await state.adopt(REVISION, changes({p: 'active'}));
    expect(state.trouble).toBeDefined();
    await run();
    expect(state.trouble).toBeDefined();
    later();
    await run();
    expect(state.trouble).toBeUndefined();
  });

  it('the next pass is when what failed is tried again', async () => {
    const {run, time} = await broken({p: 'paused'});
    expect((await run()).wakeAt).toBe(time.ticks + 500);
  });
});

it('a pass in which an action is answered has the workspace read again that could not be', async () => {
  const {run, state} = await create({p: 'paused'});
  state.health.polled({kind: 'throttled', message: '429', retryAt: 900});
  expect(await run()).toMatchObject({read: true});
  expect(state.health.failure).toBeUndefined();
  expect(await run()).toMatchObject({read: false});
});

it('a pass in which none is answered has nothing read', async () => {
  const {run, state} = await create({p: 'paused'}, {update: async () => BROKEN});
  state.health.polled({kind: 'throttled', message: '429', retryAt: 900});
  expect(await run()).toMatchObject({read: false});
});

it('a campaign that fails by itself ends no pass', async () => {
  const {run, sent, told} = await create(
    {p1: 'paused', p2: 'paused'},
    {update: async id => (id === 'p1' ? BROKEN : undefined)},
  );
  expect((await run()).again).toBe(true);
  expect([sent, told('pass-ended')[0]?.result]).toEqual([['pause p1', 'pause p2'], 'failure']);
});
