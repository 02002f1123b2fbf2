import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {evidenceOf} from '../../src/domain/evidence.ts';
import type {HistoryRecord} from '../../src/domain/history.ts';

const record = (changes: Partial<HistoryRecord>): HistoryRecord => ({
  at: 0,
  kind: 'status',
  workspace: 'collections',
  campaignId: 'camp-1',
  name: 'q1',
  replica: 'r',
  ...changes,
});

const wish = (at: number, to: string | undefined, revision: string): HistoryRecord =>
  record({
    at,
    kind: 'wish',
    revision,
    author: `author of ${revision}`,
    ...(to !== undefined && {to, desired: to}),
  });
const applied = (at: number, action: string, to: string, revision: string): HistoryRecord =>
  record({at, kind: 'action', action, to, outcome: 'applied', revision, author: `author of ${revision}`});
const status = (at: number, to: string, changes: Partial<HistoryRecord> = {}): HistoryRecord =>
  record({at, to, changedAt: at - 1, ...changes});

describe('the evidence of a campaign', () => {
  it('says when it was live, by whose commit and whose hand', () => {
    const records = [
      wish(10, 'active', 'r1'),
      status(11, 'active', {changedAt: 5}),
      wish(20, 'paused', 'r2'),
      applied(21, 'pause', 'paused', 'r2'),
      status(22, 'paused', {own: true, changedAt: 21, from: 'active'}),
      status(40, 'active', {changedAt: 35, changedBy: 'night-shift', from: 'paused'}),
      record({at: 40, kind: 'drift'}),
      applied(41, 'pause', 'paused', 'r2'),
      status(42, 'paused', {own: true, changedAt: 41, from: 'active'}),
    ];
    const periods = evidenceOf(records, 0, 50);
    expect(periods).toMatchObject([
      {from: 0, to: 10, status: 'unknown', by: 'unknown'},
      {from: 10, to: 11, status: 'unknown', desired: 'active', by: 'unknown'},
      {from: 11, to: 20, status: 'active', desired: 'active', author: 'author of r1'},
      {from: 20, to: 21, status: 'active', desired: 'paused', revision: 'r2'},
      {
        from: 21,
        to: 35,
        status: 'paused',
        desired: 'paused',
        by: 'git',
        action: 'pause',
        author: 'author of r2',
      },
      {
        from: 35,
        to: 41,
        status: 'active',
        desired: 'paused',
        by: 'outside',
        changedBy: 'night-shift',
        observedAt: 40,
      },
      {from: 41, to: 50, status: 'paused', by: 'git', action: 'pause'},
    ]);
  });

  it('names the commit that an action went by, though another came before its effect was seen', () => {
    const records = [
      wish(10, 'active', 'r1'),
      status(11, 'paused', {changedAt: 1}),
      applied(12, 'resume', 'scheduled', 'r1'),
      wish(13, 'paused', 'r2'),
      status(14, 'active', {own: true, changedAt: 12, from: 'paused'}),
    ];
    expect(evidenceOf(records, undefined, 20).at(-1)).toMatchObject({
      status: 'active',
      desired: 'paused',
      revision: 'r1',
    });
  });

  it('takes an action for its own witness where no reading has shown its effect', () => {
    const records = [status(1, 'active'), applied(5, 'pause', 'paused', 'r1')];
    expect(evidenceOf(records, 0, 9).at(-1)).toMatchObject({
      from: 5,
      status: 'paused',
      by: 'git',
      action: 'pause',
    });
  });

  it('calls what the platform’s clock does by its name', () => {
    const records = [
      status(2, 'scheduled'),
      status(5, 'active', {from: 'scheduled'}),
      status(9, 'ended', {from: 'active'}),
    ];
    expect(evidenceOf(records, undefined, 20).map(({by}) => by)).toEqual(['unknown', 'platform', 'platform']);
  });

  it.each(['active', 'ended'])(
    'does not say how long a campaign had been %s when it was first seen: nobody knows',
    to => {
      expect(evidenceOf([status(100, to, {changedAt: 5})], 0, 150)).toMatchObject([
        {from: 0, to: 100, status: 'unknown'},
        {from: 100, to: 150, status: to, by: 'unknown'},
      ]);
    },
  );

  it.each(['paused', 'scheduled', 'cancelled'])(
    'says since when it was %s, which no clock brings about',
    to => {
      expect(evidenceOf([status(100, to, {changedAt: 5})], 0, 150)).toMatchObject([
        {from: 0, to: 5, status: 'unknown'},
        {from: 5, to: 150, status: to, by: 'unknown'},
      ]);
    },
  );

  it('says nothing of an action that was refused', () => {
    const refused = record({at: 3, kind: 'action', action: 'pause', outcome: 'refused'});
    expect(evidenceOf([status(1, 'active'), refused], 1, 9)).toHaveLength(1);
  });

  it('covers the time that was asked for, without a gap and without overlap, whatever the history holds', () => {
    const any = fc.record({
      at: fc.nat(100),
      kind: fc.constantFrom(
        'action' as const,
        'drift' as const,
        'terminal' as const,
        'status' as const,
        'wish' as const,
      ),
      to: fc.constantFrom('active', 'paused', 'ended'),
      changedAt: fc.nat(100),
      outcome: fc.constantFrom('applied', 'refused'),
    });
    fc.assert(
      fc.property(fc.array(any), fc.nat(100), fc.integer({min: 1, max: 50}), (changes, from, length) => {
        const records = changes.map(record).toSorted((a, b) => a.at - b.at);
        const periods = evidenceOf(records, from, from + length);
        expect(periods[0]?.from).toBe(from);
        expect(periods.at(-1)?.to).toBe(from + length);
        for (const [i, period] of periods.entries()) {
          expect(period.to).toBeGreaterThan(period.from);
          if (i > 0) expect(period.from).toBe(periods[i - 1]?.to);
        }
      }),
    );
  });

  it('is by the platform’s clock where it changes a status without a word of when, whoever made the version', () => {
    const records = [
      wish(0, 'active', 'r1'),
      status(1, 'scheduled', {changedAt: 1, changedBy: 'ops@example.com'}),
      status(50, 'active', {from: 'scheduled', changedAt: 1, changedBy: 'ops@example.com'}),
      status(90, 'ended', {from: 'active', changedAt: 1, changedBy: 'ops@example.com', own: true}),
    ];
    const told = evidenceOf(records, 1, 100).map(({by, changedBy, from, status: one, to}) => [
      from,
      to,
      one,
      by,
      changedBy,
    ]);
    expect(told).toEqual([
      [1, 50, 'scheduled', 'unknown', 'ops@example.com'],
      [50, 90, 'active', 'platform', undefined],
      [90, 100, 'ended', 'platform', undefined],
    ]);
  });

  describe('of an action after which the process was killed', () => {
    const before = [wish(0, 'active', 'r1'), status(1, 'paused', {changedAt: 1})];
    const told = (...records: readonly HistoryRecord[]) =>
      evidenceOf([...before, ...records], 10, 100).map(({by, from, status: one, to}) => [from, to, one, by]);

    it('has the status that it made for its own, seen by the next process', () => {
      expect(
        told(
          applied(20, 'resume', 'active', 'r1'),
          status(40, 'active', {from: 'paused', changedAt: 19, changedBy: 'api-key', own: false}),
        ),
      ).toEqual([
        [10, 19, 'paused', 'unknown'],
        [19, 100, 'active', 'git'],
      ]);
    });

    it('has what the platform’s clock made of that since, without a word of when', () => {
      expect(
        told(
          applied(20, 'resume', 'scheduled', 'r1'),
          status(40, 'active', {from: 'paused', changedAt: 19, changedBy: 'api-key', own: false}),
        ),
      ).toEqual([
        [10, 20, 'paused', 'unknown'],
        [20, 40, 'scheduled', 'git'],
        [40, 100, 'active', 'platform'],
      ]);
    });

    it('has what the platform’s clock made of that as well where it names whom it named before', () => {
      expect(
        told(
          applied(20, 'resume', 'scheduled', 'r1'),
          status(40, 'active', {from: 'paused', changedAt: 25, changedBy: 'api-key'}),
        ),
      ).toEqual([
        [10, 20, 'paused', 'unknown'],
        [20, 25, 'scheduled', 'git'],
        [25, 100, 'active', 'platform'],
      ]);
    });

    it('is not what somebody else is named for, where Rollcall has another name', () => {
      const own = status(5, 'paused', {changedAt: 4, changedBy: 'api-key', own: true});
      const ann = {from: 'paused', changedBy: 'ann@example.com'} as const;
      const records = [
        own,
        applied(20, 'resume', 'scheduled', 'r1'),
        status(40, 'active', {...ann, changedAt: 25}),
      ];
      expect(told(...records).at(-1)).toEqual([25, 100, 'active', 'outside']);
    });

    it('says that nobody knows where even that was not told, and blames whoever came later', () => {
      const byItself = status(40, 'active', {
        from: 'paused',
        changedAt: 19,
        changedBy: 'api-key',
        own: false,
      });
      expect(told(byItself)).toEqual([
        [10, 19, 'paused', 'unknown'],
        [19, 100, 'active', 'unknown'],
      ]);
      const later = status(40, 'paused', {from: 'active', changedAt: 30, changedBy: 'ann@example.com'});
      expect(told(applied(20, 'resume', 'active', 'r1'), later)).toEqual([
        [10, 20, 'paused', 'unknown'],
        [20, 30, 'active', 'git'],
        [30, 100, 'paused', 'outside'],
      ]);
    });
  });
});
