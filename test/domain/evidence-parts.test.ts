/** What the evidence of a campaign says of each stretch, field by field: it is held against people. */
import {describe, expect, it} from 'vitest';
import {evidenceOf} from '../../src/domain/evidence.ts';
import type {HistoryRecord} from '../../src/domain/history.ts';
import {applied, commit, record, status, wish} from '../support/records.ts';

/** Of each stretch what is asked for, and nothing else. */
const told = (records: readonly HistoryRecord[], ...fields: readonly string[]) =>
  evidenceOf(records, 0, 100).map(period =>
    fields.map(field => (period as unknown as Record<string, unknown>)[field]),
  );

describe('a stretch of evidence', () => {
  it('has nothing but what is known of it', () => {
    expect(evidenceOf([status(10, 'active')], 0, 100)).toStrictEqual([
      {from: 0, to: 10, status: 'unknown', by: 'unknown'},
      {from: 10, to: 100, status: 'active', by: 'unknown', observedAt: 10},
    ]);
  });

  it('has all that is known of it', () => {
    const records = [
      wish(0, 'paused', commit('r1')),
      applied(10, {desired: 'paused', ...commit('r2')}),
      status(11, 'paused', {desired: 'paused', own: true, changedAt: 10, changedBy: 'key'}),
    ];
    expect(evidenceOf(records, 0, 100)).toStrictEqual([
      {from: 0, to: 10, status: 'unknown', by: 'unknown', desired: 'paused', ...commit('r1')},
      {
        from: 10,
        to: 100,
        status: 'paused',
        by: 'git',
        desired: 'paused',
        ...commit('r2'),
        action: 'pause',
        changedBy: 'key',
        observedAt: 11,
      },
    ]);
  });

  it('that an action of ours made has it and its commit, where no reading has shown it', () => {
    expect(evidenceOf([applied(10, commit('r1'))], 0, 100).at(-1)).toStrictEqual({
      from: 10,
      to: 100,
      status: 'paused',
      by: 'git',
      action: 'pause',
      ...commit('r1'),
      observedAt: 10,
    });
    const {action: _action, to: _to, ...bare} = applied(10);
    expect(evidenceOf([status(5, 'active'), bare], 0, 100).at(-1)).toStrictEqual({
      from: 10,
      to: 100,
      status: 'unknown',
      by: 'git',
      observedAt: 10,
    });
  });

  it('that is ours by its own record alone has the commit of that', () => {
    const own = status(10, 'paused', {own: true, ...commit('r1')});
    expect(evidenceOf([own], 0, 100).at(-1)).toStrictEqual({
      from: 10,
      to: 100,
      status: 'paused',
      by: 'git',
      ...commit('r1'),
      observedAt: 10,
    });
  });

  it('of which no record says the status is in none that is known', () => {
    const shown = status(5, 'active', {changedAt: 5});
    for (const changedAt of [5, 10])
      expect(told([shown, record(10, {changedAt, from: 'active'})], 'from', 'status').at(-1)).toEqual([
        10,
        'unknown',
      ]);
  });

  it('that somebody made has no action and no commit of ours', () => {
    const records = [
      status(5, 'active', {changedAt: 5}),
      applied(8),
      status(10, 'paused', {from: 'active', changedAt: 9, ...commit('r1')}),
    ];
    expect(told(records, 'from', 'status', 'by', 'action', 'revision')).toEqual([
      [0, 'unknown', 'unknown', undefined, undefined],
      [5, 'active', 'unknown', undefined, undefined],
      [8, 'paused', 'git', 'pause', undefined],
    ]);
  });
});

describe('who made a status', () => {
  const hand = (changes: Partial<HistoryRecord>, to = 'paused') =>
    evidenceOf([status(10, to, changes)], 10, 100)[0]?.by;
  it('is Rollcall, the platform’s clock, somebody, or not known', () => {
    expect(hand({own: true, from: 'active'})).toBe('git');
    expect(hand({from: 'active'})).toBe('outside');
    expect(hand({})).toBe('unknown');
    expect(hand({from: 'scheduled'}, 'active')).toBe('platform');
    expect(hand({from: 'paused'}, 'active')).toBe('outside');
    expect(hand({from: 'scheduled'}, 'paused')).toBe('outside');
    expect(hand({from: 'paused'}, 'ended')).toBe('platform');
    expect(hand({from: 'active', changedBy: 'ops'}, 'ended')).toBe('platform');
    expect(hand({from: 'scheduled', changedBy: 'ops'}, 'active')).toBe('outside');
  });

  it('is the platform’s clock where it goes on naming whom it named before, and nobody is told to have done that', () => {
    const opened = (by: string) =>
      evidenceOf(
        [
          status(10, 'scheduled', {changedAt: 5, changedBy: 'ops'}),
          status(20, 'active', {from: 'scheduled', changedAt: 20, changedBy: by}),
        ],
        10,
        100,
      ).at(-1);
    expect([opened('ops')?.by, opened('ops')?.changedBy]).toEqual(['platform', undefined]);
    expect([opened('eve')?.by, opened('eve')?.changedBy]).toEqual(['outside', 'eve']);
  });

  it('is not known of another status of a version that was told before, unless its clock does that', () => {
    const again = (to: string, from: string) => {
      const records = [
        status(5, 'scheduled', {changedAt: 5, changedBy: 'ops'}),
        status(50, to, {from, changedAt: 5, changedBy: 'ops'}),
      ];
      return evidenceOf(records, 0, 100).at(-1);
    };
    expect(again('paused', 'scheduled')).toStrictEqual({
      from: 50,
      to: 100,
      status: 'paused',
      by: 'unknown',
      observedAt: 50,
    });
    expect(again('active', 'scheduled')?.by).toBe('platform');
  });

  it('is Rollcall where that shows only when the same version is told again', () => {
    const records = [status(0, 'paused', {changedAt: 0}), status(8, 'paused', {changedAt: 0, own: true})];
    expect(told(records, 'from', 'by')).toEqual([[0, 'git']]);
  });

  it('is told of an action before its version shows something else', () => {
    const records = [
      status(5, 'active', {changedAt: 5}),
      applied(20),
      status(50, 'ended', {from: 'active', changedAt: 5, own: true}),
    ];
    expect(told(records, 'from', 'status', 'by')).toEqual([
      [0, 'unknown', 'unknown'],
      [5, 'active', 'unknown'],
      [20, 'paused', 'git'],
      [50, 'ended', 'platform'],
    ]);
  });

  it('is not told of an action twice, by itself and by what shows it', () => {
    const records = [status(5, 'active'), applied(20), status(30, 'paused', {own: true, changedAt: 25})];
    expect(told(records, 'from', 'status', 'action')).toEqual([
      [0, 'unknown', undefined],
      [5, 'active', undefined],
      [25, 'paused', 'pause'],
    ]);
    const later = [...records, status(40, 'active', {from: 'paused'}), status(60, 'paused', {own: true})];
    expect(told(later, 'from', 'action').slice(2)).toEqual([
      [25, 'pause'],
      [40, undefined],
      [60, undefined],
    ]);
  });

  it('is each of two actions, though no reading came between them', () => {
    const records = [applied(10), applied(20, {action: 'cancel', to: 'cancelled'})];
    expect(told(records, 'from', 'status', 'action').slice(1)).toEqual([
      [10, 'paused', 'pause'],
      [20, 'cancelled', 'cancel'],
    ]);
  });

  it('is nobody by a record that tells no status, nor by an action that was not applied', () => {
    const records = [
      status(5, 'active'),
      record(10, {kind: 'drift', to: 'paused'}),
      record(15, {kind: 'terminal', to: 'cancelled', outcome: 'applied'}),
      applied(20, {outcome: 'refused'}),
    ];
    expect(told(records, 'from', 'status')).toEqual([
      [0, 'unknown'],
      [5, 'active'],
    ]);
  });
});
