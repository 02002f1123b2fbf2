import {describe, expect, it} from 'vitest';
import {type Circumstances, conditions} from '../../src/domain/conditions.ts';
import {find} from '../../src/domain/finding.ts';
import {type Summary, summaryOf, type Tally} from '../../src/domain/tally.ts';
import {claim, live} from '../support/fixtures.ts';

const counting = (summary: Summary, more: Partial<Tally> = {}): Tally => ({
  summary,
  detected: 0,
  restrained: {contested: 0, limited: 0, stale: 0, frozen: 0},
  limits: [],
  lost: [],
  ...more,
});

const calm: Circumstances = {
  started: true,
  troubles: [],
  tally: counting({satisfied: 3}),
  diagnostics: 0,
  actionsLeft: 0,
  adopting: false,
};
const of = (changes: Partial<Circumstances>, type = 'Ready') =>
  conditions({...calm, ...changes}, [], 5).find(condition => condition.type === type);

describe('the conditions', () => {
  it('are Ready and idle when everything is in place', () => {
    expect(of({})).toMatchObject({status: 'True', reason: 'Succeeded'});
    expect(of({}, 'Reconciling')).toMatchObject({status: 'False', reason: 'Idle'});
    expect(of({}, 'Stalled')).toMatchObject({status: 'False'});
  });
  it('are not Ready while a revision is taken into force, whatever is in place', () => {
    expect(of({adopting: true})).toMatchObject({status: 'False', reason: 'Progressing'});
    expect(of({adopting: true}, 'Reconciling')).toMatchObject({status: 'True', reason: 'Progressing'});
  });
  it.each([
    [{invalid: 1, drifted: 4}, 'InvalidDeclarations'],
    [{failed: 1}, 'ActionsFailed'],
    [{terminal: 1}, 'Refused'],
    [{missing: 2}, 'Refused'],
    [{unknown: 1}, 'LiveUnknown'],
    [{drifted: 1, pending: 1}, 'Drifted'],
    [{pending: 1}, 'Progressing'],
  ])('are not Ready with %o', (summary, reason) => {
    expect(of({tally: counting(summary)})).toMatchObject({status: 'False', reason});
  });
  it('are Stalled only by what a person must mend', () => {
    const trouble = {reason: 'Unauthorised', message: 'key', stalls: true};
    expect(of({troubles: [trouble]}, 'Stalled')).toMatchObject({status: 'True', reason: 'Unauthorised'});
    expect(of({troubles: [{...trouble, stalls: false}]}, 'Stalled')).toMatchObject({status: 'False'});
    expect(of({troubles: [trouble]})).toMatchObject({status: 'False', reason: 'Unauthorised'});
  });
  it('keep the time of their last transition while the status stays the same', () => {
    const before = conditions(calm, [], 5);
    expect(
      conditions({...calm, tally: counting({awaiting: 1})}, before, 9).map(c => c.lastTransitionAt),
    ).toEqual([5, 5, 5, 5]);
    expect(conditions({...calm, tally: counting({failed: 1})}, before, 9)[0]?.lastTransitionAt).toBe(9);
  });

  describe('of campaigns that nothing will be sent to', () => {
    const findingOf = (mode: 'enforce' | 'detect', status: string, declared = {}) => {
      const observation = {kind: 'seen', campaign: live(status, {updatedBy: 'ops'})} as const;
      const pair = {campaignId: 'camp-1', claim: claim(declared), observation};
      const found = find(pair, {workspace: 'collections', mode, now: 0, past: {}});
      if (!found) throw new Error('nothing was found');
      return found;
    };

    it('are Ready where all that differs is only to be reported, which is a condition of its own', () => {
      const counted = counting(summaryOf([findingOf('detect', 'paused')]), {detected: 1});
      expect(of({tally: counted})).toMatchObject({status: 'True', reason: 'Succeeded'});
      expect(of({tally: counted}, 'Uncorrected')).toMatchObject({
        status: 'True',
        reason: 'DetectOnly',
        message: '1 campaign that differs and is only reported (mode detect)',
      });
    });
    it('tell a hold as well', () => {
      const held = findingOf('enforce', 'paused', {hold: {reason: 'repair'}});
      expect(of({tally: counting(summaryOf([held]))}, 'Uncorrected')).toMatchObject({
        status: 'True',
        reason: 'Held',
      });
      expect(of({}, 'Uncorrected')).toMatchObject({status: 'False'});
    });
    it.each(['enforce', 'detect'] as const)(
      'are Stalled, with the name, by a campaign that was cancelled against Git, in mode %s',
      mode => {
        const summary = summaryOf([findingOf(mode, 'cancelled')]);
        const lost = ['collections/q1 (camp-1): Git asks for active'];
        const found = of({tally: counting(summary, {lost})}, 'Stalled');
        expect(found).toMatchObject({status: 'True', reason: 'Terminal'});
        expect(found?.message).toContain(lost[0]);
      },
    );
  });
  it('name every workspace that is down', () => {
    const troubles = ['a', 'b', 'c'].map(name => ({
      reason: 'Throttled',
      message: `workspace ${name}: x`,
      stalls: false,
    }));
    expect(of({troubles})?.message).toBe('workspace a: x; workspace b: x; workspace c: x');
  });
});
