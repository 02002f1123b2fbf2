/** Every sentence that is said of a campaign, word for word: people act by them. */
import {describe, expect, it} from 'vitest';
import type {Claim} from '../../src/domain/declarations.ts';
import type {Observation} from '../../src/domain/diff.ts';
import {find, unassessable} from '../../src/domain/finding.ts';
import type {Context} from '../../src/domain/reasons.ts';
import {claim, live, WORKSPACE} from '../support/fixtures.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const context: Context = {workspace: WORKSPACE, mode: 'enforce', now: NOW, past: {}};
const seen = (status: string, changes = {}): Observation => ({
  kind: 'seen',
  campaign: live(status, {updatedAt: NOW - HOUR, ...changes}),
});
const opensAt = (from: number) => ({opening: {from}});
const invalid: Claim = {
  kind: 'invalid',
  workspace: WORKSPACE,
  campaignId: 'camp-1',
  source: {file: 'a.yaml', line: 1},
  problem: 'a.yaml:1:1: it is broken',
};

type Case = readonly [string, Claim | undefined, Observation | undefined, Partial<Context>, string];

const CASES: readonly Case[] = [
  ['nobody declares', undefined, seen('active'), {}, 'no file declares it; left as it is'],
  ['is declared wrongly', invalid, seen('active'), {}, 'left as it is: a.yaml:1:1: it is broken'],
  ['was not read', claim(), undefined, {}, 'its live status has not been read yet'],
  [
    'could not be read for its workspace',
    claim(),
    undefined,
    {unread: 'the platform is away'},
    'the platform is away',
  ],
  ['cannot be read', claim(), {kind: 'unreadable', problem: 'it is no JSON'}, {}, 'it is no JSON'],
  [
    'is not there',
    claim(),
    {kind: 'missing'},
    {},
    'the platform knows no campaign of this id in this workspace',
  ],
  ['is in place', claim(), seen('active'), {}, 'live is active, as Git wants it'],
  [
    'is in place while its timetable is closed',
    claim(opensAt(NOW + HOUR)),
    seen('paused'),
    {},
    'live is paused, as Git wants it now: closed by its timetable until 2026-01-05T13:00:00.000Z: its timetable has not begun',
  ],
  [
    'ran its course',
    claim(),
    seen('ended'),
    {},
    'ran its course, last changed at 2026-01-05T11:00:00.000Z; the declaration can be retired',
  ],
  [
    'is in a status that nobody knows',
    claim(),
    seen('archived'),
    {},
    'the platform says "archived", which Rollcall does not know and never acts on',
  ],
  [
    'was cancelled by somebody',
    claim(),
    seen('cancelled', {updatedBy: 'ops@example.com'}),
    {},
    'Git asks for active, but nothing leaves cancelled; changed by ops@example.com at 2026-01-05T11:00:00.000Z',
  ],
  [
    'was cancelled by an earlier revision',
    claim(),
    seen('cancelled'),
    {past: {own: true}},
    'Git asks for active, but nothing leaves cancelled; changed by Rollcall itself, as an earlier revision asked, at 2026-01-05T11:00:00.000Z',
  ],
  ['waits for its window', claim(), seen('scheduled'), {}, 'becomes active when its window opens'],
  [
    'waits for its end',
    claim({desired: 'ended'}),
    seen('active'),
    {},
    'ends by itself, when its end passes or every contact has been dialled',
  ],
  ['Git asks otherwise of', claim(), seen('paused'), {}, 'Git asks for active'],
  [
    'its timetable closed',
    claim(opensAt(NOW + HOUR)),
    seen('active'),
    {},
    'Git asks for paused now: closed by its timetable until 2026-01-05T13:00:00.000Z: its timetable has not begun',
  ],
  [
    'its timetable opened',
    claim(opensAt(NOW - HOUR)),
    seen('paused'),
    {past: {declaredBefore: 0}},
    'its timetable opened at 2026-01-05T11:00:00.000Z: Git asks for active',
  ],
  [
    'the platform was set back of, after its timetable opened',
    claim(opensAt(NOW - HOUR)),
    seen('paused'),
    {past: {declaredBefore: 0, setBack: true}},
    'Git asks for active; the platform shows it as of 2026-01-05T11:00:00.000Z, and showed a later change before: it was set back, or its answers lag',
  ],
  [
    'somebody moved',
    claim(),
    seen('paused', {updatedBy: 'ops@example.com'}),
    {past: {settledFor: 'active'}},
    'drifted from active to paused, changed by ops@example.com at 2026-01-05T11:00:00.000Z',
  ],
  [
    'somebody moved, perhaps Rollcall before its start',
    claim(),
    seen('paused', {updatedBy: 'api-key'}),
    {past: {declaredBefore: 0, perhapsOwn: true}},
    'drifted from active to paused, changed by api-key at 2026-01-05T11:00:00.000Z, which may have been Rollcall itself before it was started anew',
  ],
  [
    'somebody resumed outside its hours',
    claim(opensAt(NOW + HOUR)),
    seen('active', {updatedBy: 'ops@example.com'}),
    {past: {settledFor: 'paused'}},
    'drifted from paused to active, changed by ops@example.com at 2026-01-05T11:00:00.000Z; closed by its timetable until 2026-01-05T13:00:00.000Z: its timetable has not begun',
  ],
  [
    'a hold keeps',
    claim({hold: {reason: 'audit', owner: 'legal', until: NOW + HOUR}}),
    seen('paused'),
    {},
    'Git asks for active; held: audit (legal, until 2026-01-05T13:00:00.000Z)',
  ],
  [
    'a hold without end keeps',
    claim({hold: {reason: 'audit'}}),
    seen('paused'),
    {},
    'Git asks for active; held: audit',
  ],
  [
    'failed',
    claim(),
    seen('paused'),
    {trouble: {kind: 'refused', action: 'resume', message: 'no slot is free', retryAt: NOW + 1}},
    'Git asks for active; resume refused: no slot is free',
  ],
  ['is only looked at', claim({mode: 'detect'}), seen('paused'), {}, 'Git asks for active; detect only'],
  [
    'is kept from being resumed',
    claim(),
    seen('paused'),
    {restraint: {reason: 'contested', message: 'somebody works against Git'}},
    'Git asks for active; somebody works against Git',
  ],
  [
    'waits for the reading of its workspace',
    claim(),
    seen('paused'),
    {resumesWait: true},
    'Git asks for active; waits until every campaign of the workspace has been read since the revision came, so that pauses go first',
  ],
  [
    'waits for nothing, since it is to be paused',
    claim({desired: 'paused'}),
    seen('active'),
    {resumesWait: true},
    'Git asks for paused',
  ],
];

describe('a campaign that', () => {
  it.each(CASES)('%s', (_name, claimed, observation, more, sentence) => {
    const pair = {campaignId: 'camp-1', ...(claimed && {claim: claimed}), ...(observation && {observation})};
    const finding = find(pair, {...context, ...more});
    expect(finding?.reason).toBe(sentence);
    if (claimed?.kind !== 'valid') return;
    const reasoned = {...claimed, declaration: {...claimed.declaration, reason: 'Q1'}};
    expect(find({...pair, claim: reasoned}, {...context, ...more})?.reason).toBe(
      finding?.state === 'unknown' ? sentence : `${sentence} — Q1`,
    );
  });

  it('differs says why, without what keeps it', () => {
    const pair = {
      campaignId: 'camp-1',
      claim: claim({mode: 'detect', reason: 'Q1'}),
      observation: seen('paused'),
    };
    expect(find(pair, context)?.why).toBe('Git asks for active — Q1');
    expect(find({...pair, observation: seen('active')}, context)?.why).toBeUndefined();
  });

  it('nobody declares has the platform’s name, and one that was never seen its id', () => {
    expect(find({campaignId: 'camp-1', observation: seen('active')}, context)?.name).toBe('Campaign');
    expect(find({campaignId: 'camp-1', claim: invalid}, context)?.name).toBe('camp-1');
  });

  it('brought an error is told as that, and nothing is done about it', () => {
    expect(unassessable({campaignId: 'camp-1', claim: claim()}, context, 'x is undefined')).toMatchObject({
      state: 'unknown',
      steps: [],
      reason: 'it could not be assessed, by an unexpected error: x is undefined',
    });
  });
});
