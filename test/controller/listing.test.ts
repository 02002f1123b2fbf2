import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Campaigns} from '../../src/controller/campaigns.ts';
import type {Page} from '../../src/controller/page.ts';
import type {LiveKnowledge} from '../../src/controller/ports.ts';
import {WorkspaceReconciler} from '../../src/controller/workspace.ts';
import {campaignKey} from '../../src/domain/campaign.ts';
import type {Finding} from '../../src/domain/finding.ts';
import {comparePlaces, ORDERS, type Order, type OrderPlace, placeOf} from '../../src/domain/order.ts';
import {claimChanges} from '../../src/domain/same-wish.ts';
import {isSelected, type Selection} from '../../src/domain/selection.ts';
import {systemClock} from '../../src/system.ts';
import {claim, live, WHOLE_READING} from '../support/fixtures.ts';

const NEVER = new AbortController().signal;
const ports = {clock: systemClock, random: () => 0, listener: () => {}};

interface One {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly updatedAt: number;
  readonly team: string;
}

const one: fc.Arbitrary<One> = fc.record({
  id: fc.string({minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'B', 'c', '-')}),
  name: fc.string({minLength: 1, maxLength: 3, unit: fc.constantFrom('x', 'Y', 'z')}),
  isActive: fc.boolean(),
  updatedAt: fc.integer({min: 0, max: 3}),
  team: fc.constantFrom('billing', 'sales'),
});

const open = async (lists: ReadonlyMap<string, readonly One[]>) => {
  let shown = lists;
  const workspaces = [...lists].map(([name]) => {
    const read = async ({take}: LiveKnowledge) => {
      take(
        (shown.get(name) ?? []).map(({id, isActive, name: title, updatedAt}) => ({
          campaign: live(isActive ? 'active' : 'paused', {campaignId: id, name: title, updatedAt}),
          askedAt: systemClock.ticks(),
        })),
      );
      return WHOLE_READING;
    };
    const none = () => Promise.reject(new Error('nothing is sent'));
    const platform = {
      rate: {slots: 5, window: 1_000, used: 0},
      keysUsed: 1,
      tookEffect: () => {},
      poll: read,
      resync: read,
      read: none,
      update: none,
    };
    const settings = {mode: 'detect', concurrency: 1, dryRun: false} as const;
    return new WorkspaceReconciler(name, settings, {platform, ...ports});
  });
  const campaigns = new Campaigns({workspaces}, systemClock, ports);
  const changes = [...lists].map(([workspace, list]) => {
    const claims = list.map(
      ({id, name, team}) =>
        [id, claim({campaignId: id, workspace, name, desired: 'paused', labels: {team}})] as const,
    );
    return [workspace, claimChanges(new Map(), new Map(claims))] as const;
  });
  await campaigns.adopt({id: 'r'}, new Map(changes));
  const show = async (next: ReadonlyMap<string, readonly One[]>): Promise<void> => {
    shown = next;
    for (const workspace of workspaces) await workspace.poll(NEVER);
  };
  await show(lists);
  return {campaigns, show};
};

const selection: fc.Arbitrary<Selection> = fc.record(
  {
    workspace: fc.constantFrom('one', 'two', 'none'),
    state: fc.constantFrom('pending', 'satisfied', 'missing'),
    cause: fc.constantFrom('pending', 'drifted'),
    mode: fc.constantFrom('detect', 'enforce'),
    labels: fc.constant([{key: 'team', value: 'billing', negated: false}]),
    words: fc.constantFrom(['x'], ['b', 'y'], ['one/'], ['sales']),
  },
  {requiredKeys: []},
);

const orders = ORDERS.flatMap(by => [
  {by, descending: false},
  {by, descending: true},
]);

const placeIn = (order: Order, {campaignId, liveUpdatedAt, name, state, workspace}: Finding): OrderPlace =>
  placeOf(order, {key: campaignKey(workspace, campaignId), name, state, changed: liveUpdatedAt ?? 0});

const lists = fc.record({
  one: fc.uniqueArray(one, {selector: ({id}) => id, maxLength: 40}),
  two: fc.uniqueArray(one, {selector: ({id}) => id, maxLength: 3}),
});

const check = async (
  campaigns: Campaigns,
  selection: Selection,
  order: Order,
  limit: number,
): Promise<void> => {
  const expected = [...campaigns.findings()]
    .filter(finding => isSelected(finding, selection))
    .map(finding => placeIn(order, finding))
    .toSorted((a, b) => comparePlaces(order, a, b));
  const found: OrderPlace[] = [];
  let after: OrderPlace | undefined;
  do {
    const page: Page = await campaigns.page({selection, order, after, limit});
    found.push(...page.items.map(({finding}) => placeIn(order, finding)));
    after = page.next;
  } while (after);
  expect(found).toEqual(expected);
};

describe('pages of campaigns', () => {
  it('are, one after the other, all that are meant, in order, each once, also after they have changed', async () => {
    const order = fc.constantFrom(...orders);
    await fc.assert(
      fc.asyncProperty(
        lists,
        lists,
        selection,
        order,
        fc.integer({min: 1, max: 5}),
        async (given, later, meant, by, limit) => {
          const {campaigns, show} = await open(new Map(Object.entries(given)));
          await check(campaigns, meant, by, limit);
          const time = (list: readonly One[]) => list.map(one => ({...one, updatedAt: one.updatedAt + 10}));
          await show(new Map(Object.entries({one: time(later.one), two: time(later.two)})));
          await check(campaigns, meant, by, limit);
        },
      ),
    );
  });

  it('are right where few of many are meant, and where many are', async () => {
    const many = Array.from({length: 9_000}, (_, i) => ({
      id: `c${i}`,
      name: `n${(i * 7) % 9_000}`,
      isActive: i % 9_000 < 40,
      updatedAt: i % 100,
      team: i % 3_000 === 1 ? 'billing' : 'sales',
    }));
    const {campaigns} = await open(new Map([['one', many]]));
    const labels = [{key: 'team', value: 'billing', negated: false}];
    for (const by of orders)
      for (const meant of [
        {words: ['n899']},
        {words: ['c8', 'billing']},
        {labels},
        {state: 'pending' as const},
        {state: 'satisfied' as const},
        {words: ['nowhere']},
      ])
        await check(campaigns, meant, by, 1_000);
  });
});
