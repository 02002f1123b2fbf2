import {describe, expect, it} from 'vitest';
import {type Circumstances, conditions} from '../../src/domain/conditions.ts';

const calm: Circumstances = {
  started: true,
  troubles: [],
  summary: {satisfied: 3},
  diagnostics: 0,
  actionsLeft: 0,
};
const of = (changes: Partial<Circumstances>, type = 'Ready') =>
  conditions({...calm, ...changes}, [], 5).find(condition => condition.type === type);

describe('the conditions', () => {
  it('are Ready and idle when everything is in place', () => {
    expect(of({})).toMatchObject({status: 'True', reason: 'Succeeded'});
    expect(of({}, 'Reconciling')).toMatchObject({status: 'False', reason: 'Idle'});
    expect(of({}, 'Stalled')).toMatchObject({status: 'False'});
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
    expect(of({summary})).toMatchObject({status: 'False', reason});
  });
  it('are Stalled only by what a person must mend', () => {
    const trouble = {reason: 'Unauthorised', message: 'key', stalls: true};
    expect(of({troubles: [trouble]}, 'Stalled')).toMatchObject({status: 'True', reason: 'Unauthorised'});
    expect(of({troubles: [{...trouble, stalls: false}]}, 'Stalled')).toMatchObject({status: 'False'});
    expect(of({troubles: [trouble]})).toMatchObject({status: 'False', reason: 'Unauthorised'});
  });
  it('keep the time of their last transition while the status stays the same', () => {
    const before = conditions(calm, [], 5);
    expect(conditions({...calm, summary: {awaiting: 1}}, before, 9).map(c => c.lastTransitionAt)).toEqual([
      5, 5, 5,
    ]);
    expect(conditions({...calm, summary: {failed: 1}}, before, 9)[0]?.lastTransitionAt).toBe(9);
  });
});
