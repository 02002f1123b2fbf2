import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Campaigns} from '../../src/controller/campaigns.ts';
import type {Page} from '../../src/controller/listing.ts';
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

const open = async (lists: ReadonlyMap<string, readonly One[]>): Promise<Campaigns> => {
  const workspaces = [...lists].map(([name, list]) => {
    const read = async ({take}: LiveKnowledge) => {
      take(
        list.map(({id, isActive, name: title, updatedAt}) => ({
          campaign: live(isActive ? 'active' : 'paused', {campaignId: id, name: title, updatedAt}),
          askedAt: systemClock.ticks(),
        })),
      );
      return WHOLE_READING;
    };
    const none = () => Promise.reject(new Error('nothing is sent'));
    const platform = {rate: {slots: 5, used: 0}, poll: read, resync: read, read: none, update: none};
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
  for (const workspace of workspaces) await workspace.poll(NEVER);
  return campaigns;
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

describe('pages of campaigns', () => {
  it('are, one after the other, all that are meant, in order, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        lists,
        selection,
        fc.constantFrom(...orders),
        fc.integer({min: 1, max: 5}),
        async (given, meant, order, limit) => {
          const campaigns = await open(new Map(Object.entries(given)));
          const expected = [...campaigns.findings()]
            .filter(finding => isSelected(finding, meant))
            .map(finding => placeIn(order, finding))
            .toSorted((a, b) => comparePlaces(order, a, b));
          const found: OrderPlace[] = [];
          let after: OrderPlace | undefined;
          do {
            const page: Page = await campaigns.page({selection: meant, order, after, limit});
            found.push(...page.items.map(({finding}) => placeIn(order, finding)));
            after = page.next;
          } while (after);
          expect(found).toEqual(expected);
        },
      ),
    );
  });
});
