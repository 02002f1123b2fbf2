/** Whatever rest the platform asks for, a pause is tried again within five minutes. */
import FakeTimers from '@sinonjs/fake-timers';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Reply} from '../../src/controller/ports.ts';
import {type Purpose, RequestQueue} from '../../src/platform/queue.ts';
import {timerClock} from '../support/timer-clock.ts';

const NEVER = new AbortController().signal;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PAUSE: Purpose = {kind: 'act', action: 'pause'};
const RESUME: Purpose = {kind: 'act', action: 'resume'};
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
  return {sent, send, throttled};
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
