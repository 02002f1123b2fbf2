import {describe, expect, it} from 'vitest';
import {LiveView} from '../../src/controller/live-view.ts';
import type {Failure, LiveKnowledge, Reply} from '../../src/controller/ports.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import {isTerminal, type Status} from '../../src/domain/transitions.ts';
import type {ListQuery, Reads, Timed} from '../../src/platform/lists.ts';
import {LiveReader} from '../../src/platform/live.ts';
import type {Page} from '../../src/platform/wire.ts';
import {live} from '../support/fixtures.ts';

const UNANSWERED = {ok: false, failure: {kind: 'unavailable', message: '500'}} as const;
const MISSING = {ok: false, failure: {kind: 'missing', message: '404'}} as const;

/** A platform of so many campaigns, that counts what is asked of it. */
class Campaigns implements Reads {
  readonly all: Map<string, LiveCampaign>;
  lists = 0;
  gets = 0;
  hidden = new Set<string>();
  /** Those whose own request brings no answer. */
  mute = new Set<string>();
  readonly asked: string[] = [];
  /** Those whose own request fails otherwise. */
  readonly failing = new Map<string, Failure>();
  longestPage = 100;
  /** How many lists a poll is answered, and then none. */
  answers = Number.POSITIVE_INFINITY;

  constructor(counts: Partial<Record<Status, number>>) {
    const campaigns = Object.entries(counts).flatMap(([status, count]) =>
      Array.from({length: count}, (_, i) => live(status, {campaignId: `${status}-${i}`})),
    );
    this.all = new Map(campaigns.map(campaign => [campaign.campaignId, campaign]));
  }

  readonly atOnce = 2;

  /** Whether it lists by the last change where it is asked to. */
  sorts = true;
  /** Whether it has an answer where it is asked to. */
  answersSorted = true;
  /** Whether resumes wait for what is not known. */
  isAwaited = false;
  readonly #view = new LiveView();

  async list(query: ListQuery): Promise<Timed<Page>> {
    return {reply: this.#page(query), askedAt: 0};
  }

  #page({limit, newestFirst, offset, status}: ListQuery): Reply<Page> {
    this.lists += 1;
    if (this.lists > this.answers || (newestFirst && !this.answersSorted))
      return {ok: false, failure: {kind: 'unavailable', message: '503'}};
    const matching = [...this.all.values()].filter(
      ({campaignId, status: is}) =>
        !this.hidden.has(campaignId) && (!status || ('known' in is && is.known === status)),
    );
    if (newestFirst && this.sorts) matching.sort((a, b) => b.updatedAt - a.updatedAt);
    const campaigns = matching.slice(offset, offset + Math.min(limit, this.longestPage));
    return {ok: true, value: {campaigns, unusable: [], size: campaigns.length, total: matching.length}};
  }

  async get(campaignId: string): Promise<Timed<LiveCampaign>> {
    this.gets += 1;
    this.asked.push(campaignId);
    const failure = this.failing.get(campaignId);
    if (failure) return {reply: {ok: false, failure}, askedAt: 7};
    if (this.mute.has(campaignId)) return {reply: UNANSWERED, askedAt: 0};
    const value = this.all.get(campaignId);
    const reply: Reply<LiveCampaign> = value ? {ok: true, value} : MISSING;
    return {reply, askedAt: 0};
  }

  async polled(reader: LiveReader, declared: ReadonlySet<string>, urgent: ReadonlySet<string> = new Set()) {
    this.lists = 0;
    this.gets = 0;
    const seen = new Set<string>();
    const knowledge = this.#view.knowledge(declared);
    const take: LiveKnowledge['take'] = sightings => {
      for (const {campaign} of sightings) seen.add(campaign.campaignId);
      return knowledge.take(sightings);
    };
    const reading = await reader.poll({...knowledge, urgent, isAwaited: this.isAwaited, take}, this);
    this.#view.merge(reading);
    return {reading, seen, known: this.#view, requests: this.lists + this.gets};
  }
}

const running = ({all}: Campaigns): number =>
  [...all.values()].filter(({status}) => 'known' in status && !isTerminal(status.known)).length;

const DECLARED_ALL = ({all}: Campaigns): Set<string> => new Set(all.keys());

describe('a platform that never answers where the last changes are asked for', () => {
  it('is read all the same from the second time on, and with one list again once it answers', async () => {
    const platform = new Campaigns({active: 250});
    const [reader, declared] = [new LiveReader(), new Set(platform.all.keys())];
    platform.answersSorted = false;
    expect((await platform.polled(reader, declared)).reading.failure).toMatchObject({kind: 'unavailable'});
    const {reading, seen} = await platform.polled(reader, declared);
    expect([reading.failure, seen.size]).toEqual([undefined, 250]);
    expect((await platform.polled(reader, declared)).reading.failure).toBeUndefined();
    platform.answersSorted = true;
    await reader.whole(new LiveView().knowledge(declared), platform);
    const again = await platform.polled(reader, declared);
    expect([again.requests, again.reading.failure]).toEqual([1, undefined]);
  });

  it('is read, too, where it stops to answer later on', async () => {
    const platform = new Campaigns({active: 50});
    const [reader, declared] = [new LiveReader(), new Set(platform.all.keys())];
    await platform.polled(reader, declared);
    platform.answersSorted = false;
    const failures = [];
    for (let n = 0; n < 4; n++)
      failures.push((await platform.polled(reader, declared)).reading.failure?.kind);
    expect(failures).toEqual(['unavailable', 'unavailable', undefined, undefined]);
  });
});

describe('reading live statuses', () => {
  const mixes: Partial<Record<Status, number>>[] = [
    {active: 1},
    {active: 95},
    {active: 1000},
    {active: 500, paused: 500, scheduled: 120},
    {active: 300, ended: 40},
    {active: 300, ended: 5000, cancelled: 800},
    {paused: 5, ended: 95},
    {active: 100, ended: 1900},
  ];

  it.each(mixes)('of %o takes one request where nothing has changed, by the last change', async counts => {
    const campaigns = new Campaigns(counts);
    const reader = new LiveReader();
    const declared = DECLARED_ALL(campaigns);
    const first = await campaigns.polled(reader, declared);
    expect(first.seen).toEqual(declared);
    for (let poll = 0; poll < 3; poll++) {
      const {reading, requests} = await campaigns.polled(reader, declared);
      expect([requests, reading.failure, reading.missing.size, reading.postponed]).toEqual([
        1,
        undefined,
        0,
        [],
      ]);
    }
  });

  it.each(mixes)(
    'of %o takes at most two requests more than the pages of what still runs, where the order cannot be had',
    async counts => {
      const campaigns = new Campaigns(counts);
      campaigns.sorts = false;
      let time = 0;
      for (const [id, campaign] of campaigns.all) {
        time = (time + 7919) % 10_007;
        campaigns.all.set(id, {...campaign, updatedAt: time});
      }
      const reader = new LiveReader();
      const declared = DECLARED_ALL(campaigns);
      await campaigns.polled(reader, declared);
      await campaigns.polled(reader, declared);
      for (let poll = 0; poll < 3; poll++) {
        const {reading, requests} = await campaigns.polled(reader, declared);
        expect(requests).toBeLessThanOrEqual(Math.max(1, Math.ceil(running(campaigns) / 100)) + 2);
        expect(reading.missing.size).toBe(0);
      }
    },
  );

  it('finds every change that moves the time of its change, however many there are', async () => {
    const campaigns = new Campaigns({active: 950});
    const reader = new LiveReader();
    const declared = DECLARED_ALL(campaigns);
    await campaigns.polled(reader, declared);
    for (const number of [1, 99, 100, 101, 730]) {
      const changed = [...campaigns.all.values()].slice(3, 3 + number);
      for (const [index, one] of changed.entries())
        campaigns.all.set(one.campaignId, {
          ...one,
          status: {known: 'paused'},
          updatedAt: one.updatedAt + 1_000 * number + index,
        });
      const {known, requests} = await campaigns.polled(reader, declared);
      for (const {campaignId} of changed) expect(known.statusOf(campaignId)).toBe('paused');
      expect(requests).toBeLessThanOrEqual(Math.ceil(number / 100) + 1);
      for (const one of changed)
        campaigns.all.set(one.campaignId, {...one, updatedAt: one.updatedAt + 10 ** 7});
      await campaigns.polled(reader, declared);
    }
  });

  it('takes in what a page tells whose order is not to be trusted, also where nothing more can be read', async () => {
    const campaigns = new Campaigns({active: 250});
    const reader = new LiveReader();
    const declared = DECLARED_ALL(campaigns);
    await campaigns.polled(reader, declared);
    await campaigns.polled(reader, declared);
    campaigns.all.set('active-7', live('paused', {campaignId: 'active-7', updatedAt: 5}));
    campaigns.sorts = false;
    campaigns.answers = 1;
    const {known, reading} = await campaigns.polled(reader, declared);
    expect(reading.failure?.message).toBe('503');
    expect(known.statusOf('active-7')).toBe('paused');
  });

  it('reads everything where a campaign was deleted, once', async () => {
    const campaigns = new Campaigns({active: 250});
    const reader = new LiveReader();
    const declared = new Set(['active-1']);
    await campaigns.polled(reader, declared);
    await campaigns.polled(reader, declared);
    campaigns.all.delete('active-9');
    expect((await campaigns.polled(reader, declared)).reading.listed).toBe(true);
    expect((await campaigns.polled(reader, declared)).requests).toBe(1);
  });

  it('asks at once for what is newly declared, and by the lists where that is shorter', async () => {
    const campaigns = new Campaigns({active: 900, ended: 20});
    const reader = new LiveReader();
    await campaigns.polled(reader, new Set());
    const few = await campaigns.polled(reader, new Set(['ended-1', 'ended-2']));
    expect([campaigns.gets, few.seen.has('ended-1')]).toEqual([2, true]);
    const many = await campaigns.polled(reader, DECLARED_ALL(campaigns));
    expect(many.requests).toBeLessThan(40);
    expect(many.reading.postponed).toEqual([]);
    expect(many.known.untold(DECLARED_ALL(campaigns))).toBe(0);
  });

  it('asks for single campaigns where that takes fewer requests', async () => {
    const campaigns = new Campaigns({active: 900});
    campaigns.sorts = false;
    const reader = new LiveReader();
    const declared = new Set(['active-1', 'active-2']);
    let time = 0;
    for (const [id, campaign] of campaigns.all) {
      time += 1;
      campaigns.all.set(id, {...campaign, updatedAt: time});
    }
    await campaigns.polled(reader, declared);
    await campaigns.polled(reader, declared);
    const {requests} = await campaigns.polled(reader, declared);
    expect(requests).toBe(2);
  });

  it('reads all of a list whose pages come shorter than asked for', async () => {
    const campaigns = new Campaigns({active: 230});
    campaigns.longestPage = 50;
    const {seen} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
    expect([seen.size, campaigns.gets]).toEqual([230, 0]);
  });

  it('never asks again for a campaign that is over', async () => {
    const campaigns = new Campaigns({ended: 3, active: 1});
    const reader = new LiveReader();
    const declared = new Set(['ended-1', 'active-0']);
    await campaigns.polled(reader, declared);
    campaigns.all.delete('ended-1');
    const {known} = await campaigns.polled(reader, declared);
    expect(known.statusOf('ended-1')).toBe('ended');
    expect(campaigns.gets).toBe(0);
  });

  it('asks for what a shrunken list lacks, a hundred at a time, until all had their turn', async () => {
    const campaigns = new Campaigns({active: 350});
    const reader = new LiveReader();
    const declared = DECLARED_ALL(campaigns);
    campaigns.hidden = new Set(declared);
    const all = new Set<string>();
    for (let poll = 0; poll < 4; poll++) {
      const {reading, seen} = await campaigns.polled(reader, declared);
      expect(reading.missing.size).toBe(0);
      expect(campaigns.gets).toBeLessThanOrEqual(100);
      for (const id of seen) all.add(id);
    }
    expect(all.size).toBe(350);
  });

  it('asks in each reading for what may be dialling against Git, though the lists lack hundreds of others', async () => {
    const campaigns = new Campaigns({active: 500});
    const [reader, declared] = [new LiveReader(), DECLARED_ALL(campaigns)];
    campaigns.hidden = new Set(declared);
    const urgent = new Set(['active-250', 'active-499']);
    for (let poll = 0; poll < 3; poll++) {
      const {seen} = await campaigns.polled(reader, declared, urgent);
      expect(urgent.isSubsetOf(seen)).toBe(true);
    }
  });

  it('asks for the others, too, where what may be dialling brings no answer', async () => {
    const campaigns = new Campaigns({active: 500});
    const [reader, declared] = [new LiveReader(), DECLARED_ALL(campaigns)];
    campaigns.hidden = new Set(declared);
    campaigns.mute = new Set([...declared].slice(0, 300));
    const all = new Set<string>();
    for (let poll = 0; poll < 5; poll++) {
      const {seen} = await campaigns.polled(reader, declared, campaigns.mute);
      for (const id of seen) all.add(id);
    }
    expect(all).toEqual(declared.difference(campaigns.mute));
    expect(new Set(campaigns.asked.filter(id => campaigns.mute.has(id))).size).toBeGreaterThan(200);
  });

  it.each<[string, Failure, Partial<Record<'unreadable' | 'missing' | 'unanswered', unknown>>]>([
    ['refuses it', {kind: 'rejected', message: '403'}, {unreadable: {problem: '403', askedAt: 7}}],
    [
      'answers another one',
      {kind: 'malformed', message: 'other'},
      {unreadable: {problem: 'other', askedAt: 7}},
    ],
    ['does not know it', {kind: 'missing', message: '404'}, {missing: 7}],
    ['fails', {kind: 'unavailable', message: '500'}, {unanswered: '500'}],
    ['is not who answers', {kind: 'malformed', noAnswer: true, message: 'a page'}, {unanswered: 'a page'}],
  ])(
    'keeps the others from nothing where the platform, asked for one, %s',
    async (_what, failure, expected) => {
      const campaigns = new Campaigns({active: 5});
      campaigns.hidden = new Set(['active-1', 'active-2', 'active-3']);
      campaigns.failing.set('active-1', failure);
      const {reading, seen} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
      const {missing, unanswered, unreadable} = reading;
      const told = {
        ...(unreadable.size > 0 && {unreadable: unreadable.get('active-1')}),
        ...(missing.size > 0 && {missing: missing.get('active-1')}),
        ...(unanswered.size > 0 && {unanswered: unanswered.get('active-1')}),
      };
      expect([told, reading.failure, reading.listed, seen.size]).toEqual([expected, undefined, true, 4]);
    },
  );

  it.each<Failure['kind']>(['throttled', 'unauthorised', 'dropped'])(
    'ends where the platform, asked for one, answers that it is %s',
    async kind => {
      const campaigns = new Campaigns({active: 50});
      campaigns.hidden = DECLARED_ALL(campaigns);
      for (const id of campaigns.all.keys()) campaigns.failing.set(id, {kind, message: kind});
      const {reading, seen} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
      expect([reading.failure?.kind, reading.listed, reading.postponed, seen.size]).toEqual([
        kind,
        false,
        [],
        0,
      ]);
      expect(campaigns.gets).toBeLessThanOrEqual(campaigns.atOnce);
    },
  );

  it('asks for ten in a row in vain, and puts the others off, where lists are answered', async () => {
    const campaigns = new Campaigns({active: 60});
    campaigns.hidden = new Set([...campaigns.all.keys()].slice(0, 50));
    campaigns.mute = campaigns.hidden;
    const {reading} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
    expect(campaigns.gets).toBeLessThanOrEqual(10 + campaigns.atOnce);
    expect(reading.unanswered.size + reading.postponed.length).toBe(50);
    expect(reading.failure).toBeUndefined();
  });

  it('does not count ten in vain that others with an answer lie between', async () => {
    const campaigns = new Campaigns({active: 60});
    campaigns.hidden = DECLARED_ALL(campaigns);
    campaigns.mute = new Set([...campaigns.all.keys()].filter((_, at) => at % 2 === 0));
    for (const id of ['active-1', 'active-21', 'active-41'])
      campaigns.failing.set(id, {kind: 'rejected', message: '403'});
    const {reading} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
    expect([campaigns.gets, reading.postponed, reading.unanswered.size, reading.unreadable.size]).toEqual([
      60,
      [],
      30,
      3,
    ]);
  });

  it('tells what it put off: what lists lack beyond a hundred', async () => {
    const campaigns = new Campaigns({active: 130});
    campaigns.hidden = DECLARED_ALL(campaigns);
    const {reading, seen} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
    expect([seen.size, reading.postponed.length]).toEqual([100, 30]);
    expect(seen.isDisjointFrom(new Set(reading.postponed))).toBe(true);
  });

  it('asks again for five of those that could not be read, the longest unasked first, and tells the others', async () => {
    const campaigns = new Campaigns({active: 40});
    const [reader, declared] = [new LiveReader(), DECLARED_ALL(campaigns)];
    campaigns.hidden = new Set([...campaigns.all.keys()].slice(0, 20));
    for (const id of campaigns.hidden) campaigns.failing.set(id, {kind: 'rejected', message: '403'});
    await campaigns.polled(reader, declared);
    const again = [];
    const putOff = [];
    for (let poll = 0; poll < 4; poll++) {
      campaigns.asked.length = 0;
      const {reading} = await campaigns.polled(reader, declared);
      again.push(campaigns.asked.length);
      putOff.push(reading.postponed.length);
      for (const id of campaigns.asked) campaigns.failing.delete(id);
    }
    expect(again).toEqual([5, 5, 5, 5]);
    expect(putOff).toEqual([15, 15, 15, 15]);
    expect(campaigns.failing.size).toBe(0);
  });

  it('asks again for all that could not be read where resumes wait for them', async () => {
    const campaigns = new Campaigns({active: 40});
    const [reader, declared] = [new LiveReader(), DECLARED_ALL(campaigns)];
    campaigns.hidden = new Set([...campaigns.all.keys()].slice(0, 20));
    for (const id of campaigns.hidden) campaigns.failing.set(id, {kind: 'rejected', message: '403'});
    await campaigns.polled(reader, declared);
    campaigns.asked.length = 0;
    campaigns.isAwaited = true;
    const {reading} = await campaigns.polled(reader, declared);
    expect([campaigns.asked.length, reading.postponed]).toEqual([20, []]);
  });

  it('takes one request for all where they fit on a page', async () => {
    const campaigns = new Campaigns({active: 60, ended: 40});
    const {requests, seen} = await campaigns.polled(new LiveReader(), DECLARED_ALL(campaigns));
    expect([requests, seen.size]).toEqual([1, 100]);
  });

  it.each([true, false])('reads all until it has once, whatever kept it (in order: %s)', async sorts => {
    const campaigns = new Campaigns({active: 250});
    campaigns.sorts = sorts;
    const times = [...campaigns.all].map(([id, one], at) => [id, {...one, updatedAt: at}] as const);
    for (const [id, one] of times) campaigns.all.set(id, one);
    const [reader, declared] = [new LiveReader(), DECLARED_ALL(campaigns)];
    for (const answers of [1, 2]) {
      campaigns.answers = answers;
      const {reading} = await campaigns.polled(reader, declared);
      expect([reading.failure?.kind, reading.listed, campaigns.gets]).toEqual(['unavailable', false, 0]);
    }
    campaigns.answers = Number.POSITIVE_INFINITY;
    const {known, reading} = await campaigns.polled(reader, declared);
    expect([reading.listed, known.untold(declared)]).toEqual([true, 0]);
    if (sorts) expect((await campaigns.polled(reader, declared)).requests).toBe(1);
  });

  it('where the order cannot be had finds what changed, and asks for what the lists lack', async () => {
    const campaigns = new Campaigns({active: 250, paused: 30});
    campaigns.sorts = false;
    for (const [at, [id, one]] of [...campaigns.all].entries())
      campaigns.all.set(id, {...one, updatedAt: at});
    const [reader, declared] = [new LiveReader(), DECLARED_ALL(campaigns)];
    await campaigns.polled(reader, declared);
    campaigns.all.set('active-7', live('paused', {campaignId: 'active-7', updatedAt: 5_000}));
    campaigns.all.set('active-8', live('paused', {campaignId: 'active-8', updatedAt: 5_000}));
    campaigns.hidden = new Set(['active-8']);
    const {known, reading} = await campaigns.polled(reader, declared);
    expect(['active-7', 'active-8'].map(id => known.statusOf(id))).toEqual(['paused', 'paused']);
    expect([reading.failure, campaigns.gets]).toEqual([undefined, 1]);
    campaigns.answers = 1;
    const failed = await campaigns.polled(reader, declared);
    expect([failed.reading.failure?.kind, campaigns.gets]).toEqual(['unavailable', 0]);
  });

  it('where the order cannot be had reads one list where nothing is declared that may change', async () => {
    const campaigns = new Campaigns({active: 120});
    campaigns.sorts = false;
    for (const [at, [id, one]] of [...campaigns.all].entries())
      campaigns.all.set(id, {...one, updatedAt: at});
    const reader = new LiveReader();
    await campaigns.polled(reader, new Set());
    const {reading, requests, seen} = await campaigns.polled(reader, new Set());
    expect([reading.failure, requests > 0, seen.size > 0]).toEqual([undefined, true, true]);
  });

  it('does not ask by its id for what is newly declared and was just shown', async () => {
    const campaigns = new Campaigns({active: 250});
    const reader = new LiveReader();
    await campaigns.polled(reader, new Set());
    campaigns.all.set('new', live('active', {campaignId: 'new', createdAt: 9_000, updatedAt: 9_000}));
    const {seen} = await campaigns.polled(reader, new Set(['new']));
    expect([seen.has('new'), campaigns.gets]).toEqual([true, 0]);
  });

  it('asks for a hundred of those that are newly declared, and tells that it put off the others', async () => {
    const campaigns = new Campaigns({active: 11_500, ended: 110});
    const reader = new LiveReader();
    await campaigns.polled(reader, new Set());
    const fresh = new Set([...campaigns.all.keys()].filter(id => id.startsWith('ended')));
    const {reading, seen} = await campaigns.polled(reader, fresh);
    expect([campaigns.gets, reading.postponed.length]).toEqual([100, 10]);
    expect(seen.isDisjointFrom(new Set(reading.postponed))).toBe(true);
  });

  it('asks for nobody by its id where the last changes could not be read', async () => {
    const campaigns = new Campaigns({active: 250, ended: 3});
    const reader = new LiveReader();
    await campaigns.polled(reader, new Set());
    campaigns.answers = 0;
    const {reading} = await campaigns.polled(reader, new Set(['ended-1']));
    expect([reading.failure?.kind, campaigns.gets]).toEqual(['unavailable', 0]);
  });

  it('calls a campaign missing only when asked for by its id', async () => {
    const campaigns = new Campaigns({active: 3});
    const {reading} = await campaigns.polled(new LiveReader(), new Set(['active-0', 'nowhere']));
    expect([...reading.missing.keys()]).toEqual(['nowhere']);
  });
});

describe('a list that has no end', () => {
  const reads = (page: (offset: number) => Page): Reads & {pages: number} => ({
    pages: 0,
    atOnce: 1,
    async list({offset}: ListQuery) {
      this.pages += 1;
      return {reply: {ok: true, value: page(offset)}, askedAt: 0};
    },
    get: async () => ({reply: MISSING, askedAt: 0}),
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
    const reading = await new LiveReader().poll(new LiveView().knowledge(new Set()), source);
    expect(reading.failure?.message).toContain(message);
    expect(reading.listed).toBe(false);
    expect(source.pages).toBeLessThan(30);
  });
  it('does not keep what is declared from being read: that is asked for by its id', async () => {
    const source = {
      ...reads(offset => pageOf(hundred(offset), {total: 1_000_000_000})),
      get: async (campaignId: string) =>
        ({reply: {ok: true, value: live('active', {campaignId})}, askedAt: 0}) as const,
    };
    const declared = new Set(['declared-1', 'declared-2']);
    const view = new LiveView();
    const reading = await new LiveReader().poll(view.knowledge(declared), source);
    expect(reading.failure).toBeUndefined();
    expect(view.statusOf('declared-2')).toBe('active');
    expect(reading.unusable.join()).toContain('is said to have 1000000000 campaigns');
  });
});
