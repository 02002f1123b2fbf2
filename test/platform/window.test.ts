/** What a window lets through: never more than its slots within its length, whoever waits, and whatever the rate becomes. */
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Ledger, SharedWindow, SlidingWindow, type Slot} from '../../src/platform/window.ts';

const take = (window: SlidingWindow, now: number, priority?: number): Slot => {
  const slot = window.tryTake(now, priority);
  if (!slot) throw new Error('no slot is free');
  return slot;
};

describe('a window', () => {
  it('holds a slot from when a request is sent until a whole length after it has ended', () => {
    const window = new SlidingWindow(2, 1_000);
    const first = take(window, 0);
    take(window, 0);
    expect([window.tryTake(5_000), window.nextFreeAt()]).toEqual([undefined, undefined]);
    first.ended(6_000);
    expect([window.tryTake(6_999), window.nextFreeAt()]).toEqual([undefined, 7_000]);
    expect(window.tryTake(7_000)).toBeDefined();
    expect(window.tryTake(7_000)).toBeUndefined();
  });

  it('has a slot free at once where nothing was sent', () => {
    const window = new SlidingWindow(1, 1_000);
    take(window, 0).giveBack();
    expect(window.use(0)).toEqual({slots: 1, window: 1_000, used: 0});
    expect(window.tryTake(0)).toBeDefined();
  });

  it('tells how many slots are taken now', () => {
    const window = new SlidingWindow(3, 1_000);
    take(window, 0).ended(10);
    take(window, 0);
    expect(window.use(1_009).used).toBe(2);
    expect(window.use(1_010).used).toBe(1);
  });

  it('is full for a length where it is taken for full', () => {
    const window = new SlidingWindow(3, 1_000);
    take(window, 0);
    window.fill(100);
    expect([window.isFull(1_099), window.use(1_099).used]).toEqual([true, 3]);
    expect([window.isFull(1_100), window.use(1_100).used]).toEqual([false, 1]);
  });

  it('of a longer length is taken for full: nobody knows what was sent in it', () => {
    const window = new SlidingWindow(2, 1_000);
    window.resize(3, 5_000, 10_000);
    expect(window.use(10_000)).toEqual({slots: 3, window: 5_000, used: 3});
    expect([window.isFull(14_999), window.isFull(15_000)]).toEqual([true, false]);
  });

  it.each([1_000, 500])('of the same length, or a shorter one, has its new slots at once (%i ms)', length => {
    const window = new SlidingWindow(1, 1_000);
    take(window, 0).ended(0);
    window.resize(2, length, 100);
    expect(window.use(100)).toEqual({slots: 2, window: length, used: 1});
    take(window, 100);
    expect(window.tryTake(100)).toBeUndefined();
  });

  it('with fewer slots lets nothing through before enough of them are free', () => {
    const window = new SlidingWindow(3, 1_000);
    for (const at of [0, 100, 200]) take(window, at).ended(at);
    window.resize(1, 1_000, 200);
    expect([1_000, 1_100, 1_199].map(now => window.isFull(now))).toEqual([true, true, true]);
    expect(window.isFull(1_200)).toBe(false);
  });

  it('lets nobody before one who waits and whose need is greater', () => {
    const window = new SlidingWindow(1, 1_000);
    const waiting = (): void => {};
    window.wait(waiting, 2);
    expect(window.tryTake(0, 1)).toBeUndefined();
    expect(window.isFree(0, 2)).toBe(true);
    expect(window.isFree(0)).toBe(true);
    window.leave(waiting);
    expect(window.tryTake(0, 1)).toBeDefined();
  });

  it.each(['ended', 'giveBack'] as const)('calls those who wait by their need when a slot was %s', how => {
    const window = new SlidingWindow(1, 1_000);
    const called: string[] = [];
    for (const [name, need] of [
      ['low', 1],
      ['high', 3],
      ['middle', 2],
    ] as const)
      window.wait(() => called.push(name), need);
    const gone = (): void => void called.push('gone');
    window.wait(gone, 9);
    window.leave(gone);
    const slot = take(window, 0, 9);
    expect(called).toEqual([]);
    if (how === 'ended') slot.ended(5);
    else slot.giveBack();
    expect(called).toEqual(['high', 'middle', 'low']);
  });

  it('never counts more than its slots in any stretch of its length, where requests arrive', () => {
    const request = fc.record({after: fc.nat(400), lasts: fc.nat(900), arrives: fc.nat(900)});
    fc.assert(
      fc.property(fc.integer({min: 1, max: 4}), fc.array(request, {maxLength: 40}), (slots, requests) => {
        const window = new SlidingWindow(slots, 1_000);
        const ends: {at: number; slot: Slot}[] = [];
        const arrivals: number[] = [];
        let now = 0;
        for (const {after, arrives, lasts} of requests) {
          now += after;
          for (const {at, slot} of ends.filter(one => one.at <= now).toSorted((a, b) => a.at - b.at))
            slot.ended(at);
          ends.splice(0, ends.length, ...ends.filter(one => one.at > now));
          const slot = window.tryTake(now);
          if (!slot) continue;
          ends.push({at: now + lasts, slot});
          arrivals.push(now + Math.min(arrives, lasts));
        }
        for (const from of arrivals)
          expect(arrivals.filter(at => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(slots);
      }),
    );
  });
});

/** A ledger with so many slots, that tells what becomes of them. */
const ledgerOf = (slots: number) => {
  const told: string[] = [];
  const ledger: Ledger = {
    tryTake: () => {
      if (told.filter(one => one === 'taken').length >= slots) return undefined;
      told.push('taken');
      return {ended: at => told.push(`ended ${at}`), giveBack: () => told.push('given back')};
    },
    nextFreeAt: () => 777,
    resize: () => {},
  };
  return {ledger, told};
};

describe('a window that is shared', () => {
  it('takes a slot of both, and frees both', () => {
    const {ledger, told} = ledgerOf(5);
    const own = new SlidingWindow(2, 1_000);
    const window = new SharedWindow(own, ledger);
    window.tryTake(0)?.ended(3);
    window.tryTake(0)?.giveBack();
    expect(told).toEqual(['taken', 'ended 3', 'taken', 'given back']);
    expect(own.use(3).used).toBe(1);
  });

  it('takes none of the others’ where its own is full, or somebody waits whose need is greater', () => {
    const {ledger, told} = ledgerOf(5);
    const window = new SharedWindow(new SlidingWindow(1, 1_000), ledger);
    const waiting = (): void => {};
    window.wait(waiting, 2);
    expect(window.tryTake(0, 1)).toBeUndefined();
    window.leave(waiting);
    expect(window.nextFreeAt(0)).toBe(777);
    window.tryTake(0, 1)?.ended(0);
    expect([window.tryTake(0), window.nextFreeAt(0)]).toEqual([undefined, 1_000]);
    expect(told).toEqual(['taken', 'ended 0']);
  });

  it('takes none of its own where the others’ are taken', () => {
    const own = new SlidingWindow(2, 1_000);
    expect(new SharedWindow(own, ledgerOf(0).ledger).tryTake(0)).toBeUndefined();
    expect(own.use(0).used).toBe(0);
  });
});
