import {describe, expect, it} from 'vitest';
import type {Reply} from '../../src/controller/ports.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import {isTerminal, type Status} from '../../src/domain/transitions.ts';
import {LiveReader, type Reads} from '../../src/platform/live.ts';
import type {Page} from '../../src/platform/wire.ts';
import {live} from '../support/fixtures.ts';

/** A platform of so many campaigns, that counts what is asked of it. */
class Campaigns implements Reads {
  readonly all: Map<string, LiveCampaign>;
  lists = 0;
  gets = 0;
  hidden = new Set<string>();
  longestPage = 100;

  constructor(counts: Partial<Record<Status, number>>) {
    const campaigns = Object.entries(counts).flatMap(([status, count]) =>
      Array.from({length: count}, (_, i) => live(status, {campaignId: `${status}-${i}`})),
    );
    this.all = new Map(campaigns.map(campaign => [campaign.campaignId, campaign]));
  }

  now = () => 0;
  readonly atOnce = 2;

  async list({
    limit,
    offset,
    status,
  }: {
    status?: Status;
    offset: number;
    limit: number;
  }): Promise<Reply<Page>> {
    this.lists += 1;
    const matching = [...this.all.values()].filter(
      ({campaignId, status: is}) =>
        !this.hidden.has(campaignId) && (!status || ('known' in is && is.known === status)),
    );
    const campaigns = matching.slice(offset, offset + Math.min(limit, this.longestPage));
    return {ok: true, value: {campaigns, unusable: [], size: campaigns.length, total: matching.length}};
  }

  async get(campaignId: string): Promise<Reply<LiveCampaign>> {
    this.gets += 1;
    const value = this.all.get(campaignId);
    return value ? {ok: true, value} : {ok: false, failure: {kind: 'missing', message: '404'}};
  }

  async polled(reader: LiveReader, declared: ReadonlySet<string>) {
    this.lists = 0;
    this.gets = 0;
    const reading = await reader.poll(declared, this);
    return {reading, requests: this.lists + this.gets};
  }
}

const running = ({all}: Campaigns): number =>
  [...all.values()].filter(({status}) => 'known' in status && !isTerminal(status.known)).length;

describe('reading live statuses', () => {
  it.each([
    {active: 1},
    {active: 95},
    {active: 1000},
    {active: 500, paused: 500, scheduled: 120},
    {active: 300, ended: 40},
    {active: 300, ended: 5000, cancelled: 800},
  ])('of %o takes at most two requests more than the pages of what still runs', async counts => {
    const campaigns = new Campaigns(counts);
    const reader = new LiveReader();
    const declared = new Set(campaigns.all.keys());
    await campaigns.polled(reader, declared);
    for (let poll = 0; poll < 3; poll++) {
      const {reading, requests} = await campaigns.polled(reader, declared);
      expect(requests).toBeLessThanOrEqual(Math.max(1, Math.ceil(running(campaigns) / 100)) + 2);
      expect(new Set(reading.seen.map(({campaign}) => campaign.campaignId))).toEqual(declared);
      expect(reading.missing).toEqual([]);
    }
  });

  it('asks for single campaigns where that takes fewer requests', async () => {
    const campaigns = new Campaigns({active: 900});
    const reader = new LiveReader();
    const declared = new Set(['active-1', 'active-2']);
    await campaigns.polled(reader, declared);
    const {requests} = await campaigns.polled(reader, declared);
    expect(requests).toBe(2);
  });

  it('reads the lists now and then all the same, for what nobody declares', async () => {
    const campaigns = new Campaigns({active: 900});
    const reader = new LiveReader();
    let lists = 0;
    for (let poll = 0; poll < 30; poll++) {
      await campaigns.polled(reader, new Set(['active-1']));
      if (campaigns.lists > 0) lists += 1;
    }
    expect(lists).toBeGreaterThanOrEqual(3);
    expect(lists).toBeLessThanOrEqual(5);
  });

  it('reads all of a list whose pages come shorter than asked for', async () => {
    const campaigns = new Campaigns({active: 230});
    campaigns.longestPage = 50;
    const {reading} = await campaigns.polled(new LiveReader(), new Set(campaigns.all.keys()));
    expect([reading.seen.length, campaigns.gets]).toEqual([230, 0]);
  });

  it('never asks again for a campaign that is over', async () => {
    const campaigns = new Campaigns({ended: 3, active: 1});
    const reader = new LiveReader();
    const declared = new Set(['ended-1', 'active-0']);
    await campaigns.polled(reader, declared);
    campaigns.all.delete('ended-1');
    const {reading} = await campaigns.polled(reader, declared);
    expect(reading.seen.map(({campaign}) => campaign.campaignId)).toContain('ended-1');
    expect(campaigns.gets).toBe(0);
  });

  it('asks for what a shrunken list lacks, a hundred at a time, until all had their turn', async () => {
    const campaigns = new Campaigns({active: 350});
    const reader = new LiveReader();
    const declared = new Set(campaigns.all.keys());
    await campaigns.polled(reader, declared);
    campaigns.hidden = new Set(declared);
    const seen = new Set<string>();
    for (let poll = 0; poll < 4; poll++) {
      const {reading} = await campaigns.polled(reader, declared);
      expect(reading.missing).toEqual([]);
      expect(campaigns.gets).toBeLessThanOrEqual(100);
      for (const {campaign} of reading.seen) seen.add(campaign.campaignId);
    }
    expect(seen.size).toBe(350);
  });

  it('calls a campaign missing only when asked for by its id', async () => {
    const campaigns = new Campaigns({active: 3});
    const {reading} = await campaigns.polled(new LiveReader(), new Set(['active-0', 'nowhere']));
    expect(reading.missing).toEqual(['nowhere']);
  });
});

describe('a list that has no end', () => {
  const reads = (page: (offset: number) => Page): Reads & {pages: number} => ({
    pages: 0,
    atOnce: 1,
    now: () => 0,
    async list({offset}) {
      this.pages += 1;
      return {ok: true, value: page(offset)};
    },
    get: async () => ({ok: false, failure: {kind: 'missing', message: '404'}}),
  });
  const pageOf = (ids: readonly string[], more: Partial<Page> = {}): Page => ({
    campaigns: ids.map(campaignId => live('active', {campaignId})),
    unusable: [],
    size: ids.length,
    total: 1_000_000,
    ...more,
  });
  const hundred = (from: number): string[] => Array.from({length: 100}, (_, i) => `c${from + i}`);

  it.each<[string, (offset: number) => Page, string]>([
    ['repeats one campaign', () => pageOf(['c']), 'repeats itself: the page from 1 on brings nothing new'],
    ['repeats its first page', () => pageOf(hundred(0)), 'repeats itself'],
    ['does not advance', () => pageOf(hundred(0), {offset: 0}), 'does not advance: asked from 100 on'],
    [
      'grows as fast as it is read',
      offset => pageOf(hundred(offset), {total: offset + 200}),
      'grows while it is read: first it held 200',
    ],
    [
      'holds nothing that can be used',
      () => pageOf([], {size: 100, unusable: ['x']}),
      'holds nothing that can be used',
    ],
    [
      'is said to have more campaigns than anybody has',
      offset => pageOf(hundred(offset), {total: 1_000_000_000}),
      'is said to have 1000000000 campaigns',
    ],
  ])('is read no further where it %s, and the reason is told', async (_name, page, message) => {
    const source = reads(page);
    const reading = await new LiveReader().poll(new Set(), source);
    expect(reading.failure?.message).toContain(message);
    expect(reading.listed).toBe(false);
    expect(source.pages).toBeLessThan(30);
  });
  it('does not keep what is declared from being read: that is asked for by its id', async () => {
    const source = {
      ...reads(offset => pageOf(hundred(offset), {total: 1_000_000_000})),
      get: async (campaignId: string) => ({ok: true, value: live('active', {campaignId})}) as const,
    };
    const reading = await new LiveReader().poll(new Set(['declared-1', 'declared-2']), source);
    expect(reading.failure).toBeUndefined();
    expect(reading.seen.map(({campaign}) => campaign.campaignId)).toContain('declared-2');
    expect(reading.unusable.join()).toContain('is said to have 1000000000 campaigns');
  });
});
