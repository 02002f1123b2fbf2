/** What is wrong with a workspace as a whole, until when it rests, and what shows that it answers again. */
import {describe, expect, it} from 'vitest';
import {Health} from '../../src/controller/health.ts';
import type {Failure} from '../../src/controller/ports.ts';

type Kind = Failure['kind'];

const MOMENT = {now: 1_000_000, ticks: 50_000};
const failing = (kind: Kind, more: Partial<Failure> = {}): Failure => ({kind, message: `${kind}!`, ...more});
const NOTHING = {isAnswered: false, isIdle: false, ticks: MOMENT.ticks};
const ANSWERED = {...NOTHING, isAnswered: true};
const IDLE = {...NOTHING, isIdle: true};

const reasonOf = (health: Health) => {
  health.judge(MOMENT);
  return health.trouble?.reason;
};

const afterPoll = (kind: Kind, more: Partial<Failure> = {}): Health => {
  const health = new Health('w');
  health.polled(failing(kind, more));
  return health;
};

const afterPass = (kind: Kind, more: Partial<Failure> = {}): Health => {
  const health = new Health('w');
  health.passed(failing(kind, more), NOTHING);
  return health;
};

describe('what is wrong with a workspace', () => {
  it('is nothing before anything was asked, and after all went well', () => {
    const health = new Health('w');
    expect([reasonOf(health), health.polled(undefined), health.passed(undefined, ANSWERED)]).toEqual([
      undefined,
      false,
      false,
    ]);
  });

  it.each<[Kind, string, boolean]>([
    ['unauthorised', 'Unauthorised', true],
    ['throttled', 'Throttled', false],
    ['unavailable', 'LiveReadFailed', false],
    ['malformed', 'LiveReadFailed', false],
  ])('is, where a poll was %s, %s', (kind, reason, stalls) => {
    const health = afterPoll(kind);
    expect(reasonOf(health)).toBe(reason);
    expect(health.trouble).toEqual({reason, message: `workspace w: ${kind}!`, stalls});
    expect(health.failure?.kind).toBe(kind);
  });

  it.each<[Kind, Partial<Failure>, string, boolean, boolean]>([
    ['unavailable', {}, 'ActionsUnanswered', true, false],
    ['unavailable', {ofAction: true}, 'ActionsUnanswered', true, false],
    ['throttled', {}, 'Throttled', false, true],
    ['throttled', {ofAction: true}, 'Throttled', false, false],
    ['unauthorised', {}, 'Unauthorised', false, true],
    ['unauthorised', {ofAction: true}, 'Unauthorised', false, false],
  ])('is, where a pass met %s %j, %s', (kind, more, reason, isUnanswered, isOfReading) => {
    const health = afterPass(kind, more);
    expect([reasonOf(health), health.isUnanswered, health.failure !== undefined]).toEqual([
      reason,
      isUnanswered,
      isOfReading,
    ]);
  });

  it('is told where it is another than before', () => {
    const health = new Health('w');
    health.polled(failing('throttled'));
    expect([health.judge(MOMENT), health.judge(MOMENT)]).toEqual([true, false]);
    health.polled(failing('throttled', {retryAt: 99_000}));
    expect(health.judge(MOMENT)).toBe(false);
    health.polled(undefined);
    expect([health.judge(MOMENT), health.trouble]).toEqual([true, undefined]);
  });

  it('is first what keeps it from being read', () => {
    const health = afterPass('unavailable', {ofAction: true});
    health.polled(failing('unauthorised'));
    expect(reasonOf(health)).toBe('Unauthorised');
    expect(health.isUnanswered).toBe(true);
  });

  it.each<[Partial<Failure>, string | undefined]>([
    [{}, undefined],
    [{retryAt: 50_000}, undefined],
    [{retryAt: 60_000}, 'it rests until 1970-01-01T00:16:50.000Z, of its own accord'],
    [
      {retryAt: 60_000, askedBy: 'Retry-After', probeAt: 55_000},
      'it rests until 1970-01-01T00:16:50.000Z, as the platform’s Retry-After asks; it is tried again from 1970-01-01T00:16:45.000Z on',
    ],
    [{retryAt: 60_000, probeAt: 60_000}, 'it rests until 1970-01-01T00:16:50.000Z, of its own accord'],
  ])('tells of a rest %j', (more, rest) => {
    const health = afterPoll('throttled', more);
    health.judge(MOMENT);
    expect(health.trouble?.rest).toBe(rest);
  });
});

describe('the platform answers again', () => {
  it('where a poll does, after one that did not', () => {
    const health = afterPoll('unavailable');
    expect([
      health.polled(failing('unavailable')),
      health.polled(undefined),
      health.polled(undefined),
    ]).toEqual([false, true, false]);
  });

  it('where an action does, whatever kept it from answering', () => {
    const health = afterPoll('unavailable');
    health.passed(failing('unavailable', {ofAction: true}), NOTHING);
    expect([health.passed(undefined, ANSWERED), health.failure, health.isUnanswered]).toEqual([
      true,
      undefined,
      false,
    ]);
  });

  it('not where a poll does while actions do not', () => {
    const health = afterPass('unavailable', {ofAction: true});
    expect([health.polled(undefined), health.isUnanswered]).toEqual([false, true]);
  });

  it('not where a pass sent nothing, or was called off', () => {
    const health = afterPass('unavailable', {ofAction: true});
    expect(health.passed(undefined, NOTHING)).toBe(false);
    expect(health.passed(failing('dropped'), ANSWERED)).toBe(false);
    expect(health.isUnanswered).toBe(true);
  });

  it('as far as anybody needs to know, where nothing is due and its rest is over', () => {
    const health = afterPass('unavailable', {ofAction: true, retryAt: 50_001});
    expect(health.passed(undefined, IDLE)).toBe(false);
    expect(health.passed(undefined, {...IDLE, ticks: 50_001})).toBe(true);
    expect(health.isUnanswered).toBe(false);
    const unread = afterPoll('unavailable');
    expect([unread.passed(undefined, IDLE), unread.failure?.kind]).toEqual([false, 'unavailable']);
  });
});

describe('a rest', () => {
  it('is one that the platform asks for, of readings or of actions', () => {
    expect(new Health('w').rest).toBeUndefined();
    expect(afterPoll('throttled').rest?.kind).toBe('throttled');
    expect(afterPass('throttled', {ofAction: true}).rest?.kind).toBe('throttled');
    expect(afterPoll('unavailable').rest).toBeUndefined();
  });

  it.each<[Kind, Partial<Failure>, [number, number, number]]>([
    ['throttled', {}, [0, 0, 0]],
    ['throttled', {retryAt: 90_000}, [90_000, 90_000, 90_000]],
    ['throttled', {retryAt: 90_000, probeAt: 70_000}, [70_000, 70_000, 90_000]],
    ['throttled', {retryAt: 90_000, probeAt: 95_000}, [90_000, 90_000, 90_000]],
    ['unauthorised', {retryAt: 90_000}, [52_000, 52_000, 90_000]],
    ['unauthorised', {retryAt: 51_000}, [51_000, 51_000, 51_000]],
  ])('of a poll (%s %j) keeps polls, pauses and other actions until %j', (kind, more, times) => {
    const health = afterPoll(kind, more);
    expect([
      health.unreadableUntil(MOMENT.ticks),
      health.pausesRestUntil(MOMENT.ticks),
      health.actionsRestUntil(),
    ]).toEqual(times);
  });

  it('of actions keeps no poll, and a pause until it may be tried', () => {
    const health = afterPass('throttled', {ofAction: true, retryAt: 90_000, probeAt: 70_000});
    expect([
      health.unreadableUntil(MOMENT.ticks),
      health.pausesRestUntil(MOMENT.ticks),
      health.actionsRestUntil(),
    ]).toEqual([0, 70_000, 90_000]);
    health.polled(failing('throttled', {retryAt: 99_000}));
    expect([health.pausesRestUntil(MOMENT.ticks), health.actionsRestUntil()]).toEqual([99_000, 99_000]);
  });
});
