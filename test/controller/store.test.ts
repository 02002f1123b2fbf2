import {describe, expect, it} from 'vitest';
import {CampaignStore} from '../../src/controller/store/store.ts';
import {claim, live, WHOLE_READING} from '../support/fixtures.ts';

const NOW = {now: 0, ticks: 0};
const store = (): CampaignStore =>
  new CampaignStore('collections', 'enforce', {listener: () => {}, random: () => 0.5});

const declared = (...ids: string[]) => ({
  claims: new Map(ids.map(id => [id, claim({campaignId: id, desired: 'paused'})])),
  wishes: new Set(ids),
});

describe('the store of a workspace', () => {
  it('lists every campaign, though somebody asked for a page before they were settled', async () => {
    const campaigns = store();
    await campaigns.adopt(declared('a', 'b'), undefined, {now: 0, ticks: 0});
    expect([...campaigns.after()]).toEqual([]);
    await campaigns.settle(NOW);
    expect([...campaigns.after()].map(({campaignId}) => campaignId)).toEqual(['a', 'b']);
  });

  it('keeps a campaign that was taken away and put back while its turn was under way', async () => {
    const campaigns = store();
    await campaigns.adopt(declared('a'), undefined, {now: 0, ticks: 0});
    campaigns.sightings.take([{campaign: live('active', {campaignId: 'a'}), askedAt: 1}]);
    await campaigns.settle(NOW);
    const taken = campaigns.turns.take('pause');
    await campaigns.adopt({claims: new Map([['a', undefined]]), wishes: new Set(['a'])}, undefined, {
      now: 1,
      ticks: 1,
    });
    campaigns.sightings.miss('a', 2);
    await campaigns.settle(NOW);
    await campaigns.adopt(declared('a'), undefined, {now: 3, ticks: 3});
    await campaigns.settle(NOW);
    campaigns.turns.over(taken ? [taken] : []);
    await campaigns.settle(NOW);
    expect(campaigns.find('a')?.claim).toBeDefined();
  });

  it('says which campaigns may be dialling against Git: unknown or active, where they shall rest', async () => {
    const campaigns = store();
    const resting = declared('active', 'paused', 'unread', 'missing').claims;
    const claims = new Map(resting);
    for (const desired of ['active', 'scheduled', 'ended'] as const)
      claims.set(`${desired} wanted`, claim({campaignId: `${desired} wanted`, desired}));
    await campaigns.adopt({claims, wishes: new Set(claims.keys())}, undefined, NOW);
    await campaigns.settle(NOW);
    expect(campaigns.indexes.urgent).toEqual(new Set(resting.keys()));
    for (const status of ['active', 'paused'])
      campaigns.sightings.take([{campaign: live(status, {campaignId: status}), askedAt: 1}]);
    campaigns.sightings.miss('missing', 1);
    await campaigns.settle(NOW);
    expect(campaigns.indexes.urgent).toEqual(new Set(['active', 'unread']));
  });

  it('takes no old answer for newer than what was seen since', async () => {
    const campaigns = store();
    await campaigns.adopt(declared('a', 'b'), undefined, {now: 0, ticks: 0});
    for (const campaignId of ['a', 'b'])
      campaigns.sightings.take([{campaign: live('active', {campaignId}), askedAt: 30}]);
    const unreadable = new Map([['b', {problem: '403', askedAt: 20}]]);
    campaigns.sightings.merge({...WHOLE_READING, missing: new Map([['a', 20]]), unreadable}, 10);
    await campaigns.settle({now: 100, ticks: 100});
    expect(['a', 'b'].map(id => campaigns.find(id)?.verdict?.state)).toEqual(['pending', 'pending']);
  });

  it('goes on after a settling that broke', async () => {
    let broken = true;
    const campaigns = new CampaignStore('w', 'enforce', {
      listener: ({kind}) => {
        if (broken && kind === 'converged') throw new Error('boom');
      },
      random: () => 0.5,
    });
    await campaigns.adopt({...declared('a'), wishes: new Set()}, undefined, {now: 0, ticks: 0});
    const active = claim({campaignId: 'b', desired: 'active'});
    const other = claim({campaignId: 'c', desired: 'active'});
    const claims = new Map([
      ['b', active],
      ['c', other],
    ]);
    await campaigns.adopt({claims, wishes: new Set(['b', 'c'])}, undefined, {now: 0, ticks: 0});
    campaigns.sightings.take([{campaign: live('active', {campaignId: 'c'}), askedAt: 1}]);
    campaigns.sightings.take([{campaign: live('active', {campaignId: 'b'}), askedAt: 1}]);
    await expect(campaigns.settle(NOW)).rejects.toThrow('boom');
    broken = false;
    await campaigns.settle(NOW);
    expect(['b', 'c'].map(id => campaigns.find(id)?.verdict?.state)).toEqual(['satisfied', 'satisfied']);
  });
});
