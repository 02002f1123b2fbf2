/** A plan is done as what is in force by now has it, by whatever name its revision was given. */
import {describe, expect, it} from 'vitest';
import {declared, HOUR, live, NOW, openReview} from '../support/review.ts';
import {run} from '../support/rollcall.ts';

const freeze = (until: string): Record<string, string> => ({
  'campaigns/freeze.yaml': `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: storm}\nspec: {selector: {}, until: ${until}, reason: storm}\n`,
});
const STORM = freeze('2026-11-24T13:00:00Z');

/** A change that is in force, and a plan of its commit, by its hash. */
const planned = async (campaigns: Parameters<typeof openReview>[0], change: Record<string, string>) => {
  const base = Object.assign({}, ...campaigns.map(({campaignId, status}) => declared(campaignId, status)));
  const world = await openReview(campaigns, base, change);
  const hash = world.repository.git('rev-parse', 'HEAD');
  expect((await world.plan('--revision', hash, '--out', 'plan.json')).code).toBe(2);
  return world;
};

describe('a plan of a commit that the branch has gone on from', () => {
  it('does not cancel what was taken back', async () => {
    const world = await planned([live('a', 'active')], declared('a', 'cancelled'));
    world.repository.git('revert', '--no-edit', 'HEAD');
    const {code, stderr} = await world.run('apply', '--yes', 'plan.json');
    expect([code, world.actions()]).toEqual([4, []]);
    expect(stderr).toContain('collections/a (a): Git asked for cancelled, and now for active');
  });

  it('does not resume what a freeze keeps by now', async () => {
    const world = await planned([live('a', 'paused')], declared('a', 'active'));
    world.repository.commit(STORM);
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect([code, world.actions()]).toEqual([4, []]);
    expect(stderr).toContain('frozen until');
  });

  it('does not act on what nothing declares any more', async () => {
    const world = await planned([live('a', 'active')], declared('a', 'paused'));
    world.repository.git('rm', '--quiet', '-r', 'campaigns');
    world.repository.commit({});
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect([code, world.actions()]).toEqual([4, []]);
    expect(stderr).toContain('no file declares it now');
  });

  it('does what is still asked for, whatever else has changed', async () => {
    const world = await planned([live('a', 'active'), live('b', 'active')], declared('a', 'paused'));
    world.repository.commit(declared('b', 'paused'));
    const {code} = await world.run('apply', 'plan.json');
    expect([code, world.actions()]).toEqual([0, ['pause a']]);
  });
});

describe('a plan of a freeze and a pause', () => {
  it('pauses at once, and leaves out what waits for the end of the freeze', async () => {
    const change = {...STORM, ...declared('a', 'paused'), ...declared('b', 'active')};
    const world = await planned([live('a', 'active'), live('b', 'paused')], change);
    const early = await world.run('apply', 'plan.json');
    expect([early.code, world.actions()]).toEqual([2, ['pause a']]);
    expect(early.stderr).toContain('left out: collections/b (b): its freeze has not ended yet: ');
    const late = await run(['apply', '--allow-partial', 'plan.json'], {
      ...world.options,
      now: NOW + 2 * HOUR,
    });
    expect([late.code, world.actions()]).toEqual([0, ['pause a', 'resume b']]);
  });
});

describe('just before a timetable closes', () => {
  const calendar = {
    'campaigns/calendar.yaml':
      'apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: office}\nspec: {timezone: UTC, weekly: {mon-sun: "09:00-12:01"}}\n',
  };
  const timed = declared('a', 'active', 'timetable: {calendar: office}');

  it('a plan wants what a controller wants: nothing is resumed for the last minute', async () => {
    const world = await openReview([live('a', 'paused')], declared('a', 'paused'), {...calendar, ...timed});
    const {code, stdout} = await run(['plan'], {...world.options, now: NOW + 30_000});
    expect([code, stdout]).toEqual([0, expect.stringContaining('nothing to do')]);
  });

  it('a plan that was made before is not done any more', async () => {
    const world = await openReview([live('a', 'paused')], declared('a', 'paused'), {...calendar, ...timed});
    expect((await run(['plan', '--out', 'plan.json'], {...world.options, now: NOW - HOUR})).code).toBe(2);
    const {code} = await run(['apply', 'plan.json'], {...world.options, now: NOW + 30_000});
    expect([code, world.actions()]).toEqual([4, []]);
  });
});
