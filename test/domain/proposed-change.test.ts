/** What a plan says of one campaign, field by field: people approve by it, and an apply goes by it. */
import {describe, expect, it} from 'vitest';
import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import type {Finding} from '../../src/domain/finding.ts';
import {propose} from '../../src/domain/proposal.ts';
import {actsAt, effectOf, type ProposedChange} from '../../src/domain/proposed-change.ts';
import {brokenClaim, FOUND_AT, foundOf, seen} from '../support/findings.ts';
import {claim, WORKSPACE} from '../support/fixtures.ts';

const NOW = FOUND_AT;
const HOUR = 3_600_000;
const UNTIL = NOW + HOUR;

const oneOf = (claimed: Claim | undefined, status: string, shown: Partial<LiveCampaign> = {}): Finding => {
  const [one] = foundOf('camp-1', claimed, seen('camp-1', status, shown));
  if (!one) throw new Error('there is nothing to say of it');
  return one;
};
const of = (
  status: string,
  declared: Partial<Declaration> = {},
  shown: Partial<LiveCampaign> = {},
): Finding => oneOf(claim(declared), status, shown);

/** The one change that a revision brings, with or without a base. */
const changeOf = (after: Finding | undefined, before?: Finding | 'nothing'): ProposedChange | undefined => {
  const base = before === 'nothing' ? [] : before && [before];
  return propose(after ? [after] : [], base, NOW).changes[0];
};
const codes = (change: ProposedChange | undefined): string[] | undefined =>
  change?.notes.map(({code}) => code);
const frozen: Partial<Declaration> = {
  freezes: [{name: 'f', labels: {}, until: UNTIL, reason: 'r', source: {file: 'f.yaml', line: 1}}],
};

describe('a change of a plan', () => {
  it('says all that is known of its campaign', () => {
    const shown = {updatedBy: 'ops', updatedAt: NOW - HOUR};
    const after = oneOf(claim({desired: 'paused', reason: 'Q1'}), 'active', shown);
    expect(changeOf(after, 'nothing')).toEqual({
      workspace: WORKSPACE,
      campaignId: 'camp-1',
      name: 'name-camp-1',
      source: {file: 'camp-1.yaml', line: 1},
      desired: 'paused',
      live: 'active',
      liveUpdatedBy: 'ops',
      liveUpdatedAt: '2026-11-23T23:00:00.000Z',
      state: 'pending',
      effect: 'act',
      steps: ['pause'],
      cause: 'pending',
      reason: 'Git asks for paused — Q1',
      declaredReason: 'Q1',
      notes: [{code: 'becomes-managed', severity: 'info', message: 'a file declares it for the first time'}],
    });
  });

  it('has null for what is not known', () => {
    const [missing] = foundOf('camp-1', claim(), {kind: 'missing'});
    expect(changeOf(missing)).toMatchObject({
      live: null,
      liveUpdatedBy: null,
      liveUpdatedAt: null,
      cause: null,
      declaredReason: null,
      effect: 'error',
      notes: [{code: 'campaign-missing'}],
    });
  });

  it('of a campaign whose file goes says that it stays as it is, and nothing of what Git wanted', () => {
    const before = of('active', {desired: 'paused', reason: 'Q1'});
    expect(changeOf(oneOf(undefined, 'active'), before)).toEqual({
      workspace: WORKSPACE,
      campaignId: 'camp-1',
      name: 'name-camp-1',
      source: {file: 'camp-1.yaml', line: 1},
      desired: null,
      live: 'active',
      liveUpdatedBy: null,
      liveUpdatedAt: '1970-01-01T00:00:00.000Z',
      state: 'unmanaged',
      effect: 'none',
      steps: [],
      cause: null,
      reason: 'no file declares it; left as it is',
      declaredReason: null,
      notes: [
        {
          code: 'becomes-unmanaged',
          severity: 'info',
          message: 'no file declares it any more: it is left as it is (active) and becomes unmanaged',
        },
        {code: 'instead', severity: 'info', message: 'without this change Rollcall would pause it'},
      ],
    });
  });

  it('of a campaign whose file goes says nothing of its status where that is not known', () => {
    const {live: _live, ...unread} = of('active');
    expect(changeOf(undefined, unread)?.notes[0]?.message).toBe(
      'no file declares it any more: it becomes unmanaged',
    );
  });

  it('that makes a declaration invalid says what would have happened', () => {
    const change = changeOf(oneOf(brokenClaim('camp-1'), 'active'), of('active', {desired: 'paused'}));
    expect([change?.effect, change?.steps, codes(change)]).toEqual([
      'error',
      [],
      ['invalid-declaration', 'instead'],
    ]);
  });
});

describe('when Rollcall would act by itself', () => {
  const at = (finding: Finding) => [actsAt(finding, NOW), effectOf(finding, NOW)];
  const paused = {desired: 'paused'} as const;

  it.each<[string, Finding, number | undefined, string]>([
    ['at once, where Git asks otherwise', of('active', paused), NOW, 'act'],
    ['at once, where somebody moved it', {...of('active', paused), state: 'drifted'}, NOW, 'act'],
    ['when its hold ends', of('active', {...paused, hold: {reason: 'r', until: UNTIL}}), UNTIL, 'later'],
    ['never, where its hold has no end', of('active', {...paused, hold: {reason: 'r'}}), undefined, 'none'],
    ['when its freeze ends', of('paused', frozen), UNTIL, 'later'],
    ['never, where it is only reported', of('active', {...paused, mode: 'detect'}), undefined, 'none'],
    ['never, where it is in place', of('active'), undefined, 'none'],
    [
      'not before somebody settles it, where it is contested',
      {...of('paused'), restraint: {reason: 'contested', message: 'x', until: UNTIL}},
      undefined,
      'none',
    ],
    ['never, where it can never be', of('cancelled'), undefined, 'error'],
    [
      'not before it is tried again, where it failed once its hold had ended',
      {...of('paused', {hold: {reason: 'r', until: NOW - HOUR}}), state: 'failed'},
      undefined,
      'none',
    ],
    ['not before it is tried again, where it failed', {...of('paused'), state: 'failed'}, undefined, 'none'],
  ])('is %s', (_name, finding, time, effect) => {
    expect(at(finding)).toEqual([time, effect]);
  });

  it('has the steps that would be sent then, and none where nothing would be', () => {
    const hold = {reason: 'r', until: UNTIL};
    expect(changeOf(of('active', {desired: 'paused', hold}))?.steps).toEqual(['pause']);
    expect(changeOf(of('active', {desired: 'paused', hold: {reason: 'r'}}))?.steps).toEqual([]);
  });
});
