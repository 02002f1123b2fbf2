/** When the failures of campaigns are an outage, which of them may try whether it is over, and what ends it. */
import {describe, expect, it} from 'vitest';
import type {Failure} from '../../src/controller/ports.ts';
import type {Action} from '../../src/domain/transitions.ts';
import {Breaker} from '../../src/platform/breaker.ts';

type FailureKind = Failure['kind'];

const MINUTE = 60_000;

/** A breaker in virtual time, whose rests are 1 s, 2 s, 4 s and so on. */
class Trial {
  at = 0;
  readonly breaker = new Breaker({now: () => 0, ticks: () => this.at, after: () => () => {}}, () => 0.5);

  check(campaignId: string, action: Action = 'resume'): Failure | undefined {
    return this.breaker.check({kind: 'act', action, campaignId});
  }

  /** One turn of a campaign that ends so; returns when it is told to come back. */
  turn(campaignId: string, kind?: FailureKind, of: 'read' | 'act' = 'act'): number | undefined {
    const wasProbe = this.breaker.sent();
    const failure = kind && {kind, message: `${kind} of ${campaignId}`};
    const reply = this.breaker.learn(
      {kind: of, action: 'resume', campaignId},
      failure ? {ok: false, failure} : {ok: true, value: 'done'},
      wasProbe,
    );
    return reply.ok ? undefined : reply.failure.retryAt;
  }

  fail(...campaignIds: readonly string[]): void {
    for (const id of campaignIds) this.turn(id, 'unavailable');
  }
}

const inOutage = (): Trial => {
  const trial = new Trial();
  trial.fail('a', 'b', 'c');
  return trial;
};

describe('an outage', () => {
  it.each<FailureKind>(['unavailable', 'malformed'])(
    'begins with the third campaign that is answered %s',
    kind => {
      const trial = new Trial();
      expect(['a', 'b', 'c'].map(id => trial.turn(id, kind))).toEqual([undefined, undefined, 1_000]);
      expect(trial.check('d')).toMatchObject({kind, message: `${kind} of c`, retryAt: 1_000});
    },
  );

  it.each<FailureKind>(['throttled', 'unauthorised', 'rejected', 'missing', 'outdated', 'dropped'])(
    'does not begin with campaigns that are answered %s',
    kind => {
      const trial = new Trial();
      for (const id of ['a', 'b', 'c', 'd']) trial.turn(id, kind);
      expect(trial.check('e')).toBeUndefined();
    },
  );

  it('does not begin with three failures of one campaign', () => {
    const trial = new Trial();
    trial.fail('a', 'a', 'a');
    expect(trial.check('b')).toBeUndefined();
  });

  it('does not begin with failures that lie more than ten minutes apart', () => {
    const trial = new Trial();
    trial.fail('a', 'b');
    trial.at = 10 * MINUTE + 1;
    trial.fail('c');
    expect(trial.check('d')).toBeUndefined();
    trial.fail('a', 'b');
    expect(trial.check('d')).toBeDefined();
  });

  it('begins with failures that lie ten minutes apart', () => {
    const trial = new Trial();
    trial.fail('a', 'b');
    trial.at = 10 * MINUTE;
    trial.fail('c');
    expect(trial.check('d')).toBeDefined();
  });

  it('ends with a rest, after which one turn at a time tries; each that fails makes the next rest longer', () => {
    const trial = inOutage();
    expect(trial.breaker.isProbing).toBe(false);
    for (const rest of [2_000, 4_000, 8_000]) {
      trial.at = trial.check('d')?.retryAt ?? Number.NaN;
      expect(trial.check('d')).toBeUndefined();
      expect(trial.turn('d', 'unavailable')).toBe(trial.at + rest);
      expect(trial.breaker.isProbing).toBe(false);
    }
  });

  it('rests for a minute at the most, and never for less than half a second', () => {
    const trial = inOutage();
    for (let tries = 0; tries < 8; tries++) {
      trial.at = trial.check('d')?.retryAt ?? Number.NaN;
      trial.turn('d', 'unavailable');
    }
    expect(trial.check('d')?.retryAt).toBe(trial.at + MINUTE);
    const eager = new Breaker({now: () => 0, ticks: () => 0, after: () => () => {}}, () => 0);
    for (const campaignId of ['a', 'b', 'c'])
      eager.learn(
        {kind: 'act', action: 'pause', campaignId},
        {ok: false, failure: {kind: 'unavailable', message: ''}},
        false,
      );
    expect(eager.check({kind: 'act', action: 'resume', campaignId: 'd'})?.retryAt).toBe(500);
  });

  it('keeps others waiting for the turn that tries, until it was answered or broke', () => {
    const trial = inOutage();
    trial.at = 1_000;
    expect(trial.breaker.sent()).toBe(true);
    expect(trial.breaker.isProbing).toBe(true);
    trial.breaker.threw(false);
    expect(trial.breaker.isProbing).toBe(true);
    trial.breaker.threw(true);
    expect(trial.breaker.isProbing).toBe(false);
    const wasProbe = trial.breaker.sent();
    const late = {ok: false, failure: {kind: 'unavailable', message: 'sent before'}} as const;
    trial.breaker.learn({kind: 'act', action: 'resume', campaignId: 'd'}, late, false);
    expect(trial.breaker.isProbing).toBe(true);
    trial.breaker.learn({kind: 'act', action: 'resume', campaignId: 'd'}, {ok: true, value: 1}, wasProbe);
    expect(trial.breaker.isProbing).toBe(false);
  });

  it('tells what was sent before it began the same time to come back, and grows by none of that', () => {
    const trial = inOutage();
    expect(trial.turn('d', 'unavailable')).toBe(1_000);
    expect(trial.check('e')?.retryAt).toBe(1_000);
    trial.at = 1_000;
    expect(trial.turn('d', 'unavailable')).toBe(3_000);
  });

  it('keeps the words of what failed itself', () => {
    const trial = inOutage();
    const failure = {kind: 'malformed', message: 'its own'} as const;
    const reply = trial.breaker.learn(
      {kind: 'act', action: 'resume', campaignId: 'd'},
      {ok: false, failure},
      false,
    );
    expect(reply).toEqual({ok: false, failure: {kind: 'unavailable', message: 'its own', retryAt: 1_000}});
  });

  it.each<FailureKind | undefined>([undefined, 'rejected', 'missing'])(
    'is over once an action is answered, be it by %s; the next one begins with the shortest rest',
    kind => {
      const trial = inOutage();
      trial.at = 1_000;
      trial.turn('d', kind);
      expect(trial.check('e')).toBeUndefined();
      expect(trial.breaker.sent()).toBe(false);
      trial.fail('x', 'y', 'z');
      expect(trial.check('e')?.retryAt).toBe(2_000);
    },
  );

  it.each<FailureKind>(['throttled', 'unauthorised', 'outdated', 'dropped'])(
    'is not over where an action is answered %s, or was not sent: that tells nothing of it',
    kind => {
      const trial = inOutage();
      trial.turn('d', kind);
      expect(trial.check('e')?.retryAt).toBe(1_000);
    },
  );

  it('that has yet to begin leaves a failure as it was', () => {
    const reply = {ok: false, failure: {kind: 'unavailable', message: '503'}} as const;
    const {breaker} = new Trial();
    expect(breaker.learn({kind: 'act', action: 'resume', campaignId: 'a'}, reply, false)).toEqual(reply);
  });

  it('may be tried at once where a poll has reached the platform', () => {
    const trial = inOutage();
    trial.breaker.reached();
    expect(trial.check('d')).toBeUndefined();
    expect(trial.breaker.sent()).toBe(true);
    expect(trial.turn('d', 'unavailable')).toBe(2_000);
  });

  it('is none where a poll reaches the platform and nothing had failed', () => {
    const trial = new Trial();
    trial.breaker.reached();
    expect(trial.breaker.sent()).toBe(false);
    expect(trial.check('d')).toBeUndefined();
  });
});

describe('a pause in an outage', () => {
  it('of a campaign that has not failed may go five seconds after the last try, however long the rest', () => {
    const trial = inOutage();
    for (let tries = 0; tries < 4; tries++) {
      trial.at = trial.check('d')?.retryAt ?? Number.NaN;
      trial.turn('d', 'unavailable');
    }
    expect(trial.check('e', 'pause')?.retryAt).toBe(trial.at + 5_000);
    expect(trial.check('d', 'pause')?.retryAt).toBe(trial.at + 16_000);
    expect(trial.check('e', 'resume')?.retryAt).toBe(trial.at + 16_000);
    trial.at += 5_000;
    expect([trial.check('e', 'pause'), trial.check('d', 'pause') === undefined]).toEqual([undefined, false]);
  });

  it('waits no longer than the rest where that is shorter', () => {
    expect(inOutage().check('e', 'pause')?.retryAt).toBe(1_000);
  });
});

describe('a campaign that fails while others get through', () => {
  const withBroken = (): Trial => {
    const trial = new Trial();
    trial.fail('a', 'b');
    trial.turn('sound');
    return trial;
  };

  it('is broken, and makes no outage any more', () => {
    const trial = withBroken();
    trial.fail('a', 'b', 'c', 'a', 'b', 'd');
    expect(trial.check('e')).toBeUndefined();
  });

  it('is not sound in an outage: its pause waits', () => {
    const trial = withBroken();
    trial.fail('c', 'd', 'e');
    for (let tries = 0; tries < 4; tries++) {
      trial.at = trial.check('c')?.retryAt ?? Number.NaN;
      trial.turn('c', 'unavailable');
    }
    expect(trial.check('a', 'pause')?.retryAt).toBe(trial.at + 16_000);
  });

  it('is broken no more once it gets through', () => {
    const trial = withBroken();
    trial.turn('a');
    trial.turn('b');
    trial.fail('a', 'b', 'c');
    expect(trial.check('e')).toBeDefined();
  });

  it('is broken for ten minutes after it last failed', () => {
    const broken = withBroken();
    broken.at = 6 * MINUTE;
    broken.fail('a', 'b');
    broken.at = 16 * MINUTE;
    broken.fail('c', 'a', 'b');
    expect(broken.check('e')).toBeUndefined();
    const mended = withBroken();
    mended.at = 10 * MINUTE + 1;
    mended.fail('c', 'a', 'b');
    expect(mended.check('e')).toBeDefined();
  });

  it('is not made broken by a read that gets through, which forgets what reads failed', () => {
    const trial = new Trial();
    trial.turn('a', 'unavailable', 'read');
    trial.fail('b');
    trial.turn('sound', undefined, 'read');
    trial.fail('c');
    expect(trial.check('e')).toBeUndefined();
    trial.turn('a', 'unavailable', 'read');
    expect(trial.check('e')).toBeDefined();
  });

  it('which failed with reads alone ends its outage with a read', () => {
    const trial = new Trial();
    for (const id of ['a', 'b', 'c']) trial.turn(id, 'unavailable', 'read');
    expect(trial.check('d')).toBeDefined();
    trial.turn('d', undefined, 'read');
    expect(trial.check('d')).toBeUndefined();
  });

  it('which failed with actions does not end its outage with a read', () => {
    const trial = inOutage();
    trial.turn('d', undefined, 'read');
    expect(trial.check('d')).toBeDefined();
  });
});

describe('an effect that shows though its action had no answer', () => {
  it('ends an outage, and keeps another from beginning for a minute', () => {
    const trial = inOutage();
    trial.breaker.tookEffect();
    expect(trial.check('d')).toBeUndefined();
    trial.at = MINUTE - 1;
    trial.fail('a', 'b', 'c');
    expect(trial.check('d')).toBeUndefined();
    trial.at = MINUTE;
    trial.fail('d');
    expect(trial.check('e')?.retryAt).toBe(MINUTE + 1_000);
  });

  it('forgets what failed before it', () => {
    const trial = new Trial();
    trial.fail('a', 'b');
    trial.breaker.tookEffect();
    trial.at = MINUTE;
    trial.fail('c');
    expect(trial.check('d')).toBeUndefined();
  });
});
