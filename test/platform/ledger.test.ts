/** Processes of one machine share one rate, whichever of them ends and however. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {fileURLToPath} from 'node:url';
import FakeTimers from '@sinonjs/fake-timers';
import {describe, expect, it, onTestFinished} from 'vitest';
import {RateFile} from '../../src/platform/ledger.ts';
import {RequestQueue} from '../../src/platform/queue.ts';
import {type Ledger, SlidingWindow} from '../../src/platform/window.ts';
import {temporaryFolder} from '../support/temp.ts';
import {timerClock} from '../support/timer-clock.ts';

const RATE = {requests: 3, per: 1_000};

const openFile = (folder = temporaryFolder()) => {
  const troubles: unknown[] = [];
  const file = new RateFile(folder, 55_000, error => troubles.push(error));
  onTestFinished(() => file.close());
  return {file, folder, troubles};
};

const takeAtMost = (ledger: Ledger, most: number): number => {
  let taken = 0;
  while (taken < most && ledger.tryTake(0)) taken += 1;
  return taken;
};

const takeAll = (ledger: Ledger, now: number): number => {
  let taken = 0;
  while (ledger.tryTake(now)) taken += 1;
  return taken;
};

describe('the slots of a rate', () => {
  it('are counted over all who share them, and by the name of what they belong to', () => {
    const {file, folder} = openFile();
    const other = openFile(folder).file;
    expect(file.ledger('w', RATE).tryTake(0)).toBeDefined();
    expect(takeAll(other.ledger('w', RATE), 0)).toBe(2);
    expect(takeAll(file.ledger('another', RATE), 0)).toBe(3);
  });
  it('are free again a whole window after the request has ended, and at once where nothing was sent', () => {
    const {file, folder} = openFile();
    const [mine, theirs] = [file.ledger('w', RATE), openFile(folder).file.ledger('w', RATE)];
    const slots = [mine.tryTake(0), mine.tryTake(0), mine.tryTake(0)];
    slots[0]?.ended(5_000);
    expect(takeAll(theirs, 5_999)).toBe(0);
    expect(theirs.nextFreeAt(5_999)).toBe(6_000);
    expect(takeAll(theirs, 6_000)).toBe(1);
    slots[1]?.giveBack();
    expect(takeAll(theirs, 6_000)).toBe(1);
  });
  it('are no trouble where a request ends after the file was closed, as at the end of a process', () => {
    const {file, troubles} = openFile();
    const ledger = file.ledger('w', RATE);
    const [one, other] = [ledger.tryTake(0), ledger.tryTake(0)];
    file.close();
    one?.ended(5);
    other?.giveBack();
    expect([ledger.nextFreeAt(7), troubles]).toEqual([7, []]);
  });
  it('come back when a process that held them was killed, after the longest that a request may take', async () => {
    const {file, folder} = openFile();
    const module = fileURLToPath(new URL('../../src/platform/ledger.ts', import.meta.url));
    const script = `const {RateFile} = await import(${JSON.stringify(module)});
      const ledger = new RateFile(${JSON.stringify(folder)}, 55_000, () => {}).ledger('w', {requests: 3, per: 1000});
      for (let i = 0; i < 3; i++) ledger.tryTake(0);
      console.log('held'); setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const ledger = file.ledger('w', RATE);
    expect(takeAll(ledger, 60_000)).toBe(0);
    expect(takeAll(ledger, 61_000)).toBe(3);
  });
  it('of before the machine started again hold nobody up', () => {
    const {file} = openFile();
    const ledger = file.ledger('w', RATE);
    takeAll(ledger, 9_000_000);
    expect(takeAll(ledger, 1_000)).toBe(3);
  });
  it('are not taken for those of an earlier start where another process was a moment ahead', () => {
    const {file} = openFile();
    const [one, other] = [file.ledger('w', RATE), file.ledger('w', RATE)];
    expect(takeAll(one, 1_000.5)).toBe(3);
    expect(takeAll(other, 1_000.4)).toBe(0);
  });
  it('stay those of whoever took them, though a request ends long after its time', () => {
    const ledger = openFile().file.ledger('w', {requests: 1, per: 1_000});
    const first = ledger.tryTake(0);
    expect(ledger.tryTake(61_001)).toBeDefined();
    first?.ended(61_500);
    expect(ledger.tryTake(62_600)).toBeUndefined();
  });
  it('follow another rate from the next request on', () => {
    const ledger = openFile().file.ledger('w', RATE);
    takeAll(ledger, 0);
    ledger.resize(5, 1_000);
    expect(takeAll(ledger, 0)).toBe(2);
  });
});

describe('a file of slots', () => {
  it('that is damaged is put aside, and made anew', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'rates.sqlite'), 'no database '.repeat(1_000));
    const {file, troubles} = openFile(folder);
    expect([takeAll(file.ledger('w', RATE), 0), troubles]).toEqual([3, []]);
    expect(existsSync(join(folder, 'rates.sqlite.damaged'))).toBe(true);
  });

  it('that fails while it is used is told, and each process goes by its own window', () => {
    const troubles: unknown[] = [];
    const folder = temporaryFolder();
    const file = new RateFile(folder, 55_000, error => troubles.push(error));
    const ledger = file.ledger('w', RATE);
    const another = new DatabaseSync(join(folder, 'rates.sqlite'));
    another.exec('DROP TABLE slots');
    another.close();
    expect(takeAtMost(ledger, 10)).toBe(10);
    expect(troubles.length).toBeGreaterThan(0);
    file.close();
  });
});

describe('queues', () => {
  const sendAll = async (queues: readonly RequestQueue[]): Promise<number[]> => {
    const timers = FakeTimers.install({now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date']});
    try {
      const sent: number[] = [];
      const replies = queues.flatMap(queue =>
        Array.from({length: 10}, () =>
          queue.send({kind: 'poll'}, new AbortController().signal, async () => {
            sent.push(Date.now());
            return {ok: true, value: undefined} as const;
          }),
        ),
      );
      await timers.tickAsync(20_000);
      await Promise.all(replies);
      return sent;
    } finally {
      timers.uninstall();
    }
  };
  const options = {clock: timerClock, random: () => 0.5, observer: {waited: () => {}, depth: () => {}}};
  const mostInAWindow = (sent: readonly number[]): number =>
    sent.reduce(
      (most, at) => Math.max(most, sent.filter(other => other > at - RATE.per && other <= at).length),
      0,
    );

  it('of two processes keep the rate together, and leave none of it unused', async () => {
    const folder = temporaryFolder();
    const queue = () =>
      new RequestQueue(
        {rate: RATE, concurrency: 5},
        {...options, ledger: openFile(folder).file.ledger('w', RATE)},
      );
    const sent = await sendAll([queue(), queue()]);
    expect(mostInAWindow(sent)).toBe(RATE.requests);
    expect((sent.at(-1) ?? 0) - (sent[0] ?? 0)).toBeLessThan((20 / 3) * RATE.per + 500);
  });
  it('of a group of workspaces have one window', async () => {
    const window = new SlidingWindow(RATE.requests, RATE.per);
    const queue = () => new RequestQueue({rate: RATE, concurrency: 5}, {...options, window});
    expect(mostInAWindow(await sendAll([queue(), queue()]))).toBe(RATE.requests);
  });
  it('that start with a full window send nothing before it has passed', async () => {
    const window = new SlidingWindow(RATE.requests, RATE.per);
    window.fill(1_000_000);
    const [first] = await sendAll([new RequestQueue({rate: RATE, concurrency: 5}, {...options, window})]);
    expect(first).toBe(1_001_000);
  });
});
