/** What is known of one workspace: a revision is in force as a whole, and its trouble is told once. */
import {describe, expect, it} from 'vitest';
import type {Failure} from '../../src/controller/ports.ts';
import {claim, live, WORKSPACE} from '../support/fixtures.ts';
import {changes, type Opened, openState, REVISION} from '../support/workspace-state.ts';

const IDS = ['a', 'b'];
const PAUSED = changes({a: 'paused', b: 'paused'});
const ACTIVE = changes({a: 'active', b: 'active'});

const DEFERRED = {kind: 'deferred', action: 'pause', message: '500'} as const;

/** A workspace that has been read, whose campaigns are active and shall be paused. */
const openRead = async (given: Opened = {}) => {
  const opened = openState(given);
  await opened.state.adopt(REVISION, PAUSED);
  await opened.poll();
  return opened;
};

describe('a revision', () => {
  it('says of each campaign what it wishes, or words otherwise, with what was there before', async () => {
    const {state, told} = openState();
    await state.adopt(REVISION, PAUSED);
    const reworded = claim({campaignId: 'a', desired: 'paused', reason: 'calm'});
    await state.adopt(REVISION, {claims: new Map([['a', reworded]]), wishes: new Set()});
    const about = {workspace: WORKSPACE, revision: REVISION};
    expect(told('wish-changed')).toEqual(
      IDS.map(campaignId => ({
        kind: 'wish-changed',
        ...about,
        campaignId,
        claim: claim({campaignId, desired: 'paused'}),
        before: undefined,
      })),
    );
    expect(told('reworded')).toEqual([{kind: 'reworded', ...about, campaignId: 'a', claim: reworded}]);
  });

  it('that cannot be taken in is told, and is taken in before the next and with it', async () => {
    let isBroken = true;
    const onEvent: Opened['onEvent'] = ({kind}) => {
      if (isBroken && kind === 'wish-changed') throw new Error('broken');
    };
    const {state} = openState({onEvent});
    await expect(state.adopt(REVISION, ACTIVE)).rejects.toThrow('broken');
    await expect(state.adopt(REVISION, changes({a: 'paused'}))).rejects.toThrow('broken');
    isBroken = false;
    await state.settled();
    const desired = IDS.map(id => state.store.find(id)?.claim).map(
      one => one?.kind === 'valid' && one.declaration.desired,
    );
    expect(desired).toEqual(['paused', 'active']);
  });

  it('is settled as a whole, though it comes while another is settled', async () => {
    const {state} = await openRead();
    const many = Array.from({length: 600}, (_, at) => `c${at}`);
    const adopting = state.adopt(REVISION, changes(Object.fromEntries(many.map(id => [id, 'active']))));
    await state.settled();
    expect(many.every(id => state.store.find(id)?.verdict !== undefined)).toBe(true);
    await adopting;
  });

  it('counts what an earlier process sent', async () => {
    const limit = {most: 1, share: 0, per: 3_600_000};
    const {state, told} = openState({
      past: {sent: [{action: 'cancel', at: 4_999_000}]},
      settings: {guardrails: {limits: {resume: limit, cancel: limit}}},
    });
    await state.adopt(REVISION, changes({a: 'cancelled'}));
    await state.settled();
    expect(told('limits-changed').map(({texts}) => texts[0])).toEqual([
      expect.stringContaining('2 cancels, of which 1 was sent within 1 h'),
    ]);
  });
});

it('a campaign of which nothing is known, newly wanted at rest, is sought', async () => {
  const {state} = openState();
  await state.adopt(REVISION, ACTIVE);
  await state.settled();
  expect(state.reading.isSought).toBe(false);
  await state.adopt(REVISION, PAUSED);
  await state.settled();
  expect(state.reading.isSought).toBe(true);
});

describe('trouble', () => {
  const FAILURE: Failure = {kind: 'unavailable', message: '500'};

  it('is told when it begins, and when it ends, and not each time', async () => {
    const {state, told} = await openRead();
    const numbers = [FAILURE, FAILURE, undefined, undefined].map(failure => {
      state.tellTrouble(state.health.polled(failure));
      return told('workspace-trouble').length;
    });
    expect(numbers).toEqual([1, 1, 2, 2]);
    const message = `workspace ${WORKSPACE}: 500`;
    expect(told('workspace-trouble').map(({trouble, workspace}) => [workspace, trouble?.message])).toEqual([
      [WORKSPACE, message],
      [WORKSPACE, undefined],
    ]);
    state.tellTrouble(state.health.polled(FAILURE));
    expect(state.trouble?.message).toBe(message);
  });

  it('that ends lets go what failed for it', async () => {
    const {state, time} = await openRead();
    state.store.ended('a', {...DEFERRED, retryAt: time.now + 60_000}, state.moment, true, 'pending');
    state.tellTrouble(false);
    expect(state.store.find('a')?.waiting).toBeDefined();
    state.tellTrouble(true);
    expect(state.store.find('a')?.waiting).toBeUndefined();
  });

  it('is said of each campaign of which nothing is known', async () => {
    const {state} = openState();
    await state.adopt(REVISION, PAUSED);
    await state.settled();
    const reason = (): string | undefined => {
      const entry = state.store.find('a');
      return entry && state.finding(entry)?.reason;
    };
    const [before] = [reason(), state.health.polled(FAILURE)];
    expect(before).not.toContain('500');
    expect(reason()).toContain('500');
  });
});

it('a resume says that it waits for what has yet to be read', async () => {
  const {poll, state} = openState({statuses: {a: 'paused'}});
  await state.adopt(REVISION, ACTIVE);
  state.store.sightings.take([{campaign: live('paused', {campaignId: 'a'}), askedAt: 1_000}]);
  await state.settled();
  const entry = state.store.find('a');
  expect(entry && state.finding(entry)?.reason).toContain('waits');
  await poll();
  expect(entry && state.finding(entry)?.reason).not.toContain('waits');
});

describe('a command sits out', () => {
  it('the time until what has failed once is tried again, and nothing where nothing has', async () => {
    const {state, time} = await openRead();
    expect(state.rest).toBeUndefined();
    state.store.ended('a', {...DEFERRED, retryAt: time.now + 2_000}, state.moment, true, 'pending');
    await state.settled();
    expect(state.rest).toEqual({
      kind: 'unavailable',
      message: `workspace ${WORKSPACE}: an action has failed, and is tried once more`,
      retryAt: 3_000,
    });
  });

  it('a rest that the platform asks for; in an outage it has its own patience', async () => {
    const {state, time} = await openRead();
    state.store.ended('a', {...DEFERRED, retryAt: time.now + 2_000}, state.moment, true, 'pending');
    const rest: Failure = {kind: 'throttled', message: '429', retryAt: 9_000};
    state.health.polled(rest);
    expect(state.rest).toEqual(rest);
    state.health.polled({kind: 'unavailable', message: '500'});
    expect(state.rest).toBeUndefined();
  });
});
