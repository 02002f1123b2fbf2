/** The checks by which replicas are judged find what they are for. */
import {expect, it} from 'vitest';
import {excesses, overlaps, RATE, type Sent} from './fleet.ts';

const sent = (replica: string, from: number, to: number): Sent => ({
  replica,
  workspace: 'w0',
  method: 'GET',
  path: '/',
  from,
  to,
  status: 200,
});

it('one replica after the other is fine', () => {
  expect(overlaps([sent('a', 0, 5), sent('a', 2, 4), sent('b', 6, 8), sent('a', 9, 10)])).toEqual([]);
});

it('two replicas at once are found, in whatever order they were noted', () => {
  expect(overlaps([sent('b', 4, 8), sent('a', 0, 5)])).toHaveLength(1);
  expect(overlaps([sent('a', 0, 9), sent('a', 1, 2), sent('b', 3, 4)])).toHaveLength(1);
});

it('more requests in a window than the rate allows are found', () => {
  const burst = Array.from({length: RATE.requests + 1}, (_, i) => sent('a', i, i));
  expect(excesses(burst)).toHaveLength(1);
  expect(excesses(burst.slice(1))).toEqual([]);
});
