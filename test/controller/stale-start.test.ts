/** A process that starts, and is shown campaigns as they were before its history saw them last. */
import {describe, expect, it} from 'vitest';
import type {LiveKnowledge, Platform} from '../../src/controller/ports.ts';
import {Reading} from '../../src/controller/reading.ts';
import {NO_PAST} from '../../src/controller/store/known-past.ts';
import {CampaignStore} from '../../src/controller/store/store.ts';
import {claim, live, WHOLE_READING} from '../support/fixtures.ts';

const NEVER = new AbortController().signal;
const HOOKS = {heed: async () => {}, read: () => {}};

describe('a campaign that is shown only as it was before', () => {
  it('keeps resumes waiting for a minute, since nobody knows whether it is to be paused', async () => {
    let ticks = 0;
    const clock = {now: () => ticks, ticks: () => ticks, after: () => () => {}};
    const ports = {clock, listener: () => {}, random: () => 0.5};
    const poll = async ({take}: LiveKnowledge) => {
      take([{campaign: live('active', {campaignId: 'a', updatedAt: 1_000}), askedAt: ticks}]);
      return WHOLE_READING;
    };
    const platform = {poll} as Partial<Platform> as Platform;
    const store = new CampaignStore('w', 'enforce', ports);
    store.remember({...NO_PAST, lastSeen: id => live('active', {campaignId: id, updatedAt: 5_000})});
    const reading = new Reading(store, {...ports, platform});
    const claims = new Map([['a', claim({campaignId: 'a', desired: 'paused'})]]);
    await store.adopt({claims, wishes: new Set(['a'])}, undefined, {now: 0, ticks});
    const whole: boolean[] = [];
    for (ticks of [1_000, 30_000, 62_000]) {
      await store.settle({now: ticks, ticks});
      await reading.read('poll', NEVER, HOOKS);
      whole.push(reading.isWhole);
    }
    expect(whole).toEqual([false, false, true]);
  });
});
