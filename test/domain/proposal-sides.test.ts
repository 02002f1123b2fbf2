/** On which side of a plan a campaign is told, and in which order. */
import {describe, expect, it} from 'vitest';
import {Calendar} from '../../src/domain/calendar.ts';
import type {Declaration} from '../../src/domain/campaign.ts';
import type {Finding} from '../../src/domain/finding.ts';
import type {Freeze} from '../../src/domain/freeze.ts';
import type {Opening} from '../../src/domain/opening.ts';
import {propose} from '../../src/domain/proposal.ts';
import {brokenClaim, FOUND_AT, found, foundOf, seen} from '../support/findings.ts';
import {claim} from '../support/fixtures.ts';

const NOW = FOUND_AT;
const HOUR = 3_600_000;

const invalid = (campaignId: string): Finding[] =>
  foundOf(campaignId, brokenClaim(campaignId), seen(campaignId, 'active'));
const freeze = (name: string): Freeze => ({
  name,
  labels: {},
  until: NOW + HOUR,
  reason: 'r',
  source: {file: 'f.yaml', line: 1},
});
/** A calendar that was closed for an hour, so many hours ago. */
const closedBefore = (hours: number): Opening => {
  const from = NOW - hours * HOUR;
  const closed = [{from, to: from + HOUR, reason: 'r'}];
  const source = {file: 'calendar.yaml', line: 1};
  return {
    calendar: new Calendar({name: 'hours', timezone: 'UTC', closed, open: [], source}, () => undefined),
  };
};

/** Where each campaign is told, with its effect. */
const told = (after: Finding[], before: Finding[] | undefined, files?: ReadonlySet<string>) => {
  const {anyway, changes} = propose(after, before, NOW, files);
  const list = (some: typeof changes): string[] =>
    some.map(({campaignId, effect}) => `${campaignId} ${effect}`);
  return {changes: list(changes), anyway: list(anyway)};
};
const NOTHING = {changes: [], anyway: []};

describe('a declaration that goes', () => {
  it('is told where it was valid, and not where it was broken or nobody declared it', () => {
    expect(told(found('c', 'active'), found('c', 'active', {}))).toEqual({changes: ['c none'], anyway: []});
    expect(told(found('c', 'active'), invalid('c'))).toEqual(NOTHING);
    expect(told(found('c', 'active'), found('c', 'active'))).toEqual(NOTHING);
    expect(told([], found('c', 'ended', {}))).toEqual({changes: ['c none'], anyway: []});
  });
});

describe('a declaration that breaks', () => {
  it('is an error of the change, unless it was broken before, nothing was before, or its file is told by itself', () => {
    expect(told(invalid('c'), found('c', 'active', {}))).toEqual({changes: ['c error'], anyway: []});
    expect(told(invalid('c'), [])).toEqual({changes: ['c error'], anyway: []});
    expect(told(invalid('c'), invalid('c'))).toEqual(NOTHING);
    expect(told(invalid('c'), undefined)).toEqual(NOTHING);
    expect(told(invalid('c'), [], new Set(['bad.yaml']))).toEqual(NOTHING);
    expect(told(invalid('c'), [], new Set(['other.yaml']))).toEqual({changes: ['c error'], anyway: []});
  });
});

describe('a plan without a base', () => {
  it('tells what is to be done, what is held and what can never be, and nothing of what is in place', () => {
    const held = found('h', 'active', {desired: 'paused', hold: {reason: 'repair'}});
    const all = [...found('a', 'active', {}), ...found('p', 'active', {desired: 'paused'}), ...held];
    expect(told([...all, ...found('u', 'paused')], undefined)).toEqual({
      changes: ['p act', 'h none'],
      anyway: [],
    });
  });
});

describe('a plan against a base', () => {
  it.each<[string, Partial<Declaration>, Partial<Declaration>, string[]]>([
    ['nothing of a file that moved', {}, {source: {file: 'moved.yaml', line: 9}}, []],
    ['nothing of a timetable that is open as before', {}, {opening: {from: NOW - HOUR}}, []],
    ['a reason that is other', {reason: 'one'}, {reason: 'two'}, ['c none']],
    ['a freeze that is new', {}, {freezes: [freeze('f')]}, ['c none']],
    ['a freeze of another name', {freezes: [freeze('f')]}, {freezes: [freeze('g')]}, ['c none']],
  ])('of a campaign in place tells %s', (_name, before, after, changes) => {
    expect(told(found('c', 'active', after), found('c', 'active', before))).toEqual({changes, anyway: []});
  });

  it('tells a calendar that says something else, and not one that is only read anew', () => {
    const timed = (hours: number) => found('c', 'active', {opening: closedBefore(hours)});
    expect(told(timed(5), timed(5))).toEqual(NOTHING);
    expect(told(timed(6), timed(5))).toEqual({changes: ['c none'], anyway: []});
  });

  it('tells what is declared for the first time, though it is in place', () => {
    expect(told(found('c', 'active', {}), found('c', 'active'))).toEqual({changes: ['c none'], anyway: []});
  });

  it('tells what is mended, though it is in place', () => {
    expect(told(found('c', 'active', {}), invalid('c'))).toEqual({changes: ['c none'], anyway: []});
  });

  it('tells on the other side what somebody moved, whether or not the base knows that it was moved', () => {
    const pending = found('c', 'active', {desired: 'paused'});
    const drifted = pending.map(one => ({...one, state: 'drifted' as const}));
    expect(told(drifted, pending)).toEqual({changes: [], anyway: ['c act']});
    expect(told(pending, drifted)).toEqual({changes: [], anyway: ['c act']});
  });

  it('tells on the other side what differs without the change, as it would be without one', () => {
    const one = {desired: 'paused', reason: 'one'} as const;
    const {anyway, changes} = propose(
      found('c', 'active', {...one, reason: 'two'}),
      found('c', 'active', one),
      NOW,
    );
    expect([changes, anyway]).toMatchObject([[], [{effect: 'act', steps: ['pause'], notes: []}]]);
  });

  it('tells nothing of a word that changes in the file of a campaign that ran its course', () => {
    const over = (reason: string) => found('c', 'ended', {reason});
    expect(told(over('two'), over('one'))).toEqual(NOTHING);
    expect(propose(over('two'), over('one'), NOW).completed).toBe(1);
  });
});

describe('the order of a plan', () => {
  it('has what can never be first, what cannot be undone next, then the other actions, then the rest', () => {
    const list = [
      ...found('none', 'active', {reason: 'new'}),
      ...found('resume', 'paused', {}),
      ...found('pause', 'active', {desired: 'paused'}),
      ...found('cancel', 'active', {desired: 'cancelled'}),
      ...found('error', 'cancelled', {}),
    ];
    const ids = propose(list, [], NOW).changes.map(({campaignId}) => campaignId);
    expect(ids).toEqual(['error', 'cancel', 'pause', 'resume', 'none']);
  });

  it('is by workspace and then by name among what is alike', () => {
    const one = (workspace: string, campaignId: string): Finding[] =>
      foundOf(campaignId, claim({workspace, campaignId}), seen(campaignId, 'paused'), workspace);
    const list = [...one('b', '1'), ...one('a', '3'), ...one('a', '2'), ...one('b', '0')];
    const names = propose(list, [], NOW).changes.map(({name, workspace}) => `${workspace}/${name}`);
    expect(names).toEqual(['a/name-2', 'a/name-3', 'b/name-0', 'b/name-1']);
  });
});
