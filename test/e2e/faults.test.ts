import {expect, it} from 'vitest';
import {deploy, file, RATE} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {eventually} from '../support/wait.ts';

const FAULTS = ['serverError', 'serverErrorAfter', 'dropBefore', 'dropAfter', 'html', 'truncated'];

/** The most requests that arrived in any stretch of the rate's length. */
const mostInWindow = (times: readonly number[]): number =>
  Math.max(0, ...times.map(at => times.filter(other => other > at - RATE.per && other <= at).length));

// Each fault by itself is tried in virtual time: test/controller/faults.test.ts.
it('over a real connection, a platform of many faults loses nothing and is asked for nothing illegal', async () => {
  const ids = Array.from({length: 12}, (_, i) => `c${i}`);
  const world = await deploy(
    ids.map((id, i) => campaign(id, i % 2 ? 'active' : 'paused')),
    Object.assign({}, ...ids.map((id, i) => file(id, i % 2 ? 'paused' : 'active'))),
  );
  const {journal} = world.api;
  world.faults(Object.fromEntries(FAULTS.map(fault => [fault, 0.1])));
  const rollcall = world.start();
  await eventually(
    () => journal.filter(({status}) => status === 500 || status === 'dropped').length > 3,
    25_000,
  );
  world.faults({});
  world.repository.commit({'campaigns/note.yaml': '# look again\n'});
  await eventually(() => ids.every((id, i) => world.status(id) === (i % 2 ? 'paused' : 'active')), 20_000);
  expect(await rollcall.stop()).toBe(0);
  expect(mostInWindow(journal.map(({at}) => at))).toBeLessThanOrEqual(RATE.requests);
  expect(journal.filter(({status}) => status === 422)).toEqual([]);
}, 60_000);
