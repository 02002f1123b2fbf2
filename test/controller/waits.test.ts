/** How long a campaign whose action failed waits, what lets it go before its time, and what waits for it. */
import {describe, expect, it} from 'vitest';
import {type Entry, newEntry} from '../../src/controller/store/entry.ts';
import {Waits} from '../../src/controller/store/waits.ts';
import type {Verdict} from '../../src/domain/judge.ts';
import type {Outcome} from '../../src/domain/outcome.ts';
import type {Action} from '../../src/domain/transitions.ts';

const MOMENT = {now: 1_000_000, ticks: 50_000};

const due = (action: Action): Verdict => ({
  state: 'failed',
  mode: 'enforce',
  steps: [action],
  cause: 'pending',
});

class Trial {
  readonly marked: string[] = [];
  readonly waits = new Waits(
    () => 0.5,
    entry => this.marked.push(entry.campaignId),
  );

  entry(id: string, action: Action): Entry {
    return {...newEntry(id), verdict: due(action)};
  }

  end(entry: Entry, kind: Outcome['kind'], action: Action = 'pause', after = 5_000): void {
    const outcome = {kind, action, message: '', retryAt: MOMENT.now + after, from: 'active', to: 'paused'};
    this.waits.ended(entry, outcome as Outcome, MOMENT);
  }
}

describe('a campaign whose action', () => {
  it.each(['deferred', 'refused'] as const)('was %s waits, and is counted in a row', kind => {
    const trial = new Trial();
    const entry = trial.entry('a', 'pause');
    trial.end(entry, kind);
    expect(entry.waiting).toMatchObject({count: 1, dueAt: 55_000, outcome: {kind}});
    trial.end(entry, kind, 'pause', 7_000);
    expect(entry.waiting).toMatchObject({count: 2, dueAt: 57_000});
    expect(trial.marked).toEqual(['a', 'a']);
  });

  it.each(['applied', 'superseded', 'skipped'] as const)('was %s waits no more', kind => {
    const trial = new Trial();
    const entry = trial.entry('a', 'pause');
    trial.end(entry, 'deferred');
    trial.end(entry, kind);
    expect(entry.waiting).toBeUndefined();
    expect(trial.waits.isTriedAgain('pause', 50_000)).toBe(false);
  });
});

describe('how long it waits', () => {
  it('doubles with each failure in a row, up to a minute where there was no answer, and to five where it was refused', () => {
    const {waits} = new Trial();
    const failed = (count: number): Entry => ({
      ...newEntry('a'),
      waiting: {
        count,
        dueAt: 0,
        outcome: {kind: 'deferred', action: 'pause', message: '', retryAt: 0},
      },
    });
    expect(waits.nextDelay(undefined, 'deferred')).toBe(1_000);
    expect([1, 2, 3, 6, 9].map(count => waits.nextDelay(failed(count), 'deferred'))).toEqual([
      2_000, 4_000, 8_000, 60_000, 60_000,
    ]);
    expect([1, 6, 9].map(count => waits.nextDelay(failed(count), 'refused'))).toEqual([
      2_000, 64_000, 150_000,
    ]);
    expect([0, 1, 4].map(count => waits.nextDelay(failed(count), 'deferred', 300))).toEqual([300, 300, 300]);
    expect(waits.nextDelay(failed(5), 'deferred', 300)).toBe(32_300);
    expect(waits.nextDelay(failed(9), 'deferred', 70_000)).toBe(130_000);
    expect(waits.nextDelay(failed(9), 'deferred', 86_400_000)).toBe(300_000);
    expect(waits.nextDelay(undefined, 'deferred', 30_000)).toBe(1_000);
  });
});

describe('what lets campaigns go before their time', () => {
  const waiting = () => {
    const trial = new Trial();
    const all = {
      deferred: trial.entry('deferred', 'pause'),
      refused: trial.entry('refused', 'pause'),
      quota: trial.entry('quota', 'resume'),
    };
    trial.end(all.deferred, 'deferred');
    trial.end(all.refused, 'refused');
    trial.end(all.quota, 'refused', 'resume');
    trial.marked.length = 0;
    return {trial, all};
  };
  const still = (all: Readonly<Record<string, Entry>>): readonly string[] =>
    Object.keys(all).filter(name => all[name]?.waiting !== undefined);

  it('is a platform that answers again: those that had no answer', () => {
    const {all, trial} = waiting();
    trial.waits.outageOver();
    expect([still(all), trial.marked]).toEqual([['refused', 'quota'], ['deferred']]);
  });

  it.each(['pause', 'cancel'] as const)(
    'is a %s that was applied: those that were refused to run',
    action => {
      const {all, trial} = waiting();
      trial.end(trial.entry('other', action), 'applied', action);
      expect(still(all)).toEqual(['deferred', 'refused']);
    },
  );

  it('is no resume, and no pause that was not applied', () => {
    const {all, trial} = waiting();
    trial.end(trial.entry('other', 'resume'), 'applied', 'resume');
    trial.end(trial.entry('other', 'pause'), 'superseded');
    expect(still(all)).toEqual(['deferred', 'refused', 'quota']);
  });

  it('is nothing for one that was settled meanwhile', () => {
    const {all, trial} = waiting();
    all.deferred.waiting = undefined;
    trial.waits.settled(all.deferred);
    trial.waits.settled(all.refused);
    trial.waits.outageOver();
    expect([still(all), trial.marked]).toEqual([['refused', 'quota'], []]);
  });
});

describe('an action that has failed once', () => {
  it('is tried again before what comes after it, and once more only', () => {
    const trial = new Trial();
    const entry = trial.entry('a', 'pause');
    expect([trial.waits.isTriedAgain('pause', 50_000), trial.waits.triedAgainAt(50_000)]).toEqual([
      false,
      undefined,
    ]);
    trial.end(entry, 'deferred');
    expect(['pause', 'cancel', 'resume'].map(one => trial.waits.isTriedAgain(one as Action, 50_000))).toEqual(
      [true, false, false],
    );
    trial.end(trial.entry('b', 'cancel'), 'refused', 'cancel', 9_000);
    expect(trial.waits.triedAgainAt(50_000)).toBe(59_000);
    trial.end(entry, 'deferred');
    expect(trial.waits.isTriedAgain('pause', 50_000)).toBe(false);
  });

  it('keeps others waiting for half a minute at the most, from the first of them on', () => {
    const trial = new Trial();
    trial.end(trial.entry('a', 'pause'), 'deferred', 'pause', 100_000);
    trial.waits.ended(
      trial.entry('b', 'pause'),
      {kind: 'deferred', action: 'pause', message: '', retryAt: MOMENT.now + 100_000},
      {now: MOMENT.now + 20_000, ticks: MOMENT.ticks + 20_000},
    );
    expect([79_999, 80_000].map(ticks => trial.waits.isTriedAgain('pause', ticks))).toEqual([true, false]);
    expect([trial.waits.triedAgainAt(149_999), trial.waits.triedAgainAt(150_000)]).toEqual([
      150_000,
      undefined,
    ]);
  });

  it('keeps nobody waiting where it is due no more', () => {
    const trial = new Trial();
    const entry = trial.entry('a', 'pause');
    trial.end(entry, 'deferred');
    entry.verdict = {...due('pause'), state: 'held'};
    expect([trial.waits.isTriedAgain('pause', 50_000), trial.waits.triedAgainAt(50_000)]).toEqual([
      false,
      undefined,
    ]);
    entry.verdict = due('pause');
    entry.waiting = undefined;
    trial.waits.settled(entry);
    expect(trial.waits.isTriedAgain('pause', 50_000)).toBe(false);
  });
});
