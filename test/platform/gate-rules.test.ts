/** Which answers open and close the way of a workspace for which requests. */
import {describe, expect, it} from 'vitest';
import type {Failure, Reply} from '../../src/controller/ports.ts';
import {Gate} from '../../src/platform/gate.ts';
import type {Purpose} from '../../src/platform/purpose.ts';

type Kind = Failure['kind'];

const POLL: Purpose = {kind: 'poll'};
const resume = (campaignId: string): Purpose => ({kind: 'act', action: 'resume', campaignId});

class Trial {
  at = 0;
  readonly gate = new Gate({now: () => 0, ticks: () => this.at, after: () => () => {}}, () => 0.5);

  ask(purpose: Purpose, kind?: Kind): Reply<string> {
    const trial = this.gate.sent(purpose);
    const reply: Reply<string> = kind ? {ok: false, failure: {kind, message: kind}} : {ok: true, value: 'x'};
    return this.gate.learn(purpose, reply, trial);
  }

  /** Until when resumes are kept waiting. */
  get until(): number | undefined {
    return this.gate.check(resume('x'))?.retryAt;
  }
}

const inOutage = (): Trial => {
  const trial = new Trial();
  for (const id of ['a', 'b', 'c']) trial.ask(resume(id), 'unavailable');
  return trial;
};

describe('an outage of actions', () => {
  it('keeps no poll waiting', () => {
    const trial = inOutage();
    expect([trial.until, trial.gate.check(POLL)]).toEqual([1_000, undefined]);
    expect(trial.gate.sent(POLL)).toEqual({rest: false, breaker: false});
    expect(trial.gate.isProbing).toBe(false);
  });

  it('is not begun by polls that fail', () => {
    const trial = new Trial();
    for (const _ of 'abcd') trial.ask(POLL, 'unavailable');
    expect(trial.until).toBeUndefined();
  });

  it('may be tried at once when polls get through again that had not', () => {
    const trial = inOutage();
    trial.ask(POLL, 'unavailable');
    expect(trial.until).toBe(1_000);
    trial.ask(POLL);
    expect(trial.until).toBeUndefined();
  });

  it('goes on where polls got through all the time', () => {
    const trial = inOutage();
    trial.ask(POLL);
    trial.ask(POLL);
    expect(trial.until).toBe(1_000);
  });

  it.each<Kind>(['malformed', 'dropped', 'outdated', 'missing', 'rejected'])(
    'goes on where a poll ends otherwise: %s',
    kind => {
      const trial = inOutage();
      trial.ask(POLL, kind);
      trial.ask(POLL);
      expect(trial.until).toBe(1_000);
      trial.ask(POLL, 'unavailable');
      trial.ask(POLL, kind);
      trial.ask(POLL);
      expect(trial.until).toBeUndefined();
    },
  );

  it('is over once an action is seen to have taken effect', () => {
    const trial = inOutage();
    trial.gate.tookEffect();
    expect(trial.until).toBeUndefined();
  });

  it('keeps the others waiting for the turn that tries, until that was answered or broke', () => {
    const trial = inOutage();
    trial.at = 1_000;
    const sent = trial.gate.sent(resume('d'));
    expect(sent).toEqual({rest: false, breaker: true});
    expect(trial.gate.isProbing).toBe(true);
    trial.gate.threw(sent);
    expect(trial.gate.isProbing).toBe(false);
  });
});

it('a request that breaks while it tries whether a rest is over lets another one try', () => {
  const trial = new Trial();
  trial.ask(resume('a'), 'throttled');
  trial.at = 1_000;
  const sent = trial.gate.sent(resume('a'));
  expect([sent.rest, trial.gate.isProbing]).toEqual([true, true]);
  trial.gate.threw(sent);
  expect(trial.gate.isProbing).toBe(false);
});
