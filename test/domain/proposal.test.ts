import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import {type Finding, find} from '../../src/domain/finding.ts';
import {propose, summariseProposal} from '../../src/domain/proposal.ts';
import {STATUSES} from '../../src/domain/transitions.ts';
import {claim, live, WORKSPACE} from '../support/fixtures.ts';

const NOW = Date.UTC(2026, 10, 24);

const finding = (
  campaignId: string,
  declared: Partial<Declaration> | undefined,
  campaign: Partial<LiveCampaign> & {status: LiveCampaign['status']},
): Finding | undefined =>
  find(
    {
      campaignId,
      ...(declared && {claim: claim({campaignId, ...declared})}),
      observation: {kind: 'seen', campaign: {...live('active'), campaignId, ...campaign}},
    },
    {workspace: WORKSPACE, mode: 'enforce', now: NOW, past: {}},
  );

const status = fc.constantFrom(...STATUSES);
const side = fc.option(
  fc.record({
    desired: status,
    reason: fc.constantFrom('one', 'two'),
    mode: fc.constantFrom('enforce', 'detect'),
  }),
  {nil: undefined},
);
const world = fc.array(fc.record({now: side, before: side, live: status}), {maxLength: 8});

const sides = (items: typeof world extends fc.Arbitrary<infer T> ? T : never) => {
  const of = (pick: 'now' | 'before'): Finding[] =>
    items.flatMap((item, i) => {
      const declared = item[pick] as Partial<Declaration> | undefined;
      return finding(`c${i}`, declared, {status: {known: item.live}}) ?? [];
    });
  return [of('now'), of('before')] as const;
};

describe('a proposal', () => {
  it('brings nothing where the base says the same', () => {
    fc.assert(
      fc.property(world, items => {
        const [after] = sides(items);
        const {anyway, changes} = propose(after, after, NOW);
        return (
          changes.length === 0 &&
          anyway.every(({effect, state}) => effect !== 'none' || state !== 'satisfied')
        );
      }),
    );
  });

  it('names every action that the merge would lead to, once, on one of its two sides', () => {
    fc.assert(
      fc.property(world, items => {
        const [after, before] = sides(items);
        const {anyway, changes} = propose(after, before, NOW);
        const alone = propose(after, undefined, NOW).changes;
        const acts = (list: typeof changes): string[] =>
          list
            .flatMap(({campaignId, steps}) => (steps.length > 0 ? [`${steps} ${campaignId}`] : []))
            .toSorted();
        expect(acts([...changes, ...anyway])).toEqual(acts(alone));
        const ids = [...changes, ...anyway].map(({campaignId}) => campaignId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('calls an action the change’s own just where the base would not do the same', () => {
    fc.assert(
      fc.property(world, items => {
        const [after, before] = sides(items);
        const steps = (list: readonly Finding[]) =>
          new Map(
            propose(list, undefined, NOW).changes.map(({campaignId, steps: [step]}) => [campaignId, step]),
          );
        const [withChange, without] = [steps(after), steps(before)];
        for (const {
          campaignId,
          steps: [step],
        } of propose(after, before, NOW).anyway)
          expect([campaignId, step]).toEqual([campaignId, without.get(campaignId)]);
        for (const {
          campaignId,
          steps: [step],
        } of propose(after, before, NOW).changes)
          expect([campaignId, step]).toEqual([campaignId, withChange.get(campaignId)]);
      }),
    );
  });

  it('never proposes an action where the live status is terminal', () => {
    fc.assert(
      fc.property(world, items => {
        const [after, before] = sides(items);
        const {anyway, changes} = propose(after, before, NOW);
        return [...changes, ...anyway].every(
          ({live: word, steps}) => steps.length === 0 || !['ended', 'cancelled'].includes(word ?? ''),
        );
      }),
    );
  });

  it('calls it an error to ask anything of a campaign whose end has passed', () => {
    const late = finding('c', {desired: 'active'}, {status: {known: 'paused'}, window: {endsAt: NOW - 1}});
    const {changes} = propose(late ? [late] : [], undefined, NOW);
    expect(changes).toMatchObject([{effect: 'error', steps: [], notes: [{code: 'end-passed'}]}]);
    expect(summariseProposal(propose(late ? [late] : [], undefined, NOW), []).errors).toBe(1);
  });

  it('tells nothing of a campaign of which only a freeze has moved in its file', () => {
    const freezeAt = (line: number) => ({
      name: 'f',
      labels: {},
      from: NOW - 1,
      until: NOW + 1,
      reason: 'r',
      source: {file: 'f.yaml', line},
    });
    const of = (line: number) =>
      [finding('c', {desired: 'active', freezes: [freezeAt(line)]}, {status: {known: 'active'}})].filter(
        one => one !== undefined,
      );
    expect(propose(of(9), of(1), NOW).changes).toEqual([]);
  });

  it('says of a campaign that it ran its course only where nothing new is asked of it', () => {
    const over = {status: {known: 'ended'}} as const;
    const [before, after] = [
      finding('c', {desired: 'active'}, over),
      finding('c', {desired: 'scheduled'}, over),
    ];
    const list = (one: Finding | undefined): Finding[] => (one ? [one] : []);
    expect(propose(list(before), list(before), NOW)).toMatchObject({changes: [], completed: 1});
    expect(propose(list(after), list(before), NOW)).toMatchObject({
      changes: [{effect: 'error', notes: [{code: 'already-ended'}]}],
      completed: 0,
    });
  });

  it.each(['ended', 'cancelled'] as const)(
    'that pauses everything is no error where a campaign was %s before',
    known => {
      const over = {status: {known}};
      const of = (desired: 'active' | 'paused') =>
        [finding('c', {desired}, over)].filter(one => one !== undefined);
      const {changes} = propose(of('paused'), of('active'), NOW);
      expect(changes).toMatchObject([
        {effect: 'none', steps: [], notes: [{code: 'already-over', severity: 'info'}]},
      ]);
      expect(propose(of('paused'), [], NOW).changes).toMatchObject([{effect: 'error'}]);
    },
  );
});
