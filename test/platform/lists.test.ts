/** Which lists are read, how far, and what is told of them. */
import {describe, expect, it} from 'vitest';
import type {Sighting} from '../../src/controller/ports.ts';
import type {Status} from '../../src/domain/transitions.ts';
import {Gathering} from '../../src/platform/gathering.ts';
import {ListReader, type Lists} from '../../src/platform/lists.ts';
import type {Page} from '../../src/platform/wire.ts';
import {live} from '../support/fixtures.ts';

/** A gathering for these declared campaigns, and what it was shown. */
const gatheringOf = (...ids: readonly string[]) => {
  const seen: string[] = [];
  const gathering = new Gathering({
    open: new Set(ids),
    unknown: new Set(),
    urgent: new Set(),
    take: sightings => seen.push(...sightings.map(({campaign}) => campaign.campaignId)),
  });
  return {gathering, seen};
};

type Counts = Partial<Record<Status, number>>;

/** Lists of so many campaigns each, which note what was asked for: the status and the offset. */
const listsOf = (counts: Counts, answer: (page: Page, asked: string) => Page | undefined = page => page) => {
  const asked: string[] = [];
  const all = Object.entries(counts).flatMap(([status, count]) =>
    Array.from({length: count}, (_, at) => live(status, {campaignId: `${status}-${at}`})),
  );
  const lists: Lists = {
    list: async ({limit, offset, status}) => {
      const name = `${status ?? 'all'}+${offset}`;
      asked.push(name);
      const matching = all.filter(one => !status || ('known' in one.status && one.status.known === status));
      const campaigns = matching.slice(offset, offset + limit);
      const page = answer({campaigns, unusable: [], size: campaigns.length, total: matching.length}, name);
      return page
        ? {askedAt: 0, reply: {ok: true, value: page}}
        : {askedAt: 0, reply: {ok: false, failure: {kind: 'unavailable', message: '503'}}};
    },
  };
  return {asked, lists};
};

const MANY: Counts = {scheduled: 10, active: 250, paused: 120, ended: 900};

describe('all that may still change', () => {
  it('is read by the lists of the statuses where those have fewer pages than the whole', async () => {
    const {asked, lists} = listsOf(MANY);
    const reader = new ListReader();
    const {gathering, seen} = gatheringOf();
    await reader.all(gathering, lists);
    expect(asked).toEqual([
      'all+0',
      'scheduled+0',
      'active+0',
      'active+100',
      'active+200',
      'paused+0',
      'paused+100',
    ]);
    expect([new Set(seen).size, gathering.reading.listed]).toEqual([380, true]);
    asked.length = 0;
    await reader.all(gatheringOf().gathering, lists);
    expect(asked).toEqual(['scheduled+0', 'active+0', 'active+100', 'active+200', 'paused+0', 'paused+100']);
    expect([reader.total, reader.cost, reader.overCost]).toEqual([1_280, 6, 9]);
  });

  it('is read by the whole list where that has no more pages', async () => {
    const {asked, lists} = listsOf({active: 250, ended: 40});
    const reader = new ListReader();
    for (let reading = 0; reading < 2; reading++) await reader.all(gatheringOf().gathering, lists);
    expect(asked).toEqual(['all+0', 'all+100', 'all+200', 'all+0', 'all+100', 'all+200']);
    expect(reader.cost).toBe(3);
  });

  it('is not read on where a list fails, and then it is not whole', async () => {
    const {asked, lists} = listsOf(MANY, (page, name) => (name === 'active+100' ? undefined : page));
    const {gathering} = gatheringOf();
    await new ListReader().all(gathering, lists);
    expect(asked.at(-1)).toBe('active+100');
    expect(gathering.reading).toMatchObject({listed: false, failure: {message: '503'}});
  });

  it('is not read on where a list has no end', async () => {
    const {asked, lists} = listsOf(MANY, (page, name) =>
      name === 'active+100' ? {...page, offset: 0} : page,
    );
    const {gathering} = gatheringOf();
    await new ListReader().all(gathering, lists);
    expect(asked.at(-1)).toBe('active+100');
    expect([gathering.reading.listed, gathering.endless?.message]).toEqual([
      false,
      expect.stringContaining('does not advance'),
    ]);
  });

  it('is looked for twice where a list ends before the number that it tells, and then taken for what was seen', async () => {
    const {asked, lists} = listsOf({active: 50}, page => ({...page, total: 60}));
    const {gathering} = gatheringOf();
    await new ListReader().all(gathering, lists);
    expect(asked).toEqual(['all+0', 'all+50', 'all+50']);
    expect(gathering.reading).toMatchObject({listed: true});
  });

  it('goes on where the second look brings more', async () => {
    let empty = 0;
    const {asked, lists} = listsOf({active: 150}, (page, name) => {
      if (name !== 'all+100' || empty > 0) return page;
      empty += 1;
      return {...page, campaigns: [], size: 0};
    });
    const {gathering, seen} = gatheringOf();
    await new ListReader().all(gathering, lists);
    expect([asked, seen.length]).toEqual([['all+0', 'all+100', 'all+100'], 150]);
  });

  it('tells what cannot be used of the lists, up to twenty of it', async () => {
    const {lists} = listsOf({active: 150}, (page, name) => ({
      ...page,
      unusable: Array.from({length: 15}, (_, at) => `${name} ${at}`),
    }));
    const {gathering} = gatheringOf();
    await new ListReader().all(gathering, lists);
    expect(gathering.reading.unusable).toHaveLength(20);
    expect(gathering.reading.unusable[15]).toBe('all+100 0');
  });
});

describe('declared campaigns that may have changed', () => {
  /** A reader that knows how long the lists are. */
  const informed = async (counts: Counts): Promise<ListReader> => {
    const reader = new ListReader();
    await reader.all(gatheringOf().gathering, listsOf(counts).lists);
    return reader;
  };

  it('are looked for in the longest list first, and no further than until all were seen', async () => {
    const reader = await informed(MANY);
    const {asked, lists} = listsOf(MANY);
    await reader.open(gatheringOf('active-150').gathering, lists);
    expect(asked).toEqual(['active+0', 'active+100']);
    asked.length = 0;
    const {gathering} = gatheringOf('active-1', 'paused-3', 'scheduled-2');
    await reader.open(gathering, lists);
    expect(asked).toEqual(['active+0', 'active+100', 'active+200', 'paused+0', 'paused+100', 'scheduled+0']);
    expect([gathering.lacking.size, gathering.reading.listed]).toEqual([0, false]);
  });

  it('are found by one page of the longest list where there are none', async () => {
    const reader = await informed(MANY);
    const {asked, lists} = listsOf(MANY);
    await reader.open(gatheringOf().gathering, lists);
    expect(asked).toEqual(['active+0']);
  });

  it('are looked for in the whole list where that has no more pages', async () => {
    const counts = {active: 250, ended: 40};
    const reader = await informed(counts);
    const {asked, lists} = listsOf(counts);
    const {gathering} = gatheringOf('active-1');
    await reader.open(gathering, lists);
    expect([asked, gathering.reading.listed]).toEqual([['all+0', 'all+100', 'all+200'], true]);
  });

  it.each<[string, (page: Page) => Page | undefined]>([
    ['fails', () => undefined],
    ['has no end', page => ({...page, offset: 7})],
  ])('are looked for no further where a list %s', async (_what, answer) => {
    const reader = await informed(MANY);
    const {asked, lists} = listsOf(MANY, answer);
    await reader.open(gatheringOf('paused-3').gathering, lists);
    expect(asked).toEqual(['active+0']);
  });
});

describe('the first page of the last changes', () => {
  it('is all where it holds as many as there are, with what of it cannot be used', () => {
    const reader = new ListReader();
    const {gathering} = gatheringOf();
    const page = {campaigns: [], unusable: ['x'], size: 2, total: 3};
    expect([reader.isAll(page, gathering), reader.total, gathering.reading.unusable]).toEqual([false, 3, []]);
    expect(reader.isAll({...page, total: 2}, gathering)).toBe(true);
    expect(gathering.reading).toMatchObject({listed: true, unusable: ['x']});
  });
});

describe('a campaign that stands twice on a page', () => {
  const sighting = (id: string, status: string, updatedAt: number): Sighting => ({
    askedAt: 0,
    campaign: live(status, {campaignId: id, updatedAt}),
  });

  it.each([
    ['in another status', 'paused', 1],
    ['of another version', 'active', 2],
  ])('%s is not known by it, and that is told', (_what, status, updatedAt) => {
    const {gathering, seen} = gatheringOf('a', 'b');
    gathering.take([
      sighting('a', 'active', 1),
      sighting('b', 'active', 1),
      sighting('a', status, updatedAt),
    ]);
    expect([seen, [...gathering.lacking], gathering.reading.unusable]).toEqual([
      ['b'],
      ['a'],
      ['campaign a stands twice on one page, in different states'],
    ]);
  });

  it('alike is known', () => {
    const {gathering, seen} = gatheringOf('a');
    gathering.take([sighting('a', 'active', 1), sighting('a', 'active', 1)]);
    expect([seen, gathering.lacking.size, gathering.saw('a'), gathering.reading.unusable]).toEqual([
      ['a', 'a'],
      0,
      true,
      [],
    ]);
  });
});

describe('requests without an answer', () => {
  it('are an outage when three follow on each other and nothing else was answered', () => {
    const {gathering} = gatheringOf();
    expect([gathering.isOutage(), gathering.isOutage(), gathering.isOutage()]).toEqual([false, false, true]);
    const {gathering: other} = gatheringOf();
    other.isOutage();
    other.isOutage();
    other.answered();
    expect([other.isOutage(), other.isOutage(), other.isOutage()]).toEqual([false, false, true]);
  });

  it('are none where something was shown, and make tired after ten', () => {
    const {gathering} = gatheringOf();
    gathering.take([]);
    for (let n = 0; n < 9; n++) expect(gathering.isOutage()).toBe(false);
    expect(gathering.isTired).toBe(false);
    expect([gathering.isOutage(), gathering.isTired]).toEqual([false, true]);
    gathering.answered();
    expect(gathering.isTired).toBe(false);
  });
});

it('a reading that has gathered nothing says nothing', () => {
  expect(gatheringOf().gathering.reading).toStrictEqual({
    listed: false,
    missing: new Map(),
    unreadable: new Map(),
    unanswered: new Map(),
    postponed: [],
    unusable: [],
  });
});
