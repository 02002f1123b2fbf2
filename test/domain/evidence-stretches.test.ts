/** Where the stretches of the evidence begin and end. */
import {describe, expect, it} from 'vitest';
import {evidenceOf} from '../../src/domain/evidence.ts';
import type {HistoryRecord} from '../../src/domain/history.ts';
import {commit, record, status, wish} from '../support/records.ts';

/** Of each stretch what is asked for, and nothing else. */
const told = (records: readonly HistoryRecord[], ...fields: readonly string[]) =>
  evidenceOf(records, 0, 100).map(period =>
    fields.map(field => (period as unknown as Record<string, unknown>)[field]),
  );

describe('what Git wanted', () => {
  it('begins with a wish, by the time of its change where that is known, and ends with one that says nothing', () => {
    const records = [
      wish(10, 'active', {changedAt: 8, ...commit('r1')}),
      wish(40, 'paused', commit('r2')),
      wish(60, undefined, commit('r3')),
    ];
    expect(told(records, 'from', 'desired', 'revision')).toEqual([
      [0, undefined, undefined],
      [8, 'active', 'r1'],
      [40, 'paused', 'r2'],
      [60, undefined, 'r3'],
    ]);
  });

  it('is also what any record says that it was, from then on', () => {
    const records = [
      status(10, 'active', {desired: 'active', changedAt: 3, ...commit('r1')}),
      status(20, 'active'),
      record(30, {kind: 'drift', desired: 'paused'}),
    ];
    expect(told(records, 'from', 'status', 'desired', 'revision')).toEqual([
      [0, 'unknown', undefined, undefined],
      [10, 'active', 'active', 'r1'],
      [30, 'active', 'paused', undefined],
    ]);
  });
});

describe('stretches', () => {
  it('that say the same are one, and those that differ in what is wanted, by whom or by which commit are not', () => {
    const news = (...records: HistoryRecord[]) => told([status(0, 'active'), ...records], 'from').flat();
    expect(news(wish(10, 'active', {committedAt: 1}), wish(20, 'active', {committedAt: 2}))).toEqual([0, 10]);
    expect(news(wish(10, 'active', {revision: 'a'}), wish(20, 'active', {revision: 'b'}))).toEqual([
      0, 10, 20,
    ]);
    expect(news(status(10, 'active', {changedBy: 'ops', from: 'paused'}))).toEqual([0]);
    expect(news(status(10, 'active', {own: true}), status(20, 'active', {own: true}))).toEqual([0, 10]);
    expect(news(status(10, 'paused'), status(20, 'active'))).toEqual([0, 10, 20]);
  });

  it('keep the commit that made a status, though another would have made the same', () => {
    const own = (at: number, revision: string) => status(at, 'paused', {own: true, ...commit(revision)});
    expect(told([own(0, 'r1'), own(20, 'r2')], 'from', 'revision')).toEqual([[0, 'r1']]);
  });

  it('are two where somebody else brought the same status about anew, however short the other one was', () => {
    const by = (at: number, to: string, changedBy: string) => status(at, to, {from: 'x', changedBy});
    const records = [by(0, 'paused', 'ops'), by(20, 'active', 'other'), by(20, 'paused', 'other')];
    expect(told(records, 'from', 'changedBy')).toEqual([
      [0, 'ops'],
      [20, 'other'],
    ]);
  });

  it('begin where anything is known, or where they are asked for, and end there', () => {
    expect(evidenceOf([], undefined, 100)).toEqual([]);
    expect(evidenceOf([], 50, 100)).toStrictEqual([{from: 50, to: 100, status: 'unknown', by: 'unknown'}]);
    const records = [status(10, 'active'), status(90, 'paused', {from: 'active'}), status(200, 'active')];
    expect(evidenceOf(records, undefined, 100).map(({from, to}) => [from, to])).toEqual([
      [10, 90],
      [90, 100],
    ]);
    expect(evidenceOf(records, 50, 60).map(({from, to}) => [from, to])).toEqual([[50, 60]]);
  });

  it('stand in the order of time, though a change is told late', () => {
    const records = [
      status(50, 'active', {changedAt: 50}),
      status(60, 'paused', {changedAt: 20, from: 'active'}),
    ];
    expect(told(records, 'from', 'status')).toEqual([
      [0, 'unknown'],
      [20, 'paused'],
      [50, 'active'],
    ]);
  });
});
