/** The orders in which campaigns are paged, and what they are found by, kept up to date with what changes. */
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {labelText} from '../../src/controller/store/orders.ts';
import {CampaignStore} from '../../src/controller/store/store.ts';
import {comparePlaces, ORDERS, type OrderBy, placeOf} from '../../src/domain/order.ts';
import {searchedText} from '../../src/domain/selection.ts';
import {claim, live, WORKSPACE} from '../support/fixtures.ts';

const AT = {now: 0, ticks: 0};

/** One campaign as Git and the platform have it. */
interface One {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: 'active' | 'paused';
  readonly changed: number;
}

type Shown = ReadonlyMap<string, One>;

const create = (): CampaignStore =>
  new CampaignStore(WORKSPACE, 'enforce', {listener: () => {}, random: () => 0.5});

/** Takes in what Git and the platform have by now; `before`: what they had. */
const show = async (store: CampaignStore, shown: Shown, before: Shown): Promise<void> => {
  const gone = [...before.keys()].filter(id => !shown.has(id));
  const claims = new Map([
    ...[...shown].map(
      ([campaignId, {labels, name}]) =>
        [campaignId, claim({campaignId, name, labels, desired: 'active'})] as const,
    ),
    ...gone.map(id => [id, undefined] as const),
  ]);
  await store.adopt({claims, wishes: new Set(claims.keys())}, undefined, AT);
  store.sightings.take(
    [...shown].map(([campaignId, {changed, status}]) => ({
      campaign: live(status, {campaignId, updatedAt: changed}),
      askedAt: changed,
    })),
  );
  for (const id of gone) store.sightings.miss(id, Number.MAX_SAFE_INTEGER);
  await store.settle(AT);
};

const idsIn = (store: CampaignStore, by: OrderBy, descending = false): readonly string[] =>
  [...store.orders.in(by).from(undefined, descending)].map(({campaignId}) => campaignId);

const sorted = (shown: Shown, by: OrderBy): readonly string[] =>
  [...shown]
    .map(([id, {changed, name}]) => ({
      id,
      place: placeOf({by, descending: false}, {key: `${WORKSPACE}/${id}`, name, state: '', changed}),
    }))
    .toSorted((a, b) => comparePlaces({by, descending: false}, a.place, b.place))
    .map(({id}) => id);

const one = fc.record({
  changed: fc.integer({min: 0, max: 3}),
  name: fc.constantFrom('x', 'Y', 'z'),
  labels: fc.constantFrom({team: 'billing'}, {team: 'sales'}, {team: 'sales', tier: '1'}, {}),
  status: fc.constantFrom('active', 'paused'),
});
const change = fc.dictionary(fc.constantFrom('a', 'B', 'c', 'd'), one);

const prepared = async (store: CampaignStore): Promise<void> => {
  for (const by of ORDERS) await store.orders.prepare(by, true);
};

describe('an order that is kept up to date', () => {
  it('is the one that is made from scratch, whatever came, went and was called otherwise', () =>
    fc.assert(
      fc.asyncProperty(fc.array(change, {maxLength: 5}), async changes => {
        const store = create();
        await prepared(store);
        let before: Shown = new Map();
        for (const [at, shown] of changes.entries()) {
          const now = new Map(
            Object.entries(shown).map(([id, rest]) => [id, {...rest, changed: 4 * at + rest.changed}]),
          );
          await show(store, now, before);
          before = now;
        }
        for (const by of ['name', 'changed'] as const) {
          expect(idsIn(store, by)).toEqual(sorted(before, by));
          expect(idsIn(store, by, true)).toEqual(sorted(before, by).toReversed());
        }
        const {labels, texts} = store.orders.described;
        expect(new Map([...texts].map(([{campaignId}, text]) => [campaignId, text]))).toEqual(
          new Map(
            [...before].map(([campaignId, {labels: ofOne, name}]) => [
              campaignId,
              searchedText({workspace: WORKSPACE, campaignId, name, labels: ofOne}),
            ]),
          ),
        );
        const labelled = [...before].flatMap(([id, {labels: ofOne}]) =>
          Object.entries(ofOne).flatMap(([key, value]) => [
            [labelText(key), id],
            [labelText(key, value), id],
          ]),
        );
        const kept = [...labels].flatMap(([label, entries]) =>
          [...entries].map(({campaignId}) => [label, campaignId]),
        );
        expect(kept.toSorted()).toEqual(labelled.toSorted());
        expect([...labels.values()].every(({size}) => size > 0)).toBe(true);
      }),
      {numRuns: 100},
    ));

  it('goes by the platform’s name where Git has none, by the id where nobody has one, and by no time where nothing is known', async () => {
    const store = create();
    for (const by of ORDERS) await store.orders.prepare(by, true);
    const unread = claim({campaignId: 'unread', name: 'm'});
    await store.adopt({claims: new Map([['unread', unread]]), wishes: new Set(['unread'])}, undefined, AT);
    store.sightings.take([
      {campaign: live('active', {campaignId: 'b', name: 'z', updatedAt: 7}), askedAt: 1},
      {campaign: live('active', {campaignId: 'z', name: 'b', updatedAt: 5}), askedAt: 1},
    ]);
    store.sightings.miss('unread', 1);
    await store.settle(AT);
    expect([idsIn(store, 'name'), idsIn(store, 'changed')]).toEqual([
      ['z', 'unread', 'b'],
      ['unread', 'z', 'b'],
    ]);
    expect([...store.orders.described.texts.values()].toSorted()).toEqual(
      ['b', 'm', 'z'].map((name, at) => `${WORKSPACE}/${name}\n${['z', 'unread', 'b'][at]}`),
    );
  });

  it('begins behind a place, and moves a campaign whose state changes', async () => {
    const store = create();
    await store.orders.prepare('state', false);
    const at = (status: 'active' | 'paused', changed: number): One => ({
      name: 'n',
      labels: {},
      status,
      changed,
    });
    const first = new Map([
      ['a', at('active', 1)],
      ['b', at('active', 1)],
      ['c', at('paused', 1)],
    ]);
    await show(store, first, new Map());
    const states = () => [...store.orders.in('state').from(undefined, false)].map(one => one.verdict?.state);
    expect([idsIn(store, 'state'), states()]).toEqual([
      ['c', 'a', 'b'],
      ['pending', 'satisfied', 'satisfied'],
    ]);
    const behind = {value: 'satisfied', id: 'a'};
    expect([...store.orders.in('state').from(behind, false)].map(one => one.campaignId)).toEqual(['b']);
    expect([...store.orders.in('state').from(behind, true)].map(one => one.campaignId)).toEqual(['c']);
    await show(store, new Map([...first, ['a', at('paused', 2)]]), first);
    expect([idsIn(store, 'state'), states()]).toEqual([
      ['a', 'c', 'b'],
      ['drifted', 'pending', 'satisfied'],
    ]);
  });

  it('is made once, of what is there by then, and only where it is asked for', async () => {
    const store = create();
    const shown = new Map([['a', {name: 'n', labels: {team: 'x'}, status: 'active', changed: 1} as const]]);
    await show(store, shown, new Map());
    await store.orders.prepare('workspace', false);
    expect([idsIn(store, 'name'), store.orders.described.texts.size]).toEqual([[], 0]);
    const making = store.orders.prepare('name', false);
    await Promise.all([making, store.orders.prepare('name', false)]);
    expect([idsIn(store, 'name'), store.orders.described.texts.size]).toEqual([['a'], 0]);
    await store.orders.prepare('workspace', true);
    expect([...store.orders.described.labels.keys()]).toEqual(['team', 'team=x']);
  });
});
