import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {FAULT_KINDS} from '../../src/simulator/faults.ts';
import {deploy, file, RATE} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {eventually} from '../support/wait.ts';

/** The most requests that arrived in any stretch of the rate's length. */
const mostInWindow = (times: readonly number[]): number =>
  Math.max(0, ...times.map(at => times.filter(other => other > at - RATE.per && other <= at).length));

describe('through every fault of the platform', () => {
  // A refused key has a test of its own: it is tried again once a minute.
  const faults = FAULT_KINDS.filter(kind => kind !== 'unauthorised');
  it.each(faults)('%s: nothing is lost, nothing illegal is sent, no more than the rate', async fault => {
    const ids = Array.from({length: 12}, (_, i) => `c${i}`);
    const world = await deploy(
      ids.map((id, i) => campaign(id, i % 2 ? 'active' : 'paused')),
      Object.assign({}, ...ids.map((id, i) => file(id, i % 2 ? 'paused' : 'active'))),
    );
    world.faults({[fault]: 0.4});
    const rollcall = world.start();
    await rollcall.url();
    await sleep(1_500);
    world.faults({});
    world.repository.commit({'campaigns/note.yaml': '# look again\n'});
    await eventually(() => ids.every((id, i) => world.status(id) === (i % 2 ? 'paused' : 'active')), 20_000);
    expect(await rollcall.stop()).toBe(0);
    const {journal} = world.api;
    expect(mostInWindow(journal.map(({at}) => at))).toBeLessThanOrEqual(RATE.requests);
    if (fault !== 'stale') expect(journal.filter(({status}) => status === 422)).toEqual([]);
  });
});
