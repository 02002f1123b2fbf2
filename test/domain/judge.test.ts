/** What is so of one campaign, and what is to be done about it. */
import {describe, expect, it} from 'vitest';
import type {Declaration} from '../../src/domain/campaign.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import type {Observation} from '../../src/domain/diff.ts';
import type {Freeze} from '../../src/domain/freeze.ts';
import {type Circumstance, judge, type Verdict} from '../../src/domain/judge.ts';
import {STOPPED} from '../../src/domain/limits.ts';
import type {Restraint} from '../../src/domain/restraint.ts';
import {brokenClaim, FOUND_AT, seen} from '../support/findings.ts';
import {claim} from '../support/fixtures.ts';

const NOW = FOUND_AT;
const HOUR = 3_600_000;
const plain: Circumstance = {mode: 'enforce', now: NOW, past: {}};

const verdict = (
  claimed: Claim | undefined,
  observation: Observation | undefined,
  more: Partial<Circumstance> = {},
): Verdict | undefined =>
  judge(
    {campaignId: 'camp-1', ...(claimed && {claim: claimed}), ...(observation && {observation})},
    {...plain, ...more},
  );
const of = (status: string, declared: Partial<Declaration> = {}, more: Partial<Circumstance> = {}) =>
  verdict(claim(declared), seen('camp-1', status), more);
const stateOf = (status: string, declared: Partial<Declaration>): string | undefined =>
  of(status, declared)?.state;

const contested: Restraint = {reason: 'contested', message: 'somebody works against Git'};
const freeze: Freeze = {
  name: 'f',
  labels: {},
  until: NOW + HOUR,
  reason: 'r',
  source: {file: 'f.yaml', line: 1},
};
const trouble = {kind: 'refused', action: 'resume', message: 'no', retryAt: NOW + 5} as const;

describe('a campaign that Git declares', () => {
  it.each<[string, Claim, Observation | undefined]>([
    ['invalid', brokenClaim('camp-1'), seen('camp-1', 'active')],
    ['unknown', claim(), undefined],
    ['unknown', claim(), {kind: 'unreadable', problem: 'x'}],
    ['missing', claim(), {kind: 'missing'}],
    ['unrecognised', claim(), seen('camp-1', 'archived')],
    ['satisfied', claim(), seen('camp-1', 'active')],
    ['awaiting', claim(), seen('camp-1', 'scheduled')],
    ['completed', claim(), seen('camp-1', 'ended')],
    ['terminal', claim(), seen('camp-1', 'cancelled')],
  ])('is %s by itself, and nothing is done about it', (state, claimed, observation) => {
    expect(verdict(claimed, observation)).toEqual({state, mode: 'enforce', steps: []});
    expect(verdict(claimed, observation, {mode: 'detect'})).toEqual({state, mode: 'detect', steps: []});
  });

  it('goes by its own mode before that of its workspace', () => {
    expect(of('active', {mode: 'detect'})?.mode).toBe('detect');
    expect(of('active', {mode: 'enforce'}, {mode: 'detect'})?.mode).toBe('enforce');
  });

  it('is corrected where it differs', () => {
    expect(of('paused')).toEqual({state: 'pending', mode: 'enforce', steps: ['resume'], cause: 'pending'});
    expect(of('paused', {}, {past: {settledFor: 'active'}})).toEqual({
      state: 'drifted',
      mode: 'enforce',
      steps: ['resume'],
      cause: 'drifted',
    });
    expect(of('active', {opening: {until: NOW - HOUR}}, {past: {declaredBefore: 1}})).toMatchObject({
      state: 'pending',
      cause: 'timetable',
      steps: ['pause'],
    });
  });

  it('is held until its hold ends, and for good where that has no end', () => {
    expect(of('paused', {hold: {reason: 'r', until: NOW + 1}}, {restraint: contested, trouble})).toEqual({
      state: 'held',
      mode: 'enforce',
      steps: ['resume'],
      cause: 'pending',
    });
    expect(stateOf('paused', {hold: {reason: 'r'}})).toBe('held');
    expect(stateOf('paused', {hold: {reason: 'r', until: NOW}})).toBe('pending');
    expect(stateOf('active', {hold: {reason: 'r'}})).toBe('satisfied');
  });

  it('is only reported in detect, whatever else there is to say', () => {
    const more = {restraint: contested, trouble, freshness: {maxAge: 1, inForceAt: 0}};
    expect(of('paused', {mode: 'detect'}, more)).toEqual({
      state: 'pending',
      mode: 'detect',
      steps: ['resume'],
      cause: 'pending',
    });
  });

  it('waits after an outcome that failed, until it is tried again', () => {
    expect(of('paused', {}, {trouble})).toEqual({
      state: 'failed',
      mode: 'enforce',
      steps: ['resume'],
      cause: 'pending',
      retryAt: NOW + 5,
    });
  });

  it('closes so long before its edge as its workspace needs', () => {
    const opening = {from: NOW - HOUR, until: NOW + 10};
    expect(of('active', {opening}, {lead: 11})?.steps).toEqual(['pause']);
    expect(of('active', {opening}, {lead: 9})?.steps).toEqual([]);
  });
});

describe('what keeps a campaign', () => {
  const kept = (status: string, declared: Partial<Declaration>, more: Partial<Circumstance>) =>
    of(status, declared, more)?.restraint?.reason;
  const stale = {freshness: {maxAge: HOUR, inForceAt: NOW - HOUR}};
  const limited = {limited: STOPPED};
  const all = {restraint: contested, ...stale, ...limited};

  it('is a freeze first, then who works against Git, then its age, then a limit', () => {
    expect(kept('paused', {freezes: [freeze]}, all)).toBe('frozen');
    expect(kept('paused', {}, all)).toBe('contested');
    expect(kept('paused', {}, {...all, restraint: undefined})).toBe('stale');
    expect(kept('paused', {}, limited)).toBe('limited');
    expect(kept('paused', {}, {})).toBeUndefined();
  });

  it('of a cancel is a freeze or a limit, and of a pause nothing', () => {
    expect(kept('active', {desired: 'cancelled', freezes: [freeze]}, all)).toBe('frozen');
    expect(kept('active', {desired: 'cancelled'}, all)).toBe('limited');
    expect(kept('active', {desired: 'cancelled'}, {limited: {resume: STOPPED.resume}})).toBeUndefined();
    expect(kept('active', {desired: 'paused', freezes: [freeze]}, all)).toBeUndefined();
  });

  it('is no limit where its timetable asks for it', () => {
    const opened = {opening: {from: NOW - HOUR}};
    expect(kept('paused', opened, {...limited, past: {declaredBefore: 1}})).toBeUndefined();
    expect(kept('paused', opened, limited)).toBe('limited');
  });

  it('is told with the rest, and without a time to try it again', () => {
    expect(of('paused', {}, {...all, trouble})).toEqual({
      state: 'pending',
      mode: 'enforce',
      steps: ['resume'],
      cause: 'pending',
      restraint: contested,
    });
  });
});

describe('a resume that may be too old', () => {
  it('says when it becomes that, and is kept from then on', () => {
    const at = (now: number) => of('paused', {}, {now, freshness: {maxAge: HOUR, inForceAt: NOW}});
    expect(at(NOW + HOUR - 1)).toMatchObject({state: 'pending', staleAt: NOW + HOUR});
    expect(at(NOW + HOUR - 1)?.restraint).toBeUndefined();
    expect(at(NOW + HOUR)?.restraint).toMatchObject({
      reason: 'stale',
      message: expect.stringMatching(/^due since 2026-11-24T00:00:00.000Z, which is longer ago than 1 h:/),
    });
    expect(at(NOW + HOUR)).not.toHaveProperty('staleAt');
  });

  it('says it also where it failed, and a cancel or a pause never', () => {
    const freshness = {maxAge: HOUR, inForceAt: NOW};
    expect(of('paused', {}, {freshness, trouble})).toMatchObject({state: 'failed', staleAt: NOW + HOUR});
    for (const desired of ['paused', 'cancelled'] as const)
      expect(of('active', {desired}, {freshness})).not.toHaveProperty('staleAt');
    expect(of('paused')).not.toHaveProperty('staleAt');
  });
});

describe('a campaign that nobody declares', () => {
  it('is told while it may still call, and not once it is over or gone', () => {
    expect(verdict(undefined, seen('camp-1', 'paused'))).toEqual({
      state: 'unmanaged',
      mode: 'enforce',
      steps: [],
    });
    expect(verdict(undefined, seen('camp-1', 'active'), {mode: 'detect'})?.mode).toBe('detect');
    expect(verdict(undefined, seen('camp-1', 'archived'))?.state).toBe('unmanaged');
    for (const status of ['ended', 'cancelled'])
      expect(verdict(undefined, seen('camp-1', status))).toBeUndefined();
    expect(verdict(undefined, {kind: 'missing'})).toBeUndefined();
    expect(verdict(undefined, undefined)).toBeUndefined();
  });
});
