/** What is believed of what the platform shows: later knowledge wins, whatever order it arrives in. */
import {describe, expect, it} from 'vitest';
import {
  failToRead,
  isSetBack,
  miss,
  newSighted,
  type Sighted,
  see,
  statusIn,
} from '../../src/controller/store/sighted.ts';
import type {Status} from '../../src/domain/transitions.ts';
import {live} from '../support/fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const show = (sighted: Sighted, status: Status, updatedAt: number, askedAt: number): boolean =>
  see(sighted, live(status, {updatedAt}), {askedAt, confirmed: false});

const cancelledAt = (updatedAt: number): Sighted => {
  const sighted = newSighted();
  show(sighted, 'cancelled', updatedAt, 0);
  return sighted;
};

describe('a version older than the one that is known', () => {
  it('is a stale read, however long ago the newer one was read', () => {
    const sighted = cancelledAt(2_000);
    expect(show(sighted, 'paused', 1_000, HOUR)).toBe(false);
    expect(statusIn(sighted)).toBe('cancelled');
  });
  it.each([
    ['a list had lost the campaign', (sighted: Sighted) => miss(sighted, MINUTE)],
    ['the campaign could not be read', (sighted: Sighted) => failToRead(sighted, 'broken', MINUTE)],
    [
      'it could not be read, and then was lost',
      (sighted: Sighted) => [failToRead(sighted, 'broken', MINUTE), miss(sighted, MINUTE)],
    ],
  ])('is one also where %s in between', (_name, happen) => {
    const sighted = cancelledAt(2_000);
    happen(sighted);
    expect(show(sighted, 'paused', 1_000, HOUR)).toBe(false);
    expect(statusIn(sighted)).toBeUndefined();
    expect(show(sighted, 'cancelled', 2_000, 2 * HOUR)).toBe(true);
    expect(statusIn(sighted)).toBe('cancelled');
  });
  it('is believed when nothing else was shown for a minute: a platform may have been set back', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 0);
    show(sighted, 'paused', 1_000, HOUR);
    expect(show(sighted, 'paused', 1_000, HOUR + MINUTE - 1)).toBe(false);
    expect(show(sighted, 'paused', 1_000, HOUR + MINUTE)).toBe(true);
    expect(statusIn(sighted)).toBe('paused');
  });
  it('is not, where the newer one was shown again meanwhile', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 0);
    show(sighted, 'paused', 1_000, HOUR);
    show(sighted, 'active', 2_000, HOUR + 1);
    expect(show(sighted, 'paused', 1_000, HOUR + MINUTE)).toBe(false);
  });
  it('is none where only the fractions of a second are missing', () => {
    const sighted = newSighted();
    show(sighted, 'active', 5_678, 0);
    expect(show(sighted, 'paused', 5_000, HOUR)).toBe(true);
    expect(isSetBack(sighted)).toBe(false);
  });
  it('is one where it was another change of the same second', () => {
    const sighted = newSighted();
    show(sighted, 'active', 5_678, 0);
    expect(show(sighted, 'paused', 5_200, HOUR)).toBe(false);
  });
  it('is never believed of what has ended', () => {
    const sighted = cancelledAt(2_000);
    show(sighted, 'paused', 1_000, HOUR);
    expect(show(sighted, 'paused', 1_000, 10 * HOUR)).toBe(false);
    expect(show(sighted, 'paused', 3_000, 11 * HOUR)).toBe(true);
  });
});

describe('an answer that was asked for before another', () => {
  it('changes nothing, whichever comes first', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 10);
    expect(show(sighted, 'paused', 3_000, 9)).toBe(false);
    expect(miss(sighted, 9)).toBe(false);
    expect(failToRead(sighted, 'broken', 9)).toBe(false);
    expect(statusIn(sighted)).toBe('active');
    miss(sighted, 20);
    expect(show(sighted, 'paused', 3_000, 19)).toBe(false);
  });
});
