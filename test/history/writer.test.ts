import {chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterEach, describe, expect, it} from 'vitest';
import type {HistoryRecord} from '../../src/domain/history.ts';
import {knownPast} from '../../src/history/past.ts';
import {readPage} from '../../src/history/reader.ts';
import {type HistoryOptions, HistoryWriter} from '../../src/history/writer.ts';
import {systemClock} from '../../src/system.ts';
import {temporaryFolder} from '../support/temp.ts';

const DAY = 24 * 3_600_000;
const MEBIBYTE = 2 ** 20;

const record = (changes: Partial<HistoryRecord> = {}): HistoryRecord => ({
  at: Date.now(),
  kind: 'action',
  workspace: 'collections',
  campaignId: 'camp-1',
  name: 'q1',
  from: 'active',
  action: 'pause',
  to: 'paused',
  outcome: 'applied',
  replica: 'r',
  ...changes,
});

const closing: HistoryWriter[] = [];
afterEach(async () => {
  for (const writer of closing.splice(0)) await writer.close();
});

const open = (file: string, options: Partial<HistoryOptions> = {}, clock = systemClock) => {
  const heard = {written: 0, lost: 0, troubles: [] as (string | undefined)[]};
  const writer = new HistoryWriter(
    {file, maxAge: 100_000 * DAY, maxSize: 256 * MEBIBYTE, ...options},
    clock,
    {
      written: records => {
        heard.written += records;
      },
      lost: records => {
        heard.lost += records;
      },
      trouble: message => void heard.troubles.push(message),
    },
  );
  closing.push(writer);
  return {writer, heard};
};

const all = async (file: string) => (await readPage(file, {}, undefined, 100_000)).items;

describe('the history', () => {
  it('holds every record as it was, the newest first, page by page', async () => {
    const file = join(temporaryFolder(), 'deep', 'history.sqlite');
    const {writer} = open(file);
    const full = record({
      at: 5,
      revision: 'abc',
      author: 'A. Author',
      committedAt: 4,
      desired: 'paused',
      cause: 'drifted',
      changedBy: 'night-shift',
      changedAt: 3,
      own: true,
      message: 'as it is',
    });
    for (let at = 0; at < 5; at++) writer.add(record({at}));
    writer.add(full);
    await writer.flush();
    const first = await readPage(file, {}, undefined, 2);
    expect(first.items[0]).toEqual({...full, id: 6});
    const second = await readPage(file, {}, first.next, 2);
    const third = await readPage(file, {}, second.next, 2);
    expect([...first.items, ...second.items, ...third.items].map(({at}) => at)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(third.next).toBeUndefined();
  });

  it('gives what is asked for: a name or a pattern, a workspace, a kind, a time', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const {writer} = open(file);
    writer.add(record({at: 1}));
    writer.add(record({at: 2, name: 'q2', campaignId: 'camp-2', workspace: 'growth'}));
    writer.add(record({at: 3, kind: 'drift', name: 'a[1]', campaignId: 'camp-3'}));
    await writer.flush();
    const ats = async (query: Parameters<typeof readPage>[1]) =>
      (await readPage(file, query, undefined, 9)).items.map(({at}) => at);
    expect(await ats({name: 'q1'})).toEqual([1]);
    expect(await ats({name: 'camp-2'})).toEqual([2]);
    expect(await ats({name: 'growth/q2'})).toEqual([2]);
    expect(await ats({name: 'q*'})).toEqual([2, 1]);
    expect(await ats({name: 'a[?]'})).toEqual([3]);
    expect(await ats({workspace: 'growth'})).toEqual([2]);
    expect(await ats({kind: 'drift'})).toEqual([3]);
    expect(await ats({since: 2})).toEqual([3, 2]);
    expect(await ats({until: 2})).toEqual([1]);
  });

  it('does not repeat after a restart what it says already of statuses and wishes', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const told = [
      record({kind: 'wish', to: 'paused'}),
      record({kind: 'status', to: 'active', changedAt: 7}),
      record({kind: 'action'}),
    ];
    const before = open(file);
    for (const one of told) before.writer.add(one);
    await before.writer.close();
    const after = open(file);
    for (const one of [
      ...told,
      record({kind: 'status', to: 'active', changedAt: 7, changedBy: 'somebody who gave it another name'}),
      record({kind: 'status', to: 'paused', changedAt: 8, from: undefined as never}),
      record({kind: 'wish', to: 'active'}),
    ])
      after.writer.add(one);
    await after.writer.flush();
    expect(after.heard.written).toBe(3);
    const paused = (await all(file)).find(({kind, to}) => kind === 'status' && to === 'paused');
    expect(paused?.from).toBe('active');
    expect((await all(file)).map(({kind}) => kind).toSorted()).toEqual([
      'action',
      'action',
      'status',
      'status',
      'wish',
      'wish',
    ]);
  });

  it('tells a move against Git once, however often the program starts while it stands', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const drift = record({kind: 'drift', desired: 'active', to: 'paused', changedAt: 7, cause: 'drifted'});
    const others = [
      {...drift, changedAt: 8},
      {...drift, desired: 'scheduled' as const},
      {...drift, campaignId: 'camp-2'},
      {...drift, kind: 'terminal' as const},
    ];
    for (const told of [[drift], [drift], [drift, ...others], [drift, ...others]]) {
      const {writer} = open(file);
      for (const one of told) writer.add(one);
      await writer.close();
    }
    expect(await all(file)).toHaveLength(1 + others.length);
  });

  it('puts a damaged file aside, says where, and goes on in a new one', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    writeFileSync(file, 'this is no database at all, whatever its name says');
    const {heard, writer} = open(file);
    writer.add(record());
    await writer.flush();
    await writer.flush();
    expect(heard.troubles[0]).toMatch(
      /is damaged; it is put aside as .*history\.sqlite\.damaged, and begun anew/,
    );
    expect(readFileSync(`${file}.damaged`, 'utf8')).toContain('this is no database');
    expect(await all(file)).toHaveLength(1);
    expect(heard.lost).toBe(0);
  });

  it('begins anew where somebody takes its file away while it is open, and says so', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const {heard, writer} = open(file);
    writer.add(record());
    await writer.flush();
    rmSync(file);
    writer.add(record({kind: 'wish', to: 'active'}));
    await writer.flush();
    expect(heard.troubles).toEqual([`the history ${file} was taken away; it is begun anew`]);
    expect((await all(file)).map(({kind}) => kind)).toEqual(['wish']);
  });

  it('survives a page that was overwritten in the middle of its life', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const first = open(file);
    for (let at = 0; at < 2000; at++) first.writer.add(record({at, message: 'x'.repeat(100)}));
    await first.writer.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096, 40_960);
    writeFileSync(file, bytes);
    const second = open(file);
    second.writer.add(record({kind: 'wish', to: 'active'}));
    await second.writer.flush();
    await second.writer.flush();
    expect(second.heard.lost).toBe(0);
    expect(existsSync(`${file}.damaged`)).toBe(true);
    expect(await all(file)).toHaveLength(1);
  });

  it('waits where it cannot be written, says so once, and writes all of it when it can', async () => {
    const folder = join(temporaryFolder(), 'blocked');
    writeFileSync(folder, 'a file where a folder should be');
    const file = join(folder, 'history.sqlite');
    const {heard, writer} = open(file);
    writer.add(record({at: 1}));
    await writer.flush();
    writer.add(record({at: 2}));
    await writer.flush();
    expect(heard.troubles).toHaveLength(1);
    expect(heard.troubles[0]).toMatch(/cannot be written: .*; it is tried again/);
    rmSync(folder);
    await writer.flush();
    expect((await all(file)).map(({at}) => at)).toEqual([2, 1]);
    expect(heard.troubles.at(-1)).toBeUndefined();
    expect(heard).toMatchObject({written: 2, lost: 0});
  });

  it('counts what is lost where it is closed and cannot be written', async () => {
    const folder = join(temporaryFolder(), 'blocked');
    writeFileSync(folder, '');
    const {heard, writer} = open(join(folder, 'history.sqlite'));
    writer.add(record());
    await writer.close();
    expect(heard.lost).toBe(1);
  });

  it('takes no more room than it may, however much is still so of campaigns', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const {writer} = open(file, {maxSize: MEBIBYTE});
    for (let i = 0; i < 1_500; i++)
      writer.add(record({at: i, kind: 'status', campaignId: `c${i}`, to: 'active', changedAt: i}));
    for (let i = 0; i < 12_000; i++) writer.add(record({at: 10_000 + i, message: 'x'.repeat(100)}));
    await writer.flush();
    const items = await all(file);
    expect(items.filter(({kind}) => kind === 'status')).toHaveLength(1_500);
    expect(items.filter(({kind}) => kind === 'action').length).toBeLessThan(6_000);
  });

  it('forgets what is older than it may be', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const {writer} = open(file, {maxAge: DAY});
    writer.add(record({at: Date.now() - 2 * DAY}));
    writer.add(record());
    await writer.flush();
    expect(await all(file)).toHaveLength(1);
  });

  it('takes no more room than it may, and forgets the oldest first', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const {writer} = open(file, {maxSize: MEBIBYTE});
    for (let at = 0; at < 20_000; at++) writer.add(record({at, message: 'x'.repeat(100)}));
    await writer.flush();
    const kept = await all(file);
    expect(kept.length).toBeGreaterThan(1000);
    expect(kept.at(-1)?.at).toBeGreaterThan(10_000);
    expect(kept[0]?.at).toBe(19_999);
    expect(statSync(file).size).toBeLessThan(1.2 * MEBIBYTE);
  });

  it('counts an action that was sent once, though it could not be written for a time', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    let late = 0;
    const clock = {...systemClock, ticks: () => systemClock.ticks() + late};
    const {heard, writer} = open(file, {}, clock);
    const begin = (campaignId: string) =>
      writer.begin({workspace: 'collections', campaignId, action: 'resume', at: Date.now()});
    begin('a');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    begin('b');
    other.exec('COMMIT');
    other.close();
    expect(heard.troubles).toEqual([expect.stringContaining('cannot be written')]);
    late = 6_000;
    begin('c');
    for (const campaignId of ['a', 'c']) writer.add(record({campaignId, action: 'resume', cause: 'pending'}));
    await writer.flush();
    expect(knownPast(file, 'collections', Date.now()).sent).toHaveLength(2);
  });

  it('can be read while it is written', async () => {
    const file = join(temporaryFolder(), 'history.sqlite');
    const {writer} = open(file);
    writer.add(record());
    await writer.flush();
    const reader = new DatabaseSync(file, {readOnly: true});
    reader.exec('BEGIN');
    expect(reader.prepare('SELECT count(*) AS n FROM records').get()?.['n']).toBe(1);
    writer.add(record());
    await writer.flush();
    reader.exec('COMMIT');
    reader.close();
    expect(await all(file)).toHaveLength(2);
  });

  it('is readable by its owner alone, as its folder is', async () => {
    const folder = join(temporaryFolder(), 'private');
    const file = join(folder, 'history.sqlite');
    const {writer} = open(file);
    writer.add(record());
    await writer.flush();
    expect(statSync(folder).mode & 0o077).toBe(0);
    chmodSync(folder, 0o700);
  });
});
