/** When the last changes tell what is new, how far they are read, and when only everything can tell. */
import {describe, expect, it} from 'vitest';
import type {Failure} from '../../src/controller/ports.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import {Gathering} from '../../src/platform/gathering.ts';
import {Glance} from '../../src/platform/glance.ts';
import type {Page} from '../../src/platform/wire.ts';
import {live} from '../support/fixtures.ts';

/** A platform that lists by the last change, and a glance at it that has read everything. */
class Trial {
  readonly glance = new Glance();
  all: LiveCampaign[];
  readonly asked: number[] = [];
  answer: (page: Page, offset: number) => Page | Failure['kind'] = page => page;
  readonly #known = new Map<string, number>();

  /** @param count how many campaigns, each of which changed a second after the one before */
  constructor(count: number) {
    this.all = Array.from({length: count}, (_, at) =>
      live('active', {campaignId: `c${at}`, createdAt: 0, updatedAt: at * 1_000}),
    );
  }

  /** Changes a campaign at a time. */
  change(id: string, updatedAt: number): void {
    this.all = this.all.map(one => (one.campaignId === id ? {...one, updatedAt} : one));
  }

  create(id: string, at: number): void {
    this.all.push(live('active', {campaignId: id, createdAt: at, updatedAt: at}));
  }

  remove(id: string): void {
    this.all = this.all.filter(({campaignId}) => campaignId !== id);
  }

  readonly #lists = {
    list: async ({limit, newestFirst, offset}: {limit: number; newestFirst?: true; offset: number}) => {
      if (!newestFirst) throw new Error('not asked for by the last change');
      this.asked.push(offset);
      const sorted = this.all.toSorted((a, b) => b.updatedAt - a.updatedAt);
      const campaigns = sorted.slice(offset, offset + limit);
      const page = {campaigns, unusable: [], size: campaigns.length, total: this.all.length};
      const answer = this.answer(page, offset);
      return typeof answer === 'string'
        ? {askedAt: 0, reply: {ok: false, failure: {kind: answer, message: answer}} as const}
        : {askedAt: 0, reply: {ok: true, value: answer} as const};
    },
  };

  #gathering(): Gathering {
    return new Gathering({
      open: new Set(),
      unknown: new Set(),
      urgent: new Set(),
      take: seen => {
        const news = seen.filter(({campaign}) => this.#known.get(campaign.campaignId) !== campaign.updatedAt);
        for (const {campaign} of news) this.#known.set(campaign.campaignId, campaign.updatedAt);
        return news.length;
      },
    });
  }

  /** Reads everything, and takes that for what is known. */
  async readAll(): Promise<{failure: Failure | undefined; begun: boolean}> {
    this.asked.length = 0;
    const gathering = this.#gathering();
    const begun = await this.glance.begin(gathering, this.#lists);
    for (const {campaignId, updatedAt} of this.all) this.#known.set(campaignId, updatedAt);
    if (begun) this.glance.based(begun.basis);
    return {failure: gathering.failure, begun: begun !== undefined};
  }

  /** Reads the last changes: how that ended, from where on pages were asked for, and what is not known. */
  async read() {
    this.asked.length = 0;
    const gathering = this.#gathering();
    const told = await this.glance.read(gathering, this.#lists);
    const unknown = this.all.filter(one => this.#known.get(one.campaignId) !== one.updatedAt);
    return {told, asked: [...this.asked], failure: gathering.failure?.kind, unknown: unknown.length};
  }
}

const ready = async (count: number): Promise<Trial> => {
  const trial = new Trial(count);
  expect(await trial.readAll()).toEqual({failure: undefined, begun: true});
  return trial;
};

const QUIET = {told: 'told', asked: [0], failure: undefined, unknown: 0};

describe('a glance at the last changes', () => {
  it('cannot tell anything before everything was read', async () => {
    const trial = new Trial(5);
    expect(trial.glance.needsBasis).toBe(true);
    expect(await trial.read()).toMatchObject({told: 'cannot-tell', asked: []});
    await trial.readAll();
    expect(trial.glance.needsBasis).toBe(false);
    expect(await trial.read()).toEqual(QUIET);
  });

  it.each([0, 1, 99, 100, 101, 250])(
    'takes one page where nothing has changed, of %i campaigns',
    async count => {
      const trial = await ready(count);
      for (const _ of 'abc') expect(await trial.read()).toEqual(QUIET);
    },
  );

  it.each([
    [1, [0, 100]],
    [100, [0, 100]],
    [150, [0, 100, 200]],
    [199, [0, 100, 200]],
    [200, [0, 100, 200]],
  ])('reads on to the first page without news: %i changes', async (changes, pages) => {
    const trial = await ready(450);
    for (let at = 0; at < changes; at++) trial.change(`c${at}`, 1_000_000 + at);
    expect(await trial.read()).toEqual({...QUIET, asked: pages});
    expect(await trial.read()).toEqual(QUIET);
  });

  it('reads down to what was on the first page before, though a page brings nothing new', async () => {
    const trial = await ready(450);
    trial.answer = (page, offset) =>
      offset === 0 ? {...page, campaigns: page.campaigns.map(one => ({...one, updatedAt: 449_000}))} : page;
    expect(await trial.read()).toMatchObject({asked: [0, 100]});
  });

  it('goes on where it failed: what changed since is not lost', async () => {
    const trial = await ready(450);
    for (let at = 0; at < 150; at++) trial.change(`c${at}`, 1_000_000 + at);
    trial.answer = (page, offset) => (offset === 100 ? 'unavailable' : page);
    expect(await trial.read()).toMatchObject({told: 'told', failure: 'unavailable', unknown: 50});
    trial.answer = page => page;
    expect(await trial.read()).toEqual({...QUIET, asked: [0, 100, 200]});
  });

  it('finds that a campaign was deleted by the number of all, and cannot tell which', async () => {
    const trial = await ready(250);
    trial.remove('c7');
    expect((await trial.read()).told).toBe('cannot-tell');
    expect(trial.glance.needsBasis).toBe(true);
    await trial.readAll();
    expect(await trial.read()).toEqual(QUIET);
  });

  it('is not led astray where one is deleted and another created', async () => {
    const trial = await ready(250);
    trial.remove('c7');
    trial.create('new', 1_000_000);
    expect((await trial.read()).told).toBe('cannot-tell');
  });

  it('takes what was created for new', async () => {
    const trial = await ready(250);
    trial.create('new', 1_000_000);
    expect(await trial.read()).toEqual({...QUIET, asked: [0, 100]});
    expect(await trial.read()).toEqual(QUIET);
  });

  it('does not take an old campaign that changes for a new one', async () => {
    const trial = await ready(250);
    trial.change('c3', 1_000_000);
    trial.remove('c9');
    expect((await trial.read()).told).toBe('cannot-tell');
  });

  it('is not trusted where the last known change is not shown', async () => {
    const trial = await ready(250);
    trial.answer = page => ({...page, campaigns: page.campaigns.slice(1)});
    expect((await trial.read()).told).toBe('cannot-tell');
    expect(trial.glance.isOrdered).toBe(true);
  });

  it.each<[string, (page: Page, offset: number) => Page]>([
    ['on a page', page => ({...page, campaigns: page.campaigns.toReversed()})],
    [
      'from one page to the next',
      (page, offset) =>
        offset === 0 ? page : {...page, campaigns: page.campaigns.map(one => ({...one, updatedAt: 9 ** 9}))},
    ],
  ])('is given up where the order does not hold %s', async (_what, answer) => {
    const trial = await ready(450);
    for (let at = 0; at < 150; at++) trial.change(`c${at}`, 1_000_000 + at);
    trial.answer = answer;
    expect((await trial.read()).told).toBe('cannot-tell');
    expect([trial.glance.isOrdered, trial.glance.needsBasis]).toEqual([false, false]);
    expect((await trial.readAll()).begun).toBe(false);
    expect(trial.asked).toEqual([]);
    trial.glance.tryAgain();
    expect(trial.glance.needsBasis).toBe(true);
  });

  it('cannot tell where the list has no end', async () => {
    const trial = await ready(450);
    for (let at = 0; at < 150; at++) trial.change(`c${at}`, 1_000_000 + at);
    trial.answer = page => ({...page, offset: 0});
    expect((await trial.read()).told).toBe('cannot-tell');
  });

  it.each([100, 99])(
    'ends where the list does: at an empty page, or after as many as there are (%i)',
    async count => {
      const trial = await ready(count);
      for (let at = 0; at < count; at++) trial.change(`c${at}`, 1_000_000 + at);
      expect(await trial.read()).toEqual(QUIET);
      trial.answer = (page, offset) => (offset === 0 ? {...page, total: 500} : {...page, total: 500});
      for (let at = 0; at < count; at++) trial.change(`c${at}`, 2_000_000 + at);
      expect((await trial.read()).asked).toEqual([0, count]);
    },
  );
});

describe('before everything is read', () => {
  it.each<[string, (page: Page) => Page]>([
    ['the order does not hold', page => ({...page, campaigns: page.campaigns.toReversed()})],
    ['the page begins elsewhere', page => ({...page, offset: 9})],
  ])('the last changes are given up where %s', async (_what, answer) => {
    const trial = new Trial(50);
    trial.answer = answer;
    expect(await trial.readAll()).toEqual({failure: undefined, begun: false});
    expect(trial.glance.isOrdered).toBe(false);
  });

  it('they are given up at once where the platform refuses to list by them', async () => {
    const trial = new Trial(50);
    trial.answer = () => 'rejected';
    expect(await trial.readAll()).toEqual({failure: undefined, begun: false});
    expect([trial.glance.isOrdered, trial.glance.needsBasis]).toEqual([false, false]);
  });

  it.each<Failure['kind']>(['unavailable', 'malformed'])(
    'they are asked for twice where they are %s, and from then on what else there is, too',
    async kind => {
      const trial = new Trial(50);
      trial.answer = () => kind;
      expect((await trial.readAll()).failure?.kind).toBe(kind);
      for (const _ of 'ab') expect(await trial.readAll()).toEqual({failure: undefined, begun: false});
      trial.answer = page => page;
      expect(await trial.readAll()).toEqual({failure: undefined, begun: true});
      trial.answer = () => kind;
      expect((await trial.readAll()).failure?.kind).toBe(kind);
    },
  );

  it.each<Failure['kind']>(['throttled', 'unauthorised', 'dropped'])(
    'nothing is known of whether it can list by them where they are %s',
    async kind => {
      const trial = new Trial(50);
      trial.answer = () => kind;
      for (const _ of 'abc') expect((await trial.readAll()).failure?.kind).toBe(kind);
      expect(trial.glance.isOrdered).toBe(true);
    },
  );

  it('a glance that failed twice leaves it to everything', async () => {
    const trial = await ready(50);
    trial.answer = () => 'unavailable';
    expect((await trial.read()).failure).toBe('unavailable');
    expect((await trial.read()).failure).toBe('unavailable');
    expect(await trial.read()).toMatchObject({told: 'cannot-tell', asked: []});
  });

  it('a glance that is refused leaves it to everything at once', async () => {
    const trial = await ready(50);
    trial.answer = () => 'rejected';
    expect(await trial.read()).toMatchObject({told: 'cannot-tell', failure: undefined});
    expect(trial.glance.isOrdered).toBe(false);
  });

  it('they are done without where all could be read but they', async () => {
    const trial = await ready(50);
    trial.glance.doWithout();
    expect([trial.glance.isOrdered, trial.glance.needsBasis]).toEqual([false, false]);
    trial.glance.tryAgain();
    expect(trial.glance.needsBasis).toBe(true);
  });
});
