/** What keeps a resume, word for word: people act by it. */
import {describe, expect, it} from 'vitest';
import type {Freeze} from '../../src/domain/freeze.ts';
import {
  CONTESTED_FOR,
  frozen,
  type Move,
  noneRestrained,
  recentMoves,
  restrainedTotal,
  restraintOf,
  withCorrection,
} from '../../src/domain/restraint.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const MINUTE = 60_000;
const moves = (...ago: readonly number[]): Move[] =>
  ago.map(minutes => ({at: NOW - minutes * MINUTE, by: 'ops'}));

describe('a campaign that is moved again and again', () => {
  it('is resumed by nobody after three moves within an hour, until an hour after the last', () => {
    const [first, ...rest] = moves(50, 40, 30);
    const all = [{at: first?.at ?? 0, by: undefined}, ...rest];
    const corrected = withCorrection(all, NOW - 20 * MINUTE);
    expect(restraintOf(corrected, NOW)).toEqual({
      reason: 'contested',
      until: NOW + 30 * MINUTE,
      message:
        'contested: moved against Git 3 times within an hour, by somebody unnamed, ops (2026-11-24T11:10:00.000Z; 2026-11-24T11:20:00.000Z; 2026-11-24T11:30:00.000Z, corrected 2026-11-24T11:40:00.000Z); it is resumed once its declaration is changed in Git, or at 2026-11-24T12:30:00.000Z if nobody moves it again',
    });
  });

  it('names whom the platform names by an empty word as nobody', () => {
    const [first, ...rest] = moves(3, 2, 1);
    expect(restraintOf([{at: first?.at ?? 0, by: ''}, ...rest], NOW)?.message).toContain(
      'by somebody unnamed, ops (',
    );
  });

  it.each<[string, Move[]]>([
    ['after two moves', moves(2, 1)],
    ['where the first of three was an hour ago', moves(60, 2, 1)],
    ['where nobody is named for the last', [...moves(3, 2), {at: NOW, by: undefined}]],
    ['where an empty name is all there is of the last', [...moves(3, 2), {at: NOW, by: ''}]],
    ['where nobody moved it', []],
  ])('is resumed %s', (_name, some) => {
    expect(restraintOf(some, NOW)).toBeUndefined();
  });

  it('is remembered for its last three moves of the last hour', () => {
    expect(recentMoves(moves(61, 60, 59, 3, 2, 1), NOW)).toEqual(moves(3, 2, 1));
    expect(recentMoves(moves(61, 60, 59), NOW)).toEqual(moves(59));
    expect(CONTESTED_FOR).toBe(60 * MINUTE);
  });

  it('has its last move corrected, and none where there is none', () => {
    expect(withCorrection(moves(2, 1), NOW)).toEqual([
      ...moves(2),
      {at: NOW - MINUTE, by: 'ops', correctedAt: NOW},
    ]);
    expect(withCorrection([], NOW)).toEqual([]);
  });
});

describe('a freeze', () => {
  const freeze: Freeze = {
    name: 'billing-migration',
    labels: {},
    until: NOW + 90 * MINUTE,
    reason: 'the billing system moves',
    source: {file: 'f.yaml', line: 1},
  };

  it('keeps resumes and cancels, says by whom and until when, and lets a pause pass', () => {
    const kept = {
      reason: 'frozen',
      until: NOW + 90 * MINUTE,
      message: 'frozen until 2026-11-24T13:30:00.000Z by billing-migration: the billing system moves',
    };
    expect(frozen([freeze], 'resume', NOW)).toEqual(kept);
    expect(frozen([freeze], 'cancel', NOW)).toEqual(kept);
    expect(frozen([freeze], 'pause', NOW)).toBeUndefined();
    expect(frozen([freeze], undefined, NOW)).toBeUndefined();
    expect(frozen([{...freeze, owner: 'billing-oncall'}], 'resume', NOW)?.message).toBe(
      `${kept.message} (billing-oncall)`,
    );
  });

  it('keeps nothing once it is over, nor where there is none', () => {
    expect(frozen([freeze], 'resume', freeze.until)).toBeUndefined();
    expect(frozen([], 'resume', NOW)).toBeUndefined();
    expect(frozen(undefined, 'resume', NOW)).toBeUndefined();
  });
});

it('counts the campaigns that anything keeps', () => {
  expect(noneRestrained()).toEqual({contested: 0, limited: 0, stale: 0, frozen: 0});
  expect(restrainedTotal(noneRestrained())).toBe(0);
  expect(restrainedTotal({contested: 1, limited: 2, stale: 4, frozen: 8})).toBe(15);
});
