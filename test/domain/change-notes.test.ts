/** What a plan notes of one campaign beside what it does. */
import {describe, expect, it} from 'vitest';
import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import type {Finding} from '../../src/domain/finding.ts';
import {propose} from '../../src/domain/proposal.ts';
import {declaredChange, notesOf, removedChange} from '../../src/domain/proposed-change.ts';
import {brokenClaim, FOUND_AT, foundOf, seen} from '../support/findings.ts';
import {claim} from '../support/fixtures.ts';

const NOW = FOUND_AT;
const HOUR = 3_600_000;
const UNTIL = NOW + HOUR;

const of = (
  status: string,
  declared: Partial<Declaration> = {},
  shown: Partial<LiveCampaign> = {},
): Finding => {
  const [one] = foundOf('camp-1', claim(declared), seen('camp-1', status, shown));
  if (!one) throw new Error('there is nothing to say of it');
  return one;
};
const noted = (after: Finding, before: Finding | undefined, compared = true) => {
  const {effect, notes, steps} = declaredChange(after, {after, before, compared, now: NOW});
  return [effect, steps, notes.map(({code}) => code)];
};

describe('a plan says what would have happened without it', () => {
  const paused = {desired: 'paused'} as const;
  it('where that is something else, and not where it is the same', () => {
    expect(noted(of('active', {desired: 'cancelled'}), of('active', paused))).toEqual([
      'act',
      ['cancel'],
      ['irreversible', 'cut-off', 'instead'],
    ]);
    expect(noted(of('active', {...paused, reason: 'new'}), of('active', paused))).toEqual([
      'act',
      ['pause'],
      [],
    ]);
  });

  it('also where that would have been later, by itself', () => {
    const before = of('active', {...paused, hold: {reason: 'r', until: UNTIL}});
    expect(noted(of('active'), before)).toEqual(['none', [], ['in-place', 'instead']]);
  });

  it('where nothing would have been sent, because it is held or can never be, not', () => {
    const held = of('active', {...paused, hold: {reason: 'r'}});
    const past = of('paused', {}, {window: {endsAt: NOW - 1}});
    const codes = (before: Finding) => removedChange(before, NOW).notes.map(({code}) => code);
    expect([codes(held), codes(past)]).toEqual([['becomes-unmanaged'], ['becomes-unmanaged']]);
  });
});

describe('a plan says of a campaign', () => {
  it('that a file declares it for the first time, where it is held against a base', () => {
    const [stray] = foundOf('camp-1', undefined, seen('camp-1', 'active'));
    const [broken] = foundOf('camp-1', brokenClaim('camp-1'), seen('camp-1', 'active'));
    expect(noted(of('active'), undefined)).toEqual(['none', [], ['in-place', 'becomes-managed']]);
    expect(noted(of('active'), stray)).toEqual(['none', [], ['in-place', 'becomes-managed']]);
    expect(noted(of('active'), broken)).toEqual(['none', [], ['in-place']]);
    expect(noted(of('active'), undefined, false)).toEqual(['none', [], ['in-place']]);
  });

  it('that it waits for the platform, or why nothing is sent', () => {
    expect(noted(of('scheduled'), undefined, false)).toEqual(['none', [], ['waits']]);
    expect(noted(of('active', {desired: 'ended'}), undefined, false)).toEqual(['none', [], ['dials-on']]);
    expect(noted(of('paused', {mode: 'detect'}), undefined, false)).toEqual(['none', [], ['detect-only']]);
    expect(noted(of('archived'), undefined, false)).toEqual(['none', [], ['unrecognised-status']]);
  });

  it('how much a cancel cuts off when it is sent, and not now', () => {
    const window = {startsAt: NOW - HOUR, endsAt: NOW + 3 * HOUR};
    const declared = {desired: 'cancelled', hold: {reason: 'r', until: UNTIL}} as const;
    const messages = notesOf(of('active', declared, {window}), NOW).map(({message}) => message);
    expect(messages).toContainEqual(expect.stringContaining('the last 2 h of its window of 4 h'));
  });

  it('nothing where no file declares it', () => {
    const [stray] = foundOf('camp-1', undefined, seen('camp-1', 'active'));
    expect(stray && notesOf(stray, NOW)).toEqual([]);
    expect(notesOf(of('active'), NOW).map(({code}) => code)).toEqual(['in-place']);
  });

  it('that its end has passed, where it has', () => {
    const late = of('paused', {}, {window: {endsAt: NOW}});
    expect(notesOf(late, NOW).map(({code}) => code)).toEqual(['end-passed']);
    expect(notesOf(late, NOW - 1).map(({code}) => code)).not.toContain('end-passed');
  });
});

describe('a campaign that is over', () => {
  const ask = (desired: Declaration['desired'], before: Finding | undefined, status: string) =>
    noted(of(status, {desired}), before);

  it('is no error where it is asked to be paused, and was over before under another wish', () => {
    for (const status of ['ended', 'cancelled'])
      expect(ask('paused', of(status), status)).toEqual(['none', [], ['already-over']]);
  });

  it('is one where it is asked for anything else, is new, or was asked for the same', () => {
    expect(ask('scheduled', of('ended'), 'ended')).toEqual(['error', [], ['already-ended']]);
    expect(ask('scheduled', of('cancelled'), 'cancelled')).toEqual(['error', [], ['terminal-status']]);
    expect(ask('paused', undefined, 'ended')).toEqual(['error', [], ['already-ended', 'becomes-managed']]);
    expect(ask('paused', of('cancelled', {desired: 'paused'}), 'cancelled')).toEqual([
      'error',
      [],
      ['terminal-status'],
    ]);
    expect(ask('paused', of('ended', {desired: 'ended'}), 'ended')).toEqual(['error', [], ['already-ended']]);
  });

  it('is none where it is paused, and was that before by another wish', () => {
    expect(ask('paused', of('paused', {desired: 'active', mode: 'detect'}), 'paused')).toEqual([
      'none',
      [],
      ['in-place'],
    ]);
    expect(ask('paused', of('paused', {desired: 'paused', reason: 'other'}), 'paused')[2]).toEqual([
      'in-place',
    ]);
  });

  it('in what a change asks for names what would have been sent to it before', () => {
    const late = of('paused', {desired: 'active'}, {window: {endsAt: NOW - 1}});
    expect(noted(late, of('active', {desired: 'paused'}))).toEqual(['error', [], ['end-passed', 'instead']]);
  });

  it('stands among the changes with the reason that it gives', () => {
    const {changes} = propose([of('ended', {desired: 'paused', reason: 'stop all'})], [of('ended')], NOW);
    expect(changes).toMatchObject([{effect: 'none', declaredReason: 'stop all', state: 'completed'}]);
  });
});
