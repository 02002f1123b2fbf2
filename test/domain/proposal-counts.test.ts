import {describe, expect, it} from 'vitest';
import type {Diagnostic} from '../../src/domain/diagnostic.ts';
import {propose, summariseProposal} from '../../src/domain/proposal.ts';
import {FOUND_AT, found} from '../support/findings.ts';
import {WORKSPACE} from '../support/fixtures.ts';

const NOW = FOUND_AT;
const HOUR = 3_600_000;

describe('the counts of a plan', () => {
  const problem = (changes: Partial<Diagnostic>): Diagnostic => ({
    code: 'x',
    message: 'x',
    file: 'a.yaml',
    line: 1,
    column: 1,
    ...changes,
  });

  it('have each campaign in one place', () => {
    const until = NOW + HOUR;
    const after = [
      ...found('pause', 'active', {desired: 'paused'}),
      ...found('cancel', 'active', {desired: 'cancelled'}),
      ...found('resume', 'paused', {}),
      ...found('resume-2', 'paused', {}),
      ...found('later', 'active', {desired: 'cancelled', hold: {reason: 'r', until}}),
      ...found('held', 'active', {desired: 'paused', hold: {reason: 'r'}}),
      ...found('detect', 'active', {desired: 'paused', mode: 'detect'}),
      ...found('in-place', 'active', {reason: 'new'}),
      ...found('waits', 'scheduled', {}),
      ...found('paused', 'paused', {desired: 'paused'}),
      ...found('anyway', 'active', {desired: 'paused'}),
      ...found('anyway-2', 'active', {desired: 'paused'}),
      ...found('anyway-held', 'active', {desired: 'paused', hold: {reason: 'r'}}),
      ...found('over', 'ended', {}),
      ...found('lost', 'cancelled', {}),
      ...found('stray', 'active'),
    ];
    const before = after.filter(({campaignId}) =>
      ['anyway', 'anyway-2', 'anyway-held', 'over'].includes(campaignId),
    );
    const proposal = propose(after, before, NOW);
    expect(summariseProposal(proposal, [])).toEqual({
      pause: 1,
      cancel: 1,
      resume: 2,
      irreversible: 2,
      later: 1,
      noAction: 3,
      errors: 1,
      anyway: 2,
      stuck: 3,
      completed: 1,
      declared: 15,
      unmanaged: 1,
    });
  });

  it('count an error once for a campaign, however much is wrong with it, and once for a line of a file', () => {
    const proposal = propose(found('c', 'cancelled', {}), [], NOW);
    const errors = (...diagnostics: Diagnostic[]) => summariseProposal(proposal, diagnostics).errors;
    const ofCampaign = problem({workspace: WORKSPACE, campaignId: 'c'});
    expect(errors(ofCampaign, {...ofCampaign, line: 2})).toBe(1);
    expect(errors(ofCampaign, {...ofCampaign, campaignId: 'd'})).toBe(2);
    expect(errors(problem({}), problem({code: 'y'}))).toBe(2);
    expect(errors(problem({}), problem({line: 2}), problem({file: 'b.yaml'}))).toBe(4);
    expect(errors(problem({campaignId: 'c'}), problem({campaignId: 'c', line: 2}))).toBe(3);
    expect(errors(problem({workspace: WORKSPACE, line: 2}), problem({line: 2}))).toBe(2);
  });
});
