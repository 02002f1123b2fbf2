/** What a command knows of live campaigns: what it was told, and for how long that counts. */
import {describe, expect, it} from 'vitest';
import {FRESH_FOR} from '../../src/controller/freshness.ts';
import {LiveView} from '../../src/controller/live-view.ts';
import type {LiveReading} from '../../src/controller/ports.ts';
import {live, WHOLE_READING} from '../support/fixtures.ts';

const IDS = new Set(['a', 'b', 'c', 'd']);
const active = live('active', {campaignId: 'a'});
const paused = live('paused', {campaignId: 'a', updatedAt: active.updatedAt + 1});
const reading = (changes: Partial<LiveReading>): LiveReading => ({...WHOLE_READING, ...changes});
const problemOf = (view: LiveView, id: string): string | undefined => {
  const observation = view.observations().get(id);
  return observation?.kind === 'unreadable' ? observation.problem : undefined;
};

describe('what a command knows', () => {
  it('is, of each campaign, whether it is there, or why nobody can tell', () => {
    const view = new LiveView();
    expect([view.untold(IDS), view.observations().size]).toEqual([4, 0]);
    expect(view.knowledge(IDS).take([{campaign: active, askedAt: 1}])).toBe(1);
    expect(view.knowledge(IDS).take([{campaign: active, askedAt: 2}])).toBe(0);
    view.merge(
      reading({
        missing: new Map([['b', 1]]),
        unreadable: new Map([['c', {problem: 'it is forbidden', askedAt: 1}]]),
        unanswered: new Map([['d', 'it answered 500']]),
      }),
    );
    expect(view.untold(IDS)).toBe(0);
    expect([...view.observations()].map(([id, {kind}]) => [id, kind])).toEqual([
      ['a', 'seen'],
      ['b', 'missing'],
      ['c', 'unreadable'],
      ['d', 'unreadable'],
    ]);
    expect([problemOf(view, 'c'), problemOf(view, 'd')]).toEqual(['it is forbidden', 'it answered 500']);
    const {open, unknown} = view.knowledge(IDS);
    expect([[...open], [...unknown]]).toEqual([
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ]);
  });

  it('is not told yet where a campaign was put off, and stays where it is known, or has no answer', () => {
    const view = new LiveView();
    view.knowledge(IDS).take([{campaign: active, askedAt: 1}]);
    view.merge(reading({postponed: ['a', 'b'], unanswered: new Map([['a', 'it answered 500']])}));
    expect(view.untold(new Set(['a', 'b']))).toBe(1);
    expect(problemOf(view, 'b')).toContain('it will be asked for by its id');
    expect(view.statusOf('a')).toBe('active');
  });

  it('asks no more for what is over', () => {
    const view = new LiveView();
    view.knowledge(IDS).take([{campaign: live('ended', {campaignId: 'a'}), askedAt: 1}]);
    expect([...view.knowledge(IDS).open]).toEqual(['b', 'c', 'd']);
  });

  it('is acted on only while a Get, or the answer to an action, is fresh, and not once it is in doubt', () => {
    const view = new LiveView();
    view.knowledge(IDS).take([{campaign: active, askedAt: 1}]);
    expect(view.fresh('a', 1)).toBeUndefined();
    view.confirm(active, 10);
    expect(view.fresh('a', 10 + FRESH_FOR)).toEqual({campaign: active, askedAt: 10});
    expect(view.fresh('a', 11 + FRESH_FOR)).toBeUndefined();
    view.doubt('a');
    expect(view.fresh('a', 10)).toBeUndefined();
    view.believe(paused, 30, {action: 'pause', from: 'active', cause: 'pending', at: 20, sentAt: 20});
    expect(view.fresh('a', 30)).toEqual({campaign: paused, askedAt: 30});
    view.knowledge(IDS).take([{campaign: active, askedAt: 15}]);
    expect(view.statusOf('a')).toBe('paused');
  });

  it('does not change under whoever has taken it', () => {
    const view = new LiveView();
    view.knowledge(IDS).take([{campaign: active, askedAt: 1}]);
    const taken = view.observations();
    view.miss('a', 2);
    expect([taken.get('a')?.kind, view.observations().get('a')?.kind]).toEqual(['seen', 'missing']);
  });
});
