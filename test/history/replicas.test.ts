/** What several replicas have written, each in a file of its own, told as one; and what is left when the old is removed. */
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {evidenceOf} from '../../src/domain/evidence.ts';
import {type HistoryRecord, isLater} from '../../src/domain/history.ts';
import {readPage} from '../../src/history/reader.ts';
import {HistoryWriter} from '../../src/history/writer.ts';
import {systemClock} from '../../src/system.ts';
import {temporaryFolder} from '../support/temp.ts';

const open = (file: string, maxAge = Number.MAX_SAFE_INTEGER) =>
  new HistoryWriter({file, maxAge, maxSize: 1e9}, systemClock, {
    written: () => {},
    lost: () => {},
    trouble: () => {},
  });

const record = (changes: Partial<HistoryRecord>): HistoryRecord => ({
  at: 0,
  kind: 'status',
  workspace: 'w',
  campaignId: 'camp-1',
  name: 'q1',
  replica: 'r',
  ...changes,
});

const replica = (name: string) => {
  const file = join(temporaryFolder(), `${name}.sqlite`);
  const writer = open(file);
  return {
    file,
    writer,
    add: (changes: Partial<HistoryRecord>) => writer.add(record({replica: name, ...changes})),
  };
};

/** The evidence that follows from all that they have written. */
const evidence = async (...all: readonly ReturnType<typeof replica>[]) => {
  const records = [];
  for (const {file, writer} of all) {
    await writer.close();
    records.push(...(await readPage(file, {}, undefined, 1000)).items);
  }
  return evidenceOf(
    records.toSorted((a, b) => (isLater(a, b) ? 1 : -1)),
    undefined,
    100,
  );
};

const RESUME = {
  at: 30,
  kind: 'action',
  outcome: 'applied',
  action: 'resume',
  from: 'paused',
  to: 'active',
} as const;

describe('a replica that leads again', () => {
  it('writes what it sees, though it is what it saw last: another has seen what came between', async () => {
    const [a, b] = [replica('a'), replica('b')];
    a.add({at: 10, to: 'paused', changedAt: 10});
    b.add({at: 20, to: 'paused', changedAt: 10});
    b.add({at: 31, from: 'paused', to: 'active', changedAt: 30, changedBy: 'x'});
    a.add({at: 51, to: 'paused', changedAt: 50, changedBy: 'y'});
    expect((await evidence(a, b)).map(({from, status, to}) => [status, from, to])).toEqual([
      ['paused', 10, 30],
      ['active', 30, 50],
      ['paused', 50, 100],
    ]);
  });

  it('takes nothing for somebody else’s that another replica did', async () => {
    const [a, b] = [replica('a'), replica('b')];
    a.add({at: 10, to: 'paused', changedAt: 10});
    b.add({at: 20, to: 'paused', changedAt: 10});
    b.add({...RESUME, revision: 'r2', author: 'A'});
    b.add({at: 31, from: 'paused', to: 'active', changedAt: 30, own: true, changedBy: 'key', revision: 'r2'});
    a.add({at: 51, to: 'active', changedAt: 30, changedBy: 'key', revision: 'r2'});
    expect((await evidence(a, b)).find(({status}) => status === 'active')).toMatchObject({
      by: 'git',
      action: 'resume',
      to: 100,
    });
  });

  it('says what Git wants as it was when it acted, whatever it had written of that before', async () => {
    const [a, b] = [replica('a'), replica('b')];
    a.add({at: 5, kind: 'wish', to: 'active', revision: 'r1'});
    b.add({at: 20, kind: 'wish', from: 'active', to: 'paused', revision: 'r2'});
    a.add({...RESUME, desired: 'active', revision: 'r3'});
    expect((await evidence(a, b)).at(-1)).toMatchObject({status: 'active', desired: 'active'});
  });
});

describe('a replica that takes over', () => {
  it('does not forget whose doing a status is', async () => {
    const [a, b] = [replica('a'), replica('b')];
    a.add({at: 5, to: 'active', changedAt: 5});
    a.add({
      at: 10,
      kind: 'action',
      outcome: 'applied',
      action: 'pause',
      from: 'active',
      to: 'paused',
      revision: 'r1',
    });
    a.add({at: 11, from: 'active', to: 'paused', changedAt: 10, own: true, revision: 'r1'});
    b.add({at: 20, to: 'paused', changedAt: 10, changedBy: 'key', revision: 'r1'});
    expect((await evidence(a, b)).at(-1)).toMatchObject({
      status: 'paused',
      by: 'git',
      action: 'pause',
      from: 10,
    });
  });
});

describe('what is old', () => {
  it('is removed, but for what is still so of a campaign: that is told on, with its own time', async () => {
    const file = join(temporaryFolder(), 'h.sqlite');
    const now = Date.now();
    const writer = open(file, 1_000);
    writer.add(record({at: now - 9_000, kind: 'wish', to: 'active', revision: 'r1'}));
    writer.add(record({at: now - 8_000, to: 'paused', changedAt: now - 8_000}));
    writer.add(record({at: now - 7_000, from: 'paused', to: 'active', changedAt: now - 7_000}));
    await writer.close();
    const {items} = await readPage(file, {}, undefined, 100);
    expect(items.map(({changedAt, kind, to}) => [kind, to, changedAt]).toSorted()).toEqual([
      ['status', 'active', now - 7_000],
      ['wish', 'active', now - 9_000],
    ]);
    const again = open(file, 1_000);
    again.add(record({at: Date.now(), to: 'active', changedAt: now - 7_000}));
    await again.close();
    expect((await readPage(file, {}, undefined, 100)).items).toHaveLength(2);
  });
});
