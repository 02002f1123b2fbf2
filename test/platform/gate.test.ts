/** Whatever rest the platform asks for, a pause is tried again within five minutes. */
import FakeTimers from '@sinonjs/fake-timers';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Reply} from '../../src/controller/ports.ts';
import type {Purpose} from '../../src/platform/purpose.ts';
import {RequestQueue} from '../../src/platform/queue.ts';
import {timerClock} from '../support/timer-clock.ts';

const NEVER = new AbortController().signal;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PAUSE: Purpose = {kind: 'act', action: 'pause', campaignId: 'c'};
const RESUME: Purpose = {kind: 'act', action: 'resume', campaignId: 'c'};
const POLL: Purpose = {kind: 'poll'};
const OK: Reply<string> = {ok: true, value: 'x'};

let timers: ReturnType<typeof FakeTimers.install>;
beforeEach(() => {
  timers = FakeTimers.install({now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date']});
});
afterEach(() => timers.uninstall());

const open = (probeInterval?: number) => {
  const settings = {rate: {requests: 50, per: 1000}, concurrency: 10, ...(probeInterval && {probeInterval})};
  const observer = {waited: () => {}, depth: () => {}};
  const queue = new RequestQueue(settings, {clock: timerClock, random: () => 0.5, observer});
  const sent: number[] = [];
  const send = (purpose: Purpose, reply: Reply<string> = OK) =>
    queue.send(purpose, NEVER, async () => {
      sent.push(Date.now());
      return reply;
    });
  const throttled = (delay: number): Reply<string> => ({
    ok: false,
    failure: {kind: 'throttled', message: '429', retryAt: Date.now() + delay, askedBy: 'Retry-After'},
  });
  return {queue, sent, send, throttled};
};

describe('a workspace that is asked to rest for a day', () => {
  it('sends nothing, and says until when and who wants it so', async () => {
    const {send, sent, throttled} = open();
    await send(POLL, throttled(DAY));
    await timers.tickAsync(MINUTE);
    for (const purpose of [PAUSE, RESUME, POLL])
      expect(await send(purpose)).toMatchObject({
        ok: false,
        failure: {askedBy: 'Retry-After', retryAt: 1_000_000 + DAY, probeAt: 1_000_000 + 5 * MINUTE},
      });
    expect(sent).toHaveLength(1);
  });
  it('tries a poll after five minutes, since a pause that nobody knows to be due is sent by nobody', async () => {
    const {send, sent, throttled} = open();
    await send(POLL, throttled(DAY));
    await timers.tickAsync(5 * MINUTE);
    expect(await send(POLL)).toEqual(OK);
    expect(await send(RESUME)).toEqual(OK);
    expect(sent).toHaveLength(3);
  });
  it('tries one pause after five minutes, and no cancel and no resume', async () => {
    const {send, sent, throttled} = open();
    await send(POLL, throttled(DAY));
    await timers.tickAsync(5 * MINUTE);
    expect(await send(RESUME)).toMatchObject({ok: false});
    expect(await send(PAUSE, throttled(DAY))).toMatchObject({ok: false});
    expect(await send(PAUSE)).toMatchObject({ok: false});
    expect(sent).toHaveLength(2);
    await timers.tickAsync(5 * MINUTE);
    await send(PAUSE);
    expect(sent).toHaveLength(3);
  });
  it('goes on as usual once such a pause got through', async () => {
    const {send, throttled} = open();
    await send(POLL, throttled(DAY));
    await timers.tickAsync(5 * MINUTE);
    expect(await send(PAUSE)).toEqual(OK);
    expect(await send(RESUME)).toEqual(OK);
  });
  it('tries sooner where it is configured so', async () => {
    const {send, throttled} = open(MINUTE);
    await send(POLL, throttled(DAY));
    await timers.tickAsync(MINUTE);
    expect(await send(PAUSE)).toEqual(OK);
  });
});

describe('a try', () => {
  it('that was never sent opens nothing', async () => {
    const {send, throttled} = open();
    await send(POLL, throttled(DAY));
    await timers.tickAsync(5 * MINUTE);
    await send(PAUSE, {ok: false, failure: {kind: 'outdated', message: 'too old'}});
    expect(await send(RESUME)).toMatchObject({ok: false, failure: {kind: 'throttled'}});
  });
  it('that throws leaves the way to another', async () => {
    const {send} = open();
    await send(POLL, {ok: false, failure: {kind: 'unauthorised', message: '401'}});
    await timers.tickAsync(2 * MINUTE);
    await expect(send(POLL, Promise.reject(new Error('boom')) as never)).rejects.toThrow('boom');
    expect(await send(POLL)).toEqual(OK);
  });
});

describe('a key that was refused', () => {
  it('is tried at once where it is another one by now', async () => {
    let key = 'the-old-key';
    const observer = {waited: () => {}, depth: () => {}};
    const settings = {rate: {requests: 50, per: 1000}, concurrency: 10, credential: () => key};
    const queue = new RequestQueue(settings, {clock: timerClock, random: () => 0.5, observer});
    const refused: Reply<string> = {ok: false, failure: {kind: 'unauthorised', message: '401'}};
    for (let i = 0; i < 9; i++) {
      await queue.send(POLL, NEVER, async () => refused);
      await timers.tickAsync(60_000);
    }
    await queue.send(POLL, NEVER, async () => refused);
    expect(await queue.send(POLL, NEVER, async () => OK)).toMatchObject({ok: false});
    key = 'the-new-key';
    const both = [queue.send(POLL, NEVER, async () => OK), queue.send(POLL, NEVER, async () => OK)];
    expect(await Promise.all(both)).toEqual([OK, OK]);
  });
});

describe('an outage of actions', () => {
  const unavailable: Reply<string> = {ok: false, failure: {kind: 'unavailable', message: '500'}};
  const act = (campaignId: string, action: 'pause' | 'resume' = 'pause'): Purpose => ({
    kind: 'act',
    action,
    campaignId,
  });

  it('is told from the failure of one campaign, however often that one fails', async () => {
    const {send, sent} = open();
    for (let i = 0; i < 10; i++) await send(act('broken'), unavailable);
    expect(await send(act('other'))).toEqual(OK);
    expect(sent).toHaveLength(11);
  });
  it('lets one turn at a time try whether it is over, and lets all go when it is', async () => {
    const {send, sent} = open();
    for (const id of ['a', 'b', 'c']) await send(act(id), unavailable);
    expect(await send(act('d'))).toMatchObject({ok: false, failure: {retryAt: expect.any(Number)}});
    expect(await send(POLL)).toEqual(OK);
    expect(sent).toHaveLength(4);
    await timers.tickAsync(1_000);
    const [first, second] = [send(act('a'), unavailable), send(act('b'))];
    await timers.tickAsync(0);
    expect(await first).toMatchObject({ok: false, failure: {retryAt: expect.any(Number)}});
    expect(await second).toMatchObject({ok: false});
    expect(sent).toHaveLength(5);
    await timers.tickAsync(2_000);
    const all = [send(act('a')), send(act('b')), send(act('c'))];
    await timers.tickAsync(0);
    expect(await Promise.all(all)).toEqual([OK, OK, OK]);
  });
  it('is none where only those fail that failed while another got through', async () => {
    const {send, sent} = open();
    for (const id of ['a', 'b', 'c']) await send(act(id), unavailable);
    await timers.tickAsync(2_000);
    expect(await send(act('sound', 'resume'))).toEqual(OK);
    for (let i = 0; i < 5; i++)
      for (const id of ['a', 'b', 'c'])
        expect(await send(act(id), unavailable)).toMatchObject({failure: {message: '500'}});
    expect(await send(act('other', 'resume'))).toEqual(OK);
    expect(sent).toHaveLength(20);
    for (const id of ['a', 'b', 'c']) await send(act(id));
    for (const id of ['a', 'b', 'c']) await send(act(id), unavailable);
    expect(await send(act('other', 'resume'))).toMatchObject({ok: false});
  });
  it('has a pause of a campaign that has not failed wait for five seconds at the most', async () => {
    const {send} = open();
    for (const id of ['a', 'b', 'c']) await send(act(id), unavailable);
    for (let n = 0; n < 8; n++) {
      await timers.tickAsync(60_000);
      await send(act('a'), unavailable);
    }
    const pause = await send(act('sound'));
    expect(pause).toMatchObject({ok: false, failure: {retryAt: Date.now() + 5_000}});
    await timers.tickAsync(5_000);
    expect(await send(act('sound', 'resume'))).toMatchObject({ok: false});
    expect(await send(act('b'))).toMatchObject({ok: false});
    expect(await send(act('sound'))).toEqual(OK);
    expect(await send(act('b'))).toEqual(OK);
  });
  it('is none, though no action has an answer, while the platform shows that they take effect', async () => {
    const {queue, send} = open();
    for (const id of ['a', 'b', 'c']) await send(act(id), unavailable);
    queue.tookEffect();
    for (const id of ['d', 'e', 'f', 'g'])
      expect(await send(act(id), unavailable)).toMatchObject({failure: {message: '500'}});
    await timers.tickAsync(60_000);
    await send(act('h'), unavailable);
    expect(await send(act('i', 'resume'))).toMatchObject({failure: {retryAt: expect.any(Number)}});
  });
  it('is tried again at once when a poll reaches the platform that did not before', async () => {
    const {send} = open();
    for (const id of ['a', 'b', 'c', 'd']) await send(act(id), unavailable);
    await send(POLL, unavailable);
    expect(await send(act('a'))).toMatchObject({ok: false});
    await send(POLL);
    expect(await send(act('a'))).toEqual(OK);
  });
  it('never lasts longer than a minute after it is over', async () => {
    const {send} = open();
    for (const id of ['a', 'b', 'c']) await send(act(id), unavailable);
    for (let minute = 0; minute < 60; minute++) {
      await timers.tickAsync(60_000);
      await send(act('a'), unavailable);
    }
    await timers.tickAsync(60_000);
    expect(await send(act('a', 'resume'))).toEqual(OK);
  });
});
