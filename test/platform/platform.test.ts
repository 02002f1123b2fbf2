import FakeTimers from '@sinonjs/fake-timers';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {LiveView} from '../../src/controller/live-view.ts';
import type {Sighting} from '../../src/controller/ports.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import {errorReason} from '../../src/platform/error-reason.ts';
import {cleaner} from '../../src/platform/foreign.ts';
import {WorkspacePlatform} from '../../src/platform/platform.ts';
import {live} from '../support/fixtures.ts';
import {timerClock} from '../support/timer-clock.ts';

const NEVER = new AbortController().signal;
const clean = cleaner(() => []);
let timers: ReturnType<typeof FakeTimers.install>;
beforeEach(() => {
  timers = FakeTimers.install({now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date']});
});
afterEach(() => timers.uninstall());

const open = (
  latency: (operation: string) => number,
  rate = {requests: 5, per: 1_000},
  listed: readonly LiveCampaign[] = [],
) => {
  const sent: {operation: string; at: number}[] = [];
  const answer = async <T>(operation: string, value: T) => {
    sent.push({operation, at: Date.now()});
    await new Promise(resolve => setTimeout(resolve, latency(operation)));
    return {ok: true, value} as const;
  };
  const platform = new WorkspacePlatform(
    {
      list: () =>
        answer('list', {campaigns: listed, unusable: [], size: listed.length, total: listed.length}),
      get: () => answer('get', live('active')),
      updateStatus: () => answer('update', live('paused')),
    },
    {rate, concurrency: 1},
    {clock: timerClock, random: () => 0.5, observer: {waited: () => {}, depth: () => {}}},
  );
  return {platform, sent};
};

describe('a workspace of the platform', () => {
  it('sends a pause although its polls hang', async () => {
    const {platform, sent} = open(operation => (operation === 'list' ? 60_000 : 5));
    void platform.poll(new LiveView().knowledge(new Set()), NEVER);
    void platform.poll(new LiveView().knowledge(new Set()), NEVER);
    await timers.tickAsync(10);
    void platform.update('camp-1', 'pause', {readAt: Date.now(), holds: () => true}, NEVER);
    await timers.tickAsync(10);
    expect(sent.map(({operation}) => operation)).toEqual(['list', 'list', 'update']);
  });

  it('does not send an action whose status got too old while it waited', async () => {
    const {platform, sent} = open(() => 5);
    const outdated = platform.update(
      'camp-1',
      'pause',
      {readAt: Date.now() - 6_001, holds: () => true},
      NEVER,
    );
    await timers.tickAsync(10);
    expect(await outdated).toMatchObject({ok: false, failure: {kind: 'outdated'}});
    expect(sent).toEqual([]);
  });

  it('does not send an action where another status was shown while it waited', async () => {
    const {platform, sent} = open(() => 5);
    const ground = {readAt: Date.now(), holds: () => false};
    const outdated = platform.update('camp-1', 'pause', ground, NEVER);
    await timers.tickAsync(10);
    expect(await outdated).toMatchObject({ok: false, failure: {kind: 'outdated'}});
    expect(sent).toEqual([]);
  });

  it('says when it asked, not when it was answered', async () => {
    const {platform} = open(() => 900);
    const reply = platform.read('camp-1', 'pause', NEVER);
    await timers.tickAsync(1_000);
    expect(await reply).toMatchObject({ok: true, value: {askedAt: 1_000_000}});
  });

  it('says of a list as well when it was sent, however long it had waited for its slot of the rate', async () => {
    const {platform, sent} = open(() => 5, {requests: 1, per: 10_000}, [live('active')]);
    void platform.read('camp-1', 'pause', NEVER);
    const askedAt: number[] = [];
    const take = (seen: readonly Sighting[]): number => askedAt.push(...seen.map(one => one.askedAt));
    void platform.poll({...new LiveView().knowledge(new Set()), take}, NEVER);
    await timers.tickAsync(30_000);
    const lists = sent.filter(({operation}) => operation === 'list').map(({at}) => at);
    expect(lists[0]).toBeGreaterThanOrEqual(1_010_000);
    expect(askedAt).toEqual(lists);
  });
});

describe('what the platform says', () => {
  it('is cut only after the key was taken out', () => {
    const key = 'sk-0123456789';
    const reason = errorReason(
      {detail: `${'x'.repeat(280)}${key}`},
      '',
      cleaner(() => [key]),
    );
    expect(reason).toBe(`${'x'.repeat(280)}[redacted]`);
  });
  it.each([
    [{detail: 'no'}, 'no'],
    [{detail: [{msg: 'a'}, {msg: 'b'}]}, 'a; b'],
    [{message: 'm'}, 'm'],
    [{error: {message: 'e\nf'}}, 'e f'],
    [
      {
        error: {
          message: 'Invalid Parameter',
          code: 'X',
          data: {details: 'Cannot pause a campaign that ended'},
        },
      },
      'Invalid Parameter: Cannot pause a campaign that ended',
    ],
    [
      {error: {message: 'm', data: {details: [{field: 'action', message: 'no'}, {msg: 'b'}]}}},
      'm: action: no; b',
    ],
    [{error: {message: 'm', data: {reason: 'because'}}}, 'm: because'],
    [{error: {code: 'E_CODE'}}, 'E_CODE'],
    [
      {detail: [{loc: ['body', 'action'], msg: 'Input should be pause', type: 'x'}]},
      'body.action: Input should be pause',
    ],
    [{title: 'Conflict', detail: 'it ended'}, 'Conflict: it ended'],
    ['text', 'text'],
    [{}, undefined],
    [null, undefined],
  ])('has its reason found in %j', (answer, reason) => {
    expect(errorReason(answer, JSON.stringify(answer), clean)).toBe(reason);
  });

  it('reads a campaign before its pause though a poll and a reading of everything hang', async () => {
    const gets: string[] = [];
    const never = new Promise<never>(() => {});
    const wire = {
      list: async () => ({ok: true, value: {campaigns: [], unusable: [], size: 0, total: 0}}) as const,
      get: (id: string) => {
        gets.push(id);
        return never;
      },
      updateStatus: () => never,
    };
    const platform = new WorkspacePlatform(
      wire,
      {rate: {requests: 100, per: 10}, concurrency: 1},
      {clock: timerClock, random: () => 0.5, observer: {waited: () => {}, depth: () => {}}},
    );
    const ids = new Set(['a', 'b', 'c', 'd']);
    const knowledge = {open: ids, unknown: ids, urgent: ids, take: () => 0};
    const {signal} = new AbortController();
    void platform.poll(knowledge, signal);
    void platform.resync(knowledge, signal);
    void platform.read('p', 'pause', signal);
    for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
    expect(gets).toContain('p');
  });
});
