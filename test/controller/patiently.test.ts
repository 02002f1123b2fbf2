import {describe, expect, it} from 'vitest';
import {patiently} from '../../src/controller/patiently.ts';
import type {Clock, Failure} from '../../src/controller/ports.ts';

/** A clock that jumps: whoever waits has waited. */
const jumping = () => {
  let time = 0;
  const clock: Clock = {
    now: () => time,
    ticks: () => time,
    after: (delay, callback) => {
      time += delay;
      queueMicrotask(callback);
      return () => {};
    },
  };
  return clock;
};
const ask = async (answers: readonly (Failure | undefined)[], signal = new AbortController().signal) => {
  const clock = jumping();
  let asked = 0;
  const answer = await patiently(
    async () => answers[asked++],
    given => given,
    {clock, signal, onWait: () => {}},
  );
  return {answer, asked, waited: clock.now()};
};
const throttled = (retryAt?: number): Failure => ({
  kind: 'throttled',
  message: 'too many',
  ...(retryAt !== undefined && {retryAt}),
});
const refused: Failure = {kind: 'unauthorised', message: 'no'};

describe('a command that meets a failure', () => {
  it('asks again when the platform says, or a little later each time', async () => {
    expect(await ask([throttled(30_000), undefined])).toEqual({answer: undefined, asked: 2, waited: 30_000});
    expect(await ask([throttled(), throttled(), undefined])).toMatchObject({asked: 3, waited: 3_000});
  });
  it('gives up after five tries, and at once where it would have to wait for more than a minute', async () => {
    expect(await ask(Array(9).fill(throttled()))).toMatchObject({asked: 5});
    expect(await ask([throttled(61_000), undefined])).toMatchObject({asked: 1, waited: 0});
  });
  it('does not ask again what will not pass by itself, nor once it is told to stop', async () => {
    expect(await ask([refused, undefined])).toMatchObject({answer: refused, asked: 1});
    expect(await ask([throttled(), undefined], AbortSignal.abort())).toMatchObject({asked: 1});
  });
});
