import FakeTimers from '@sinonjs/fake-timers';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Failure, Reply} from '../../src/controller/ports.ts';
import type {Purpose} from '../../src/platform/purpose.ts';
import {RequestQueue} from '../../src/platform/queue.ts';
import {SlidingWindow} from '../../src/platform/window.ts';

const clock = {
  now: () => Date.now(),
  ticks: () => Date.now(),
  after: (delay: number, callback: () => void) => {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};
const POLL: Purpose = {kind: 'poll'};
const observer = {waited: () => {}, depth: () => {}};
const NEVER = new AbortController().signal;
let timers: ReturnType<typeof FakeTimers.install>;

beforeEach(() => {
  timers = FakeTimers.install({now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date']});
});
afterEach(() => timers.uninstall());

const create = (requests: number, per: number, concurrency = 100): RequestQueue =>
  new RequestQueue({rate: {requests, per}, concurrency}, {clock, random: () => 0.5, observer});

const ok: Reply<string> = {ok: true, value: 'x'};
const failing = (kind: Failure['kind'], retryAt?: number): Reply<string> => ({
  ok: false,
  failure: {kind, message: kind, ...(retryAt !== undefined && {retryAt})},
});

describe('the queue of a workspace', () => {
  it('never sends more than the rate in any window, however requests arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 8}),
        fc.integer({min: 10, max: 2000}),
        fc.array(fc.integer({min: 0, max: 700}), {minLength: 1, maxLength: 40}),
        async (requests, per, gaps) => {
          const queue = create(requests, per);
          const sent: number[] = [];
          const replies = [];
          for (const gap of gaps) {
            await timers.tickAsync(gap);
            replies.push(
              queue.send(POLL, NEVER, async () => {
                sent.push(Date.now());
                return ok;
              }),
            );
          }
          await timers.tickAsync(per * 60);
          await Promise.all(replies);
          expect(sent).toHaveLength(gaps.length);
          for (const at of sent) {
            expect(sent.filter(other => other > at - per && other <= at).length).toBeLessThanOrEqual(
              requests,
            );
          }
        },
      ),
      {numRuns: 60},
    );
  });

  it('gives the slot back of what was not sent after all', async () => {
    const queue = create(1, 60_000);
    await queue.send(POLL, NEVER, async () => ({
      ok: false,
      failure: {kind: 'outdated', message: 'moved', unsent: true},
    }));
    let sent = false;
    void queue.send(POLL, NEVER, async () => {
      sent = true;
      return ok;
    });
    await timers.tickAsync(1);
    expect(sent).toBe(true);
  });

  it('lets a pause go before everything that waits', async () => {
    const queue = create(1, 1000);
    const order: string[] = [];
    const send = (name: string, purpose: Purpose) =>
      queue.send(purpose, NEVER, async () => {
        order.push(name);
        return ok;
      });
    const all = [
      send('poll', POLL),
      send('read to resume', {kind: 'read', action: 'resume', campaignId: 'c'}),
      send('cancel', {kind: 'act', action: 'cancel', campaignId: 'c'}),
      send('poll', POLL),
      send('read to pause', {kind: 'read', action: 'pause', campaignId: 'c'}),
      send('pause', {kind: 'act', action: 'pause', campaignId: 'c'}),
    ];
    await timers.tickAsync(10_000);
    await Promise.all(all);
    expect(order).toEqual(['poll', 'pause', 'read to pause', 'cancel', 'read to resume', 'poll']);
  });

  it('calls off what waits, and leaves alone what is on the wire', async () => {
    const queue = create(1, 1000);
    const stop = new AbortController();
    let finish: (reply: Reply<string>) => void = () => {};
    const running = queue.send(
      POLL,
      stop.signal,
      () => new Promise<Reply<string>>(resolve => (finish = resolve)),
    );
    const waiting = queue.send(POLL, stop.signal, async () => ok);
    await timers.tickAsync(1);
    stop.abort();
    expect(await waiting).toMatchObject({ok: false, failure: {kind: 'dropped'}});
    finish(ok);
    expect(await running).toEqual(ok);
  });

  it('sends nothing until the time that the platform asked for, and lets what waits come back at once', async () => {
    const queue = create(1, 1000);
    const first = queue.send(POLL, NEVER, async () => failing('throttled', Date.now() + 5_000));
    const second = queue.send(POLL, NEVER, async () => ok);
    await timers.tickAsync(1_000);
    expect(await first).toMatchObject({failure: {kind: 'throttled', retryAt: 1_005_000}});
    expect(await second).toMatchObject({failure: {kind: 'throttled'}});
    await timers.tickAsync(4_000);
    const third = queue.send(POLL, NEVER, async () => ok);
    await timers.tickAsync(1_000);
    expect(await third).toEqual(ok);
  });

  it('lets everything that waits come back at once when the platform asks for quiet', async () => {
    const queue = create(1, 60_000);
    const replies = Array.from({length: 20}, (_, i) =>
      queue.send(POLL, NEVER, async () => (i === 0 ? failing('throttled', Date.now() + 5_000) : ok)),
    );
    await timers.tickAsync(10);
    expect((await Promise.all(replies)).every(reply => !reply.ok && reply.failure.kind === 'throttled')).toBe(
      true,
    );
  });

  it('takes a time to come back that is now for no time at all', async () => {
    const queue = create(100, 10);
    let sent = 0;
    for (let i = 0; i < 60; i++) {
      await queue.send(POLL, NEVER, async () => {
        sent += 1;
        return failing('throttled', Date.now());
      });
      await timers.tickAsync(1_000);
    }
    expect(sent).toBeLessThan(10);
  });

  it('keeps the rate where requests arrive, however long each is on its way', async () => {
    const queue = create(3, 1_000);
    const arrived: number[] = [];
    const replies = Array.from({length: 12}, (_, i) =>
      queue.send(POLL, NEVER, async () => {
        await new Promise(resolve => setTimeout(resolve, i % 3 ? 10 : 700));
        arrived.push(Date.now());
        return ok;
      }),
    );
    await timers.tickAsync(30_000);
    await Promise.all(replies);
    for (const at of arrived) {
      expect(arrived.filter(other => other > at - 1_000 && other <= at).length).toBeLessThanOrEqual(3);
    }
  });

  it('backs off further with each answer that says too many and not when to come back', async () => {
    const queue = create(10, 10);
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      const reply = await queue.send(POLL, NEVER, async () => failing('throttled'));
      const until = reply.ok ? 0 : (reply.failure.retryAt ?? 0);
      waits.push(until - Date.now());
      await timers.tickAsync(until - Date.now() + 20);
    }
    expect(waits.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(waits.at(-1)).toBe(60_000);
  });

  it('after a refused key tries one request at a time, at growing intervals up to a minute', async () => {
    const queue = create(100, 10);
    const tries: number[] = [];
    const startedAt = Date.now();
    const attempt = async () => {
      tries.push(Math.round((Date.now() - startedAt) / 1_000));
      await new Promise(resolve => setTimeout(resolve, 5));
      return failing('unauthorised');
    };
    for (let second = 0; second < 180; second++) {
      const replies = [1, 2, 3].map(() => queue.send(POLL, NEVER, attempt));
      await timers.tickAsync(1_000);
      await Promise.all(replies);
    }
    expect(tries.slice(3)).toEqual([3, 8, 17, 34, 67, 128]);
  });
});

describe('queues that share a window', () => {
  const SETTINGS = {rate: {requests: 1, per: 1_000}, concurrency: 4};
  const sharing = (window: SlidingWindow, heard = observer): RequestQueue =>
    new RequestQueue(SETTINGS, {clock, random: () => 0.5, observer: heard, window});

  it('send a pause before the polls of others, however many wait', async () => {
    const window = new SlidingWindow(1, 1_000);
    const others = Array.from({length: 10}, () => sharing(window));
    const sent: string[] = [];
    const send = (queue: RequestQueue, name: string, purpose: Purpose): void =>
      void queue.send(purpose, NEVER, async () => {
        sent.push(name);
        return ok;
      });
    for (const other of others) for (let i = 0; i < 2; i++) send(other, 'poll', POLL);
    send(sharing(window), 'pause', {kind: 'act', action: 'pause', campaignId: 'a'});
    await timers.tickAsync(3_500);
    expect(sent.slice(0, 2)).toEqual(['poll', 'pause']);
  });

  it('and that nobody uses any more hear of nothing', async () => {
    const window = new SlidingWindow(5, 1_000);
    let told = 0;
    const heard = {
      ...observer,
      depth: () => {
        told += 1;
      },
    };
    for (let i = 0; i < 4; i++) await sharing(window, heard).send(POLL, NEVER, async () => ok);
    await timers.tickAsync(60_000);
    told = 0;
    await sharing(window).send(POLL, NEVER, async () => ok);
    await timers.tickAsync(2_000);
    expect(told).toBe(0);
  });

  it('wait a whole window where it became longer: nobody knows what was sent in it', () => {
    const window = new SlidingWindow(5, 1_000);
    for (let second = 0; second < 30; second++)
      for (let i = 0; i < 5; i++) window.tryTake(second * 1_000)?.ended(second * 1_000);
    window.resize(10, 60_000, 30_000);
    expect(window.tryTake(30_000)).toBeUndefined();
    expect(window.tryTake(90_000)).toBeDefined();
  });
});
