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
