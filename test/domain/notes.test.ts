import {describe, expect, it} from 'vitest';
import type {Hold} from '../../src/domain/campaign.ts';
import {find} from '../../src/domain/finding.ts';
import type {Freeze} from '../../src/domain/freeze.ts';
import {notesOf} from '../../src/domain/proposed-change.ts';
import {claim, live} from '../support/fixtures.ts';

const NOW = Date.parse('2026-11-28T20:00:00Z');
const freeze: Freeze = {
  name: 'billing-migration',
  labels: {},
  until: Date.parse('2026-11-30T06:00:00Z'),
  reason: 'the billing system moves',
  owner: 'billing-oncall',
  source: {file: 'f.yaml', line: 1},
};

/** What a plan notes of a paused campaign that Git wants active. */
const noted = (
  declared: {hold?: Hold; freezes?: readonly Freeze[]},
  status = 'paused',
  desired: 'active' | 'paused' = 'active',
) => {
  const pair = {
    campaignId: 'camp-1',
    claim: claim({desired, ...declared}),
    observation: {kind: 'seen' as const, campaign: live(status)},
  };
  const finding = find(pair, {workspace: 'collections', mode: 'enforce', now: NOW, past: {}});
  return finding ? notesOf(finding, NOW).map(({code, message}) => `${code}: ${message}`) : [];
};

describe('a plan notes', () => {
  it('whose a hold is, and that it has no end where it has none', () => {
    const notes = noted({hold: {reason: 'repair', owner: 'ops'}});
    expect(notes).toContain('held: held: repair (ops)');
    expect(notes).toContain(
      'hold-without-end: the hold has no end: give it until, and an owner, so that it is not forgotten',
    );
    const until = Date.parse('2026-12-01T00:00:00Z');
    expect(noted({hold: {reason: 'repair', owner: 'ops', until}})).toContain(
      'held: held: repair (ops, until 2026-12-01T00:00:00.000Z), and then sent by itself',
    );
  });

  it('by which freeze a resume is kept, until when, and that it is sent then', () => {
    expect(noted({freezes: [freeze]})).toContain(
      'frozen: frozen until 2026-11-30T06:00:00.000Z by billing-migration: the billing system moves (billing-oncall), and then sent by itself',
    );
  });

  it('nothing of a freeze for a pause, nor of one that is over or has not begun', () => {
    const of = (freezes: readonly Freeze[]) => noted({freezes}).filter(note => note.startsWith('frozen'));
    expect(noted({freezes: [freeze]}, 'active', 'paused').filter(note => note.startsWith('frozen'))).toEqual(
      [],
    );
    expect(of([{...freeze, until: NOW}])).toEqual([]);
    expect(of([{...freeze, from: NOW + 1}])).toEqual([]);
    expect(of([{...freeze, from: NOW}])).toHaveLength(1);
  });
});
