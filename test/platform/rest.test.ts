/** How long a workspace rests, what may try meanwhile, and which answers begin or end a rest. */
import {describe, expect, it} from 'vitest';
import type {Failure, Reply} from '../../src/controller/ports.ts';
import type {Purpose} from '../../src/platform/purpose.ts';
import {Rest} from '../../src/platform/rest.ts';

type Kind = Failure['kind'];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PROBE_INTERVAL = 5 * MINUTE;

const POLL: Purpose = {kind: 'poll'};
const ask = (campaignId: string): Purpose => ({kind: 'poll', campaignId});
const act = (campaignId = 'a', action: 'pause' | 'resume' = 'resume'): Purpose => ({
  kind: 'act',
  action,
  campaignId,
});
const read = (campaignId = 'a'): Purpose => ({kind: 'read', action: 'resume', campaignId});
const PAUSE = act('a', 'pause');

/** A rest in virtual time; what nobody named a length for is 1 s, then 2 s and so on. */
class Trial {
  at = 0;
  key = 'key';
  readonly rest: Rest;

  constructor(random = 0.5) {
    this.rest = new Rest({now: () => 0, ticks: () => this.at, after: () => () => {}}, () => random, {
      credential: () => this.key,
      probeInterval: PROBE_INTERVAL,
    });
  }

  /** One request, that is sent whatever stands against it. */
  ask(purpose: Purpose, kind?: Kind, more: Partial<Failure> = {}): Reply<string> {
    const wasProbe = this.rest.sent();
    return this.learn(purpose, wasProbe, kind, more);
  }

  learn(purpose: Purpose, wasProbe: boolean, kind?: Kind, more: Partial<Failure> = {}): Reply<string> {
    const reply: Reply<string> = kind
      ? {ok: false, failure: {kind, message: kind, ...more}}
      : {ok: true, value: 'done'};
    return this.rest.learn(purpose, reply, wasProbe);
  }

  retryAt(purpose: Purpose, kind: Kind, more: Partial<Failure> = {}): number | undefined {
    const reply = this.ask(purpose, kind, more);
    return reply.ok ? undefined : reply.failure.retryAt;
  }

  /** Until when a resume is kept waiting; undefined where it may go. */
  get until(): number | undefined {
    return this.rest.check(act())?.retryAt;
  }
}

const resting = (length = 10 * MINUTE): Trial => {
  const trial = new Trial();
  trial.ask(act(), 'throttled', {retryAt: length, askedBy: 'platform'});
  return trial;
};

describe('a rest', () => {
  it('is as long as the platform says, and then everything may go', () => {
    const trial = resting(10 * SECOND);
    expect(trial.rest.check(act())).toMatchObject({
      kind: 'throttled',
      retryAt: 10 * SECOND,
      askedBy: 'platform',
    });
    trial.at = 10 * SECOND - 1;
    expect(trial.until).toBe(10 * SECOND);
    trial.at = 10 * SECOND;
    expect(trial.until).toBeUndefined();
  });

  it.each<[string, number | undefined, number]>([
    ['grows from one refusal to the next where none is named', undefined, SECOND],
    ['takes a time that is over for none', 0, SECOND],
    ['takes a time that is nearer than half a second for none', 499, SECOND],
    ['takes half a second for what it says', 500, 500],
  ])('%s', (_what, retryAt, first) => {
    const trial = new Trial();
    const given = retryAt === undefined ? {} : {retryAt, askedBy: 'platform' as const};
    const reply = trial.ask(act(), 'throttled', given);
    expect(reply).toMatchObject({ok: false, failure: {kind: 'throttled', retryAt: first}});
    expect(!reply.ok && reply.failure.askedBy).toBe(first === 500 ? 'platform' : undefined);
  });

  it('doubles with each refusal in a row, up to a minute', () => {
    const trial = new Trial();
    const lengths = [];
    for (let n = 0; n < 8; n++) {
      trial.at = trial.until ?? 0;
      lengths.push((trial.retryAt(act(), 'throttled') ?? 0) - trial.at);
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map(seconds => seconds * SECOND));
  });

  it('is never shorter than half a second', () => {
    expect(new Trial(0).retryAt(act(), 'throttled')).toBe(500);
  });

  it('is neither shortened nor made anew by what was sent before it and is refused as well', () => {
    const trial = resting();
    trial.at = SECOND;
    expect(trial.retryAt(act('b'), 'throttled')).toBe(10 * MINUTE);
    expect(trial.rest.check(act())).toMatchObject({retryAt: 10 * MINUTE, askedBy: 'platform'});
    const reply = trial.ask(act('c'), 'throttled', {retryAt: 5 * MINUTE, askedBy: 'another'});
    expect(reply).toMatchObject({failure: {retryAt: 10 * MINUTE, askedBy: 'platform'}});
  });

  it('is made longer where the platform names a later time', () => {
    const trial = resting(MINUTE);
    expect(trial.retryAt(act('b'), 'throttled', {retryAt: 2 * MINUTE})).toBe(2 * MINUTE);
    expect(trial.until).toBe(2 * MINUTE);
  });

  it('keeps its length where it began anew after it was over', () => {
    const trial = resting(MINUTE);
    trial.at = MINUTE;
    expect(trial.retryAt(act(), 'throttled')).toBe(MINUTE + SECOND);
  });

  it.each<Kind>(['unavailable', 'malformed', 'outdated', 'dropped'])(
    'is not ended by %s, also where that tried',
    kind => {
      const trial = resting();
      trial.at = PROBE_INTERVAL;
      const wasProbe = trial.rest.sent();
      expect(trial.learn(PAUSE, wasProbe, kind)).toEqual({ok: false, failure: {kind, message: kind}});
      expect(trial.until).toBe(10 * MINUTE);
    },
  );

  it.each<Kind | undefined>([undefined, 'rejected', 'missing'])(
    'is ended by what tried and had an answer: %s',
    kind => {
      const trial = resting();
      trial.at = PROBE_INTERVAL;
      trial.ask(PAUSE, kind);
      expect(trial.until).toBeUndefined();
      expect(trial.rest.sent()).toBe(false);
    },
  );

  it('is not ended by what was sent before it', () => {
    const trial = resting();
    trial.learn(act('b'), false);
    expect(trial.until).toBe(10 * MINUTE);
  });

  it('of an action grows on after a read that gets through, and begins anew after an action', () => {
    const trial = new Trial();
    const throttledFor = (purpose: Purpose): number => {
      trial.at = trial.until ?? trial.at;
      return (trial.retryAt(purpose, 'throttled') ?? 0) - trial.at;
    };
    expect(throttledFor(act())).toBe(SECOND);
    trial.at += SECOND;
    trial.ask(read());
    expect(throttledFor(act())).toBe(2 * SECOND);
    trial.at += 2 * SECOND;
    trial.ask(act());
    expect(throttledFor(act())).toBe(SECOND);
  });

  it('of a read begins anew after a read', () => {
    const trial = new Trial();
    trial.ask(read(), 'throttled');
    trial.at = SECOND;
    trial.ask(read());
    expect(trial.retryAt(read(), 'throttled')).toBe(2 * SECOND);
  });
});

describe('during a rest', () => {
  it.each([
    ['a pause', PAUSE],
    ['a poll', POLL],
  ])('%s may try every five minutes, and nothing else may', (_what, purpose) => {
    const trial = resting(60 * MINUTE);
    trial.at = PROBE_INTERVAL - 1;
    expect(trial.rest.check(purpose)).toBeDefined();
    trial.at = PROBE_INTERVAL;
    expect(trial.rest.check(purpose)).toBeUndefined();
    expect(trial.rest.check(act())).toBeDefined();
    expect(trial.rest.check(act('a', 'resume'))).toBeDefined();
    expect(trial.ask(purpose, 'throttled')).toMatchObject({failure: {retryAt: 60 * MINUTE}});
    expect(trial.rest.check(purpose)).toBeDefined();
    trial.at = 2 * PROBE_INTERVAL;
    expect(trial.rest.check(purpose)).toBeUndefined();
  });

  it('one at a time tries', () => {
    const trial = resting(60 * MINUTE);
    trial.at = PROBE_INTERVAL;
    const wasProbe = trial.rest.sent();
    expect(wasProbe).toBe(true);
    trial.at = 2 * PROBE_INTERVAL;
    expect(trial.rest.check(PAUSE)).toBeDefined();
    trial.rest.threw(false);
    trial.learn(act('b'), false, 'unavailable');
    expect(trial.rest.check(PAUSE)).toBeDefined();
    trial.rest.threw(wasProbe);
    expect(trial.rest.check(PAUSE)).toBeUndefined();
  });

  it('that is over, the first request tries, and the others wait for its answer', () => {
    const trial = resting(MINUTE);
    expect(trial.rest.isProbing).toBe(false);
    trial.at = MINUTE;
    expect(trial.rest.isProbing).toBe(false);
    const wasProbe = trial.rest.sent();
    expect(trial.rest.isProbing).toBe(true);
    trial.learn(act(), wasProbe);
    expect(trial.rest.isProbing).toBe(false);
  });

  it('nobody waits for a request that tries while it is under way: they rest', () => {
    const trial = resting();
    trial.at = PROBE_INTERVAL;
    trial.rest.sent();
    expect(trial.rest.isProbing).toBe(false);
  });
});

describe('a key that is refused', () => {
  it('is tried again after 2 s, 4 s and so on, up to a minute', () => {
    const trial = new Trial();
    const lengths = [];
    for (let n = 0; n < 7; n++) {
      trial.at = trial.until ?? 0;
      lengths.push((trial.retryAt(act(), 'unauthorised') ?? 0) - trial.at);
    }
    expect(lengths).toEqual([2, 4, 8, 16, 32, 60, 60].map(seconds => seconds * SECOND));
  });

  it('is tried at once where it is another one', () => {
    const trial = new Trial();
    trial.ask(act(), 'unauthorised');
    expect(trial.until).toBe(2 * SECOND);
    trial.key = 'another';
    expect(trial.until).toBeUndefined();
  });

  it('is no reason to try a rest of another kind with another key', () => {
    const trial = resting();
    trial.key = 'another';
    expect(trial.until).toBe(10 * MINUTE);
  });

  it('that was good moments ago is not at fault for one campaign or two: they may be another’s', () => {
    const trial = new Trial();
    trial.ask(POLL);
    trial.at = 30 * SECOND;
    expect(trial.ask(act('a'), 'unauthorised')).toEqual({
      ok: false,
      failure: {kind: 'rejected', message: 'unauthorised'},
    });
    expect(trial.ask(read('a'), 'unauthorised')).toMatchObject({failure: {kind: 'rejected'}});
    expect(trial.ask(ask('b'), 'unauthorised')).toMatchObject({failure: {kind: 'unavailable'}});
    expect(trial.until).toBeUndefined();
    expect(trial.retryAt(act('c'), 'unauthorised')).toBe(trial.at + 2 * SECOND);
    expect(trial.until).toBeDefined();
  });

  it('is at fault for a list, and for one campaign where it was not taken lately', () => {
    const list = new Trial();
    list.ask(POLL);
    list.ask(POLL, 'unauthorised');
    expect(list.until).toBe(2 * SECOND);
    const late = new Trial();
    late.ask(POLL);
    late.at = 30 * SECOND + 1;
    late.ask(act('a'), 'unauthorised');
    expect(late.until).toBe(late.at + 2 * SECOND);
    const never = new Trial();
    never.ask(POLL, 'rejected');
    never.ask(act('a'), 'unauthorised');
    expect(never.until).toBe(2 * SECOND);
  });

  it('stays at fault while it rests, whoever is refused', () => {
    const trial = new Trial();
    trial.ask(POLL);
    for (const id of ['a', 'b', 'c']) trial.ask(act(id), 'unauthorised');
    expect(trial.ask(act('a'), 'unauthorised')).toMatchObject({failure: {kind: 'unauthorised'}});
    const byList = new Trial();
    byList.ask(POLL);
    byList.ask(POLL, 'unauthorised');
    expect(byList.ask(act('a'), 'unauthorised')).toMatchObject({failure: {kind: 'unauthorised'}});
  });

  it.each<[string, (id: string) => Purpose, Purpose, boolean]>([
    ['for actions by no read', act, read('sound'), false],
    ['for actions by an action', act, act('sound'), true],
    ['for reads by a poll', read, POLL, true],
    ['for reads by a read', read, read('sound'), true],
  ])('is forgiven %s', (_what, refused, taken, isForgiven) => {
    const trial = new Trial();
    trial.ask(POLL);
    trial.ask(refused('a'), 'unauthorised');
    trial.ask(refused('b'), 'unauthorised');
    trial.ask(taken);
    trial.ask(refused('c'), 'unauthorised');
    expect(trial.until === undefined).toBe(isForgiven);
  });

  it('is not known to be good by an answer that refuses', () => {
    const trial = new Trial();
    trial.ask(act('a'), 'rejected');
    trial.ask(act('b'), 'unauthorised');
    expect(trial.until).toBe(2 * SECOND);
  });
});
