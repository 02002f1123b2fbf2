import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openToWrite} from '../../src/disk/sqlite.ts';
import type {HistoryRecord} from '../../src/domain/history.ts';
import {knownPast} from '../../src/history/past.ts';
import {SCHEMA} from '../../src/history/schema.ts';
import {RecordTable} from '../../src/history/table.ts';
import {saidIn} from '../../src/history/words.ts';
import {claim} from '../support/fixtures.ts';
import {temporaryFolder} from '../support/temp.ts';

const NOW = Date.UTC(2026, 10, 27);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const about = {workspace: 'collections', campaignId: 'a', name: 'a', replica: 'one'};

const written = (...records: readonly Partial<HistoryRecord>[]): string => {
  const file = join(temporaryFolder(), 'history.sqlite');
  const database = openToWrite(file, SCHEMA);
  new RecordTable(database).write(records.map(record => ({...about, at: NOW, ...record}) as HistoryRecord));
  database.close();
  return file;
};

const action = (more: Partial<HistoryRecord>): Partial<HistoryRecord> => ({
  kind: 'action',
  action: 'resume',
  outcome: 'applied',
  cause: 'pending',
  ...more,
});

describe('what a history knows from before a start', () => {
  it('is what was sent of one workspace within a month, but for pauses, failures and openings of timetables', () => {
    const file = written(
      action({at: NOW - 40 * DAY}),
      action({at: NOW - 3 * HOUR, cause: 'drifted'}),
      action({at: NOW - 2 * HOUR, cause: 'timetable'}),
      action({at: NOW - 2 * HOUR, action: 'pause'}),
      action({at: NOW - 2 * HOUR, outcome: 'refused'}),
      action({at: NOW - 2 * HOUR, workspace: 'growth'}),
      action({at: NOW - HOUR, action: 'cancel'}),
    );
    expect(knownPast(file, 'collections', NOW).sent).toEqual([
      {action: 'resume', at: NOW - 3 * HOUR},
      {action: 'cancel', at: NOW - HOUR},
    ]);
  });

  it('is also what took effect though its answer was lost, by the status that it made', () => {
    const lost = {outcome: 'deferred', campaignId: 'b'} as const;
    const file = written(
      action({at: NOW - 9 * HOUR, action: 'cancel', ...lost}),
      {kind: 'status', at: NOW - 8 * HOUR, to: 'cancelled', own: true, campaignId: 'b'},
      action({at: NOW - 7 * HOUR, to: 'active'}),
      {kind: 'status', at: NOW - 7 * HOUR, to: 'active', own: true},
      action({at: NOW - 6 * HOUR, ...lost, campaignId: 'c', cause: 'timetable'}),
      {kind: 'status', at: NOW - 6 * HOUR, to: 'active', own: true, campaignId: 'c'},
      action({at: NOW - 5 * HOUR, ...lost, campaignId: 'd'}),
    );
    expect(knownPast(file, 'collections', NOW).sent).toEqual([
      {action: 'cancel', at: NOW - 8 * HOUR},
      {action: 'resume', at: NOW - 7 * HOUR},
    ]);
  });

  it('is since when Git asks for the same as now, and nothing where it asked for something else', () => {
    const file = written(
      {kind: 'wish', at: NOW - 3 * DAY, to: 'paused', desired: 'paused'},
      {kind: 'wish', at: NOW - 2 * DAY, to: 'active', desired: 'active'},
    );
    const {inForceAt} = knownPast(file, 'collections', NOW);
    expect(inForceAt('a', claim({desired: 'active'}))).toBe(NOW - 2 * DAY);
    expect(inForceAt('a', claim({desired: 'paused'}))).toBeUndefined();
    expect(inForceAt('b', claim())).toBeUndefined();
  });

  it('is who moved a campaign within the last hour, each move once, and when it was corrected', () => {
    const drift = (minutes: number, by?: string): Partial<HistoryRecord> => ({
      kind: 'drift',
      at: NOW - minutes * 60_000,
      changedAt: NOW - minutes * 60_000,
      ...(by !== undefined && {changedBy: by}),
    });
    const corrected = action({at: NOW - 29 * 60_000, cause: 'drifted'});
    const file = written(drift(90, 'x'), drift(30, 'ops'), corrected, drift(30, 'ops'), drift(10));
    expect(knownPast(file, 'collections', NOW).moves('a', claim())).toEqual([
      {at: NOW - 30 * 60_000, by: 'ops', correctedAt: NOW - 29 * 60_000},
      {at: NOW - 10 * 60_000, by: undefined},
    ]);
  });

  it('is how a campaign was seen last: in place, or under another wish, and whether Rollcall had made it so', () => {
    const file = written(
      {kind: 'wish', to: 'active', desired: 'active'},
      {kind: 'status', to: 'scheduled', own: true, changedAt: NOW - 5, changedBy: 'key'},
      {kind: 'wish', campaignId: 'b', to: 'active', desired: 'active'},
      {kind: 'status', campaignId: 'b', to: 'paused', changedAt: NOW - 7, changedBy: 'ops'},
      {kind: 'status', campaignId: 'd', to: 'active', own: true, changedAt: NOW - 4, changedBy: 'key'},
      {kind: 'status', campaignId: 'd', to: 'paused', changedAt: NOW - 3, changedBy: 'ops'},
    );
    const {ownName, ownUpdatedAt, settledFor} = knownPast(file, 'collections', NOW);
    expect([settledFor('a', 'active'), settledFor('a', 'paused'), ownUpdatedAt('a')]).toEqual([
      'active',
      'active',
      NOW - 5,
    ]);
    expect([settledFor('b', 'active'), settledFor('b', 'paused'), ownUpdatedAt('b')]).toEqual([
      undefined,
      'active',
      undefined,
    ]);
    expect([settledFor('c', 'active'), ownUpdatedAt('c'), ownName]).toEqual([undefined, undefined, 'key']);
  });

  it('is what has drifted and stands so: not what was set right, is Rollcall’s own or asked for otherwise', () => {
    const [early, late] = [NOW - 9, NOW - 5];
    const of = (campaignId: string, ...records: readonly Partial<HistoryRecord>[]) =>
      [{kind: 'wish', to: 'active', desired: 'active', at: early} as const, ...records].map(record => ({
        campaignId,
        ...record,
      }));
    const drift = {kind: 'drift', at: late, changedAt: late} as const;
    const seen = {kind: 'status', at: late, changedAt: late, to: 'paused'} as const;
    const file = written(
      ...of('stands', drift, seen),
      ...of('right', drift, seen, {...seen, to: 'active', changedAt: NOW - 4}),
      ...of('own', drift, {...seen, own: true}),
      ...of('pending', seen),
      ...of('older', {...drift, at: early - 1}, seen),
      ...of('unseen', drift),
      ...of('over', drift, {...seen, to: 'cancelled'}),
      {...drift, campaignId: 'unasked'},
    );
    const {isDrifting} = knownPast(file, 'collections', NOW);
    const active = claim({desired: 'active'});
    expect(
      ['stands', 'right', 'own', 'pending', 'older', 'unseen', 'over', 'unasked', 'none'].filter(id =>
        isDrifting(id, active),
      ),
    ).toEqual(['stands', 'unseen']);
    expect(isDrifting('stands', claim({desired: 'scheduled'}))).toBe(false);
  });

  it('is what was told to be over against Git, under what Git still asks for', () => {
    const of = (campaignId: string, wish: string, ...kinds: readonly HistoryRecord['kind'][]) => [
      {kind: 'wish', to: wish, desired: wish, at: NOW - 9, campaignId} as const,
      ...kinds.map(kind => ({
        kind,
        campaignId,
        at: NOW - 5,
        changedAt: NOW - 5,
        ...(kind === 'status' && {to: 'cancelled'}),
      })),
    ];
    const file = written(
      ...of('lost', 'active', 'terminal', 'status'),
      ...of('untold', 'active', 'status'),
      ...of('unseen', 'active', 'terminal'),
    );
    const {isLost} = knownPast(file, 'collections', NOW);
    const active = claim({desired: 'active'});
    expect(['lost', 'untold', 'unseen', 'none'].filter(id => isLost(id, active))).toEqual(['lost']);
    expect(isLost('lost', claim({desired: 'paused'}))).toBe(false);
  });

  it('is one that stands though the file says the same in other words since', () => {
    const [before, after] = ['before', 'after'].map(reason =>
      claim({campaignId: 'a', desired: 'active', reason}),
    );
    const wordsOf = (one = after) => saidIn(one) ?? {words: '', around: ''};
    const wish = (at: number, one = after) =>
      ({kind: 'wish', to: 'active', desired: 'active', at, said: wordsOf(one)}) as const;
    const drift = {kind: 'drift', at: NOW - 5, changedAt: NOW - 5} as const;
    const seen = {kind: 'status', at: NOW - 5, changedAt: NOW - 5, to: 'paused'} as const;
    const {inForceAt, isDrifting} = knownPast(
      written(wish(NOW - 9, before), drift, seen, wish(NOW - 2)),
      'collections',
      NOW,
    );
    expect([inForceAt('a', after), isDrifting('a', after)]).toEqual([NOW - 2, true]);
  });

  it('is known of a history of an earlier version too, which knows no words', () => {
    const file = written({kind: 'wish', at: NOW - DAY, to: 'active', desired: 'active'});
    const database = openToWrite(file, 'DROP TABLE wordings');
    database.close();
    const {inForceAt} = knownPast(file, 'collections', NOW);
    expect(inForceAt('a', claim({desired: 'active'}))).toBe(NOW - DAY);
  });

  it('is also what was on its way when a process was killed, and nothing of what was told of since', () => {
    const file = written();
    const begin = (table: RecordTable, campaignId: string, at: number): void =>
      table.begin({workspace: 'collections', campaignId, action: 'resume', at});
    const killed = openToWrite(file, SCHEMA);
    const first = new RecordTable(killed);
    begin(first, 'a', NOW - 5);
    begin(first, 'b', NOW - 4);
    first.write([{...about, campaignId: 'b', ...action({at: NOW - 3, outcome: 'refused'})} as HistoryRecord]);
    killed.close();
    const at = (): readonly number[] => knownPast(file, 'collections', NOW).sent.map(one => one.at);
    expect(at()).toEqual([NOW - 5]);
    const {begun} = knownPast(file, 'collections', NOW);
    expect([begun('a'), begun('b')]).toMatchObject([[{action: 'resume', at: NOW - 5}], []]);
    const again = openToWrite(file, SCHEMA);
    const next = new RecordTable(again);
    next.takeOver();
    begin(next, 'a', NOW - 2);
    next.write([{...about, ...action({at: NOW - 1})} as HistoryRecord]);
    expect(at()).toEqual([NOW - 5, NOW - 1]);
    next.forgetLost(NOW);
    again.close();
    expect(at()).toEqual([NOW - 1]);
  });

  it('is once what was on its way when a process was killed, and showed after the next start', () => {
    const file = written();
    const killed = openToWrite(file, SCHEMA);
    const table = new RecordTable(killed);
    table.write([{...about, ...action({at: NOW - 9, outcome: 'deferred'})} as HistoryRecord]);
    table.begin({workspace: 'collections', campaignId: 'a', action: 'resume', at: NOW - 8});
    table.takeOver();
    const at = () => knownPast(file, 'collections', NOW).sent.map(one => one.at);
    expect([at(), knownPast(file, 'collections', NOW).begun('a').length]).toEqual([[NOW - 8], 1]);
    table.write([
      {...about, kind: 'status', to: 'active', own: true, at: NOW - 5, changedAt: NOW - 7} as HistoryRecord,
    ]);
    expect([at(), knownPast(file, 'collections', NOW).begun('a')]).toEqual([[NOW - 8], []]);
    killed.close();
  });

  it('is nothing of what Rollcall turned out to have moved itself', () => {
    const moved = {changedAt: NOW - 5, changedBy: 'key'};
    const file = written({kind: 'drift', ...moved}, {kind: 'status', to: 'paused', own: true, ...moved});
    expect(knownPast(file, 'collections', NOW).moves('a', claim())).toEqual([]);
  });

  it('is nothing where there is none, and an error where it cannot be read', () => {
    const missing = knownPast(join(temporaryFolder(), 'none.sqlite'), 'collections', NOW);
    expect([missing.sent, missing.moves('a', undefined)]).toEqual([[], []]);
    const broken = join(temporaryFolder(), 'broken.sqlite');
    writeFileSync(broken, 'this is no database, and never was one');
    expect(() => knownPast(broken, 'collections', NOW)).toThrow();
  });

  it('is since when Git asks for it also where that was told on, since it was long ago', () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const database = openToWrite(file, SCHEMA);
    const table = new RecordTable(database);
    const asked = NOW - 10 * DAY;
    const wish = {...about, kind: 'wish', at: asked, to: 'active', desired: 'active'} as const;
    table.write([
      wish,
      ...Array.from({length: 3}, () => ({...about, at: asked + 1, kind: 'action'}) as const),
    ]);
    table.removeBefore(NOW - DAY, NOW);
    table.removeBefore(NOW, NOW + 1);
    database.close();
    expect(knownPast(file, 'collections', NOW).inForceAt('a', claim({desired: 'active'}))).toBe(asked);
  });
});
