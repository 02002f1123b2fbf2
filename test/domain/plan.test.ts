import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {relate} from '../../src/domain/assess.ts';
import {diff, type Observation} from '../../src/domain/diff.ts';
import {type Finding, find} from '../../src/domain/finding.ts';
import {guard} from '../../src/domain/guard.ts';
import {type PlannedAction, plan} from '../../src/domain/plan.ts';
import type {Context} from '../../src/domain/reasons.ts';
import {ACTIONS, isTerminal, resultOf, STATUSES, type Status} from '../../src/domain/transitions.ts';
import {claim, declaration, live, WORKSPACE} from '../support/fixtures.ts';

const context: Context = {workspace: WORKSPACE, mode: 'enforce', now: 1000, past: {}};
const seen = (status: Status | string, updatedAt = 0): Observation => ({
  kind: 'seen',
  campaign: live(status, {updatedAt, updatedBy: 'ops@example.com'}),
});

const status = fc.constantFrom(...STATUSES);
const world = fc.array(fc.record({desired: status, now: status}), {maxLength: 30});

const findAll = (campaigns: readonly {desired: Status; now: Status}[]): Finding[] => {
  const claims = new Map(
    campaigns.map(({desired}, i) => [`c${i}`, claim({campaignId: `c${i}`, name: `n${i}`, desired})]),
  );
  const observations = new Map(
    campaigns.map(({now}, i) => [
      `c${i}`,
      {kind: 'seen', campaign: live(now, {campaignId: `c${i}`})} satisfies Observation,
    ]),
  );
  return diff(claims, observations).flatMap(pair => find(pair, context) ?? []);
};

describe('a plan', () => {
  it('is legal, passes the guard whole, and never starts from a terminal status', () => {
    fc.assert(
      fc.property(world, campaigns => {
        const {passed, stopped} = guard(plan(findAll(campaigns), 1000), {now: 1000});
        expect(stopped).toEqual([]);
        for (const {action, from} of passed) {
          expect(isTerminal(from)).toBe(false);
          expect(resultOf(from, action)).toBeDefined();
        }
      }),
    );
  });

  it('is empty once it was carried out, and everything that could be settled is', () => {
    fc.assert(
      fc.property(world, campaigns => {
        let current = campaigns;
        for (let round = 0; round < 3; round++) {
          const actions = new Map(
            plan(findAll(current), 1000).map(({action, declaration: {campaignId}}) => [campaignId, action]),
          );
          current = current.map(({desired, now}, i) => {
            const action = actions.get(`c${i}`);
            return {desired, now: action ? (resultOf(now, action) ?? now) : now};
          });
        }
        expect(plan(findAll(current), 1000)).toEqual([]);
        for (const [i, {desired, now}] of current.entries()) {
          const before = campaigns[i];
          if (before && relate(before.desired, before.now).kind === 'act') {
            expect(['satisfied', 'awaiting']).toContain(relate(desired, now).kind);
          }
        }
      }),
    );
  });

  it('pauses first, then cancels, then resumes; within each by name', () => {
    fc.assert(
      fc.property(world, campaigns => {
        const order = plan(findAll(campaigns), 1000).map(
          ({action, declaration: {name}}) => [ACTIONS.indexOf(action), name] as const,
        );
        const sorted = order.toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
        expect(order).toEqual(sorted);
      }),
    );
  });
});

describe('what is never acted on', () => {
  const cases: readonly [string, Finding | undefined][] = [
    [
      'a hold',
      find(
        {campaignId: 'camp-1', claim: claim({hold: {reason: 'repair'}}), observation: seen('paused')},
        context,
      ),
    ],
    [
      'detect mode',
      find({campaignId: 'camp-1', claim: claim({mode: 'detect'}), observation: seen('paused')}, context),
    ],
    [
      'a missing campaign',
      find({campaignId: 'camp-1', claim: claim(), observation: {kind: 'missing'}}, context),
    ],
    [
      'an unrecognised status',
      find({campaignId: 'camp-1', claim: claim(), observation: seen('archived')}, context),
    ],
    ['a campaign not read yet', find({campaignId: 'camp-1', claim: claim()}, context)],
    ['an undeclared campaign', find({campaignId: 'camp-1', observation: seen('active')}, context)],
    [
      'an invalid declaration',
      find(
        {
          campaignId: 'camp-1',
          observation: seen('active'),
          claim: {
            kind: 'invalid',
            workspace: WORKSPACE,
            campaignId: 'camp-1',
            source: {file: 'f', line: 1},
            problem: 'bad',
          },
        },
        context,
      ),
    ],
    [
      'a campaign that waits to be tried again',
      find(
        {campaignId: 'camp-1', claim: claim(), observation: seen('paused')},
        {...context, trouble: {kind: 'refused', action: 'resume', message: 'limit', retryAt: 2000}},
      ),
    ],
  ];
  it.each(cases)('%s', (_name, finding) => {
    expect(finding).toBeDefined();
    expect(plan(finding ? [finding] : [], 1000)).toEqual([]);
  });

  it('says of an action what is known of it, and of nobody where the platform names nobody', () => {
    const pair = {campaignId: 'camp-1', claim: claim(), observation: seen('paused', 7)};
    const finding = find(pair, context);
    const unnamed = find({...pair, observation: {kind: 'seen', campaign: live('paused')}}, context);
    const [first] = plan(
      finding ? [{...finding, reason: 'with what keeps it', why: 'why it differs'}] : [],
      1000,
    );
    expect(first).toMatchObject({
      action: 'resume',
      from: 'paused',
      fromUpdatedAt: 7,
      fromUpdatedBy: 'ops@example.com',
      reason: 'why it differs',
    });
    expect(plan(unnamed ? [unnamed] : [], 1000)[0]).not.toHaveProperty('fromUpdatedBy');
  });

  it('acts again when a hold has run out, and when the time to try again has come', () => {
    const held = find(
      {campaignId: 'camp-1', claim: claim({hold: {reason: 'x', until: 999}}), observation: seen('paused')},
      context,
    );
    const failed = find(
      {campaignId: 'camp-1', claim: claim(), observation: seen('paused')},
      {...context, trouble: {kind: 'deferred', action: 'resume', message: 'x', retryAt: 1000}},
    );
    for (const finding of [held, failed]) expect(plan(finding ? [finding] : [], 1000)).toHaveLength(1);
  });
});

describe('the guard', () => {
  const planned = (overrides: Partial<PlannedAction>): PlannedAction => ({
    action: 'cancel',
    from: 'active',
    fromUpdatedAt: 0,
    cause: 'pending',
    reason: '',
    desired: 'cancelled',
    declaration: declaration({desired: 'cancelled'}),
    ...overrides,
  });
  it('lets a confirmed cancel through', () => {
    expect(guard([planned({})], {now: 0}).passed).toHaveLength(1);
  });
  const freeze = {name: 'peak', labels: {}, until: 9, reason: 'audit', source: {file: 'f.yaml', line: 1}};
  it.each([
    [
      'a cancel without its confirmation',
      {declaration: declaration({desired: 'cancelled', confirmCancel: 'camp-2'})},
      'a cancel needs confirmCancel: camp-1 in the same document',
    ],
    [
      'a cancel that Git does not ask for',
      {declaration: declaration({desired: 'paused', confirmCancel: 'camp-1'})},
      'Git asks for paused, not for a cancel',
    ],
    [
      'an action out of a terminal status',
      {from: 'ended'},
      'ended is terminal: nothing may be sent to this campaign',
    ],
    [
      'an action that the table forbids',
      {action: 'resume', from: 'active'},
      'the platform forbids resume from active',
    ],
    [
      'a resume in a freeze',
      {action: 'resume', from: 'paused', declaration: declaration({freezes: [freeze]})},
      'frozen until 1970-01-01T00:00:00.009Z by peak: audit',
    ],
    [
      'a resume while the closing of its timetable has begun',
      {action: 'resume', from: 'paused', declaration: declaration({opening: {until: 2}})},
      'closed by its timetable for good: its timetable is about to end',
    ],
    [
      'a resume outside its timetable',
      {action: 'resume', from: 'paused', declaration: declaration({opening: {from: 9}})},
      'closed by its timetable until 1970-01-01T00:00:00.009Z: its timetable has not begun',
    ],
  ] satisfies [string, Partial<PlannedAction>, string][])('stops %s', (_name, overrides, message) => {
    const stopped = planned(overrides);
    expect(guard([stopped], {now: 0, lead: 2})).toEqual({passed: [], stopped: [{planned: stopped, message}]});
  });
  it.each([
    ['a freeze', {freezes: [freeze]}],
    ['a timetable that is closed', {opening: {from: 9}}],
  ] as const)('lets a pause through, whatever %s says', (_name, changes) => {
    const pause = planned({action: 'pause', declaration: declaration(changes)});
    expect(guard([pause], {now: 0})).toEqual({passed: [pause], stopped: []});
  });
});

describe('what is said of a campaign', () => {
  it('names who moved it, and when', () => {
    const finding = find(
      {campaignId: 'camp-1', claim: claim({reason: 'Q1'}), observation: seen('paused', Date.UTC(2026, 0, 2))},
      {...context, past: {settledFor: 'active'}},
    );
    expect(finding).toMatchObject({state: 'drifted', steps: ['resume']});
    expect(finding?.reason).toBe(
      'drifted from active to paused, changed by ops@example.com at 2026-01-02T00:00:00.000Z — Q1',
    );
  });
  it('calls a cancelled campaign that Git wants otherwise terminal, and an ended one completed', () => {
    expect(find({campaignId: 'camp-1', claim: claim(), observation: seen('cancelled')}, context)?.state).toBe(
      'terminal',
    );
    expect(find({campaignId: 'camp-1', claim: claim(), observation: seen('ended')}, context)?.state).toBe(
      'completed',
    );
  });
  it('has nothing to say of an undeclared campaign that is over', () => {
    expect(find({campaignId: 'camp-1', observation: seen('ended')}, context)).toBeUndefined();
    expect(find({campaignId: 'camp-1', observation: {kind: 'missing'}}, context)).toBeUndefined();
  });
});
