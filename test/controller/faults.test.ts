/** Each fault that a platform may have, by itself, in virtual time; the soak has them all at once. */
import {describe, expect, it} from 'vitest';
import {FAULT_KINDS} from '../../src/simulator/faults.ts';
import {yaml} from '../support/fixtures.ts';
import {simulated, World} from '../support/world.ts';

const RATE = {requests: 25, per: 500};
const MINUTE = 60_000;
const IDS = Array.from({length: 12}, (_, i) => `c${i}`);
const statusOf = (i: number, isReverse: boolean): string =>
  (i % 2 === 1) === isReverse ? 'active' : 'paused';

const FILES = Object.fromEntries(
  IDS.map((id, i) => [
    `${id}.yaml`,
    yaml({name: id, campaignId: id, workspace: 'collections', desired: statusOf(i, false)}),
  ]),
);

/** The most requests that were sent in any stretch of the rate's length. */
const mostInWindow = (times: readonly number[]): number =>
  Math.max(...times.map(at => times.filter(other => other > at - RATE.per && other <= at).length));

describe('where the actions of some campaigns never have an answer', () => {
  const open = (broken: number, effect: boolean) => {
    const world = new World({
      workspaces: {collections: IDS.map((id, i) => simulated(id, statusOf(i, true)))},
      rate: RATE,
      pollInterval: 10_000,
    });
    world.answer((request, handle, now) => {
      const [, id = ''] = /campaigns\/c(\d+)\/status/.exec(request.url) ?? [];
      if (request.method !== 'PUT' || Number(id) >= broken) return undefined;
      if (effect) handle(request, now);
      return {status: 500, headers: {}, body: '{}'};
    });
    return world;
  };

  it('every other campaign is paused and resumed all the same, and soon', async () => {
    const world = open(8, false);
    try {
      await world.start(FILES);
      await world.pass(MINUTE);
      expect(IDS.slice(8).map(id => world.statuses('collections')[id])).toEqual(
        IDS.slice(8).map((_id, i) => statusOf(i, false)),
      );
      world.commit({
        ...FILES,
        'c9.yaml': yaml({name: 'c9', campaignId: 'c9', workspace: 'collections', desired: 'active'}),
      });
      await world.pass(6_000);
      expect(world.statuses('collections')['c9']).toBe('active');
    } finally {
      await world.close();
    }
  });

  it('all are in place soon, where they take effect all the same', async () => {
    const world = open(IDS.length, true);
    try {
      await world.start(FILES);
      await world.pass(MINUTE);
      expect(IDS.map(id => world.statuses('collections')[id])).toEqual(
        IDS.map((_id, i) => statusOf(i, false)),
      );
    } finally {
      await world.close();
    }
  });
});

describe('through every fault of the platform', () => {
  it.each(FAULT_KINDS)('%s: nothing is lost, nothing illegal is sent, no more than the rate', async fault => {
    let turn = 0;
    const refused: string[] = [];
    const world = new World({
      workspaces: {collections: IDS.map((id, i) => simulated(id, statusOf(i, true)))},
      rate: RATE,
      random: () => (turn++ % 10) / 10,
      latency: () => 20,
      onAnswered: ({action}, answered) => {
        if (action !== undefined && answered !== 'broken' && answered.status === 422) refused.push(action);
      },
    });
    try {
      world.faults({[fault]: 0.4});
      await world.start(FILES);
      await world.pass(2 * MINUTE);
      world.faults({});
      await world.pass(3 * MINUTE);
      expect(world.statuses('collections')).toEqual(
        Object.fromEntries(IDS.map((id, i) => [id, statusOf(i, false)])),
      );
      expect(mostInWindow(world.sent.map(({at}) => at))).toBeLessThanOrEqual(RATE.requests);
      if (fault !== 'stale') expect(refused).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
