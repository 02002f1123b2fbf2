/** What a verdict newly means of a campaign, and what another wish, or none, makes of what is remembered. */
import {describe, expect, it} from 'vitest';
import {type Entry, NO_MOVES, newEntry} from '../../src/controller/store/entry.ts';
import {forgetPast, learn, learnOfSetBack, wasMade, wishOtherwise} from '../../src/controller/store/learn.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import type {Verdict} from '../../src/domain/judge.ts';
import {claim, live} from '../support/fixtures.ts';

const seen = (campaign: LiveCampaign) => ({kind: 'seen', campaign}) as const;
const verdict = (more: Partial<Verdict>): Verdict => ({
  state: 'satisfied',
  mode: 'enforce',
  steps: [],
  ...more,
});

const PAUSED = claim({desired: 'paused'});

/** A campaign that Git wants paused. */
const entryOf = (more: Partial<Entry> = {}): Entry => ({...newEntry('camp-1'), claim: PAUSED, ...more});

const DRIFTED = verdict({state: 'drifted', cause: 'drifted', steps: ['pause']});
const TERMINAL = verdict({state: 'terminal'});
const NOTHING = {drift: undefined, lost: false};

describe('a campaign that is in place', () => {
  it.each(['satisfied', 'awaiting'] as const)('(%s) is remembered for it, and waits for nothing', state => {
    const outcome = {kind: 'deferred', action: 'pause', message: '', retryAt: 5} as const;
    const waiting = {count: 1, dueAt: 5, outcome};
    const entry = entryOf({verdict: verdict({state}), waiting, drifting: 'told', lost: true, changedAt: 400});
    expect(learn(entry, 1_000)).toEqual({...NOTHING, converged: 600});
    expect(entry).toMatchObject({settledFor: 'paused', lost: false});
    expect([entry.waiting, entry.drifting, entry.changedAt]).toEqual([undefined, undefined, undefined]);
    expect(learn(entry, 2_000)).toEqual(NOTHING);
  });

  it('is remembered for what its timetable wants of it now', () => {
    const entry = entryOf({verdict: verdict({}), wanted: {desired: 'active'}});
    learn(entry, 0);
    expect(entry.settledFor).toBe('active');
  });

  it('is remembered for what it was before where nothing is wanted of it', () => {
    const entry = entryOf({claim: undefined, verdict: verdict({}), settledFor: 'paused'});
    learn(entry, 0);
    expect(entry.settledFor).toBe('paused');
  });

  it('by a version that is older than one shown before is only noted', () => {
    const newer = {campaign: live('active', {updatedAt: 9_000}), unseenSince: 0};
    const entry = entryOf({
      verdict: verdict({}),
      observation: seen(live('paused', {updatedAt: 5_000})),
      newer,
      changedAt: 3,
      drifting: 'told',
    });
    expect(learn(entry, 1_000)).toEqual(NOTHING);
    expect(entry).toMatchObject({
      setBackFor: {wanted: 'paused', newest: 9_000},
      settledFor: undefined,
      changedAt: 3,
      drifting: 'told',
    });
  });
});

describe('a campaign that was moved from outside', () => {
  it('drifts once, until it is in place again', () => {
    const entry = entryOf({verdict: DRIFTED});
    expect([learn(entry, 0), learn(entry, 1)]).toEqual([{...NOTHING, drift: 'begins'}, NOTHING]);
    entry.verdict = verdict({});
    learn(entry, 2);
    entry.verdict = DRIFTED;
    expect(learn(entry, 3).drift).toBe('begins');
  });

  it('still does where an earlier process told of it', () => {
    const entry = entryOf({verdict: DRIFTED, drifting: 'told before'});
    expect([learn(entry, 0), learn(entry, 1)]).toEqual([{...NOTHING, drift: 'stands'}, NOTHING]);
  });

  it('is lost still though it could not be read in between, and is so no more once it is anything else', () => {
    const entry = entryOf({verdict: verdict({state: 'unknown'}), lost: true});
    expect([learn(entry, 0), entry.lost]).toEqual([NOTHING, true]);
    entry.verdict = verdict({state: 'missing'});
    expect([learn(entry, 0), entry.lost]).toEqual([NOTHING, false]);
  });

  it('to where nothing leaves is lost, once, and has drifted where it had been in place', () => {
    const entry = entryOf({verdict: TERMINAL, settledFor: 'paused'});
    expect([learn(entry, 0), learn(entry, 1)]).toEqual([{drift: 'begins', lost: true}, NOTHING]);
    const own = entryOf({
      verdict: TERMINAL,
      settledFor: 'paused',
      observation: seen(live('cancelled', {updatedAt: 7})),
      ownUpdatedAt: 7,
    });
    expect(learn(own, 0)).toEqual({drift: undefined, lost: true});
    expect(learn({...own, lost: false, ownUpdatedAt: 6}, 0)).toEqual({drift: 'begins', lost: true});
    const missing = entryOf({verdict: TERMINAL, settledFor: 'paused', observation: {kind: 'missing'}});
    expect(learn(missing, 0)).toEqual({drift: 'begins', lost: true});
  });

  it.each([undefined, 'active'] as const)(
    'to where nothing leaves has not drifted where it was in place for %s',
    settledFor => {
      expect(learn(entryOf({verdict: TERMINAL, settledFor}), 0)).toEqual({drift: undefined, lost: true});
    },
  );

  it('is neither where nothing is wanted of it, nor where nothing is said of it', () => {
    expect(learn(entryOf({claim: undefined, verdict: undefined}), 0)).toEqual(NOTHING);
    expect(learn(entryOf({claim: undefined, verdict: TERMINAL}), 0)).toEqual({drift: undefined, lost: true});
  });

  it('is not one that differs for another reason, though it was in place', () => {
    const entry = entryOf({verdict: verdict({state: 'pending', cause: 'pending'}), settledFor: 'paused'});
    expect([learn(entry, 0), entry.drifting]).toEqual([NOTHING, undefined]);
  });

  it('is found anew where it is lost a second time', () => {
    const entry = entryOf({verdict: TERMINAL});
    learn(entry, 0);
    entry.verdict = verdict({state: 'missing'});
    expect(learn(entry, 1)).toEqual(NOTHING);
    entry.verdict = TERMINAL;
    expect(learn(entry, 2).lost).toBe(true);
  });
});

describe('an action that took effect before that was seen', () => {
  it.each([
    ['paused', undefined, 'paused'],
    ['active', undefined, undefined],
    ['active', 'active', 'active'],
    ['scheduled', 'active', 'active'],
    ['melted', 'active', undefined],
  ] as const)(
    'made it %s: where %s is wanted by its timetable, it was in place for %s',
    (status, desired, settledFor) => {
      const entry = entryOf(desired ? {wanted: {desired}} : {});
      wasMade(entry, live(status).status);
      expect(entry.settledFor).toBe(settledFor);
    },
  );

  it('is nothing to a campaign of which nothing is wanted', () => {
    const entry = entryOf({claim: undefined});
    wasMade(entry, {known: 'paused'});
    expect(entry.settledFor).toBeUndefined();
  });
});

describe('a campaign that was in place while it was shown as it had been before', () => {
  const setBackFor = {wanted: 'paused', newest: 9_000} as const;
  const shown = (updatedAt: number, more: Partial<Entry> = {}): Entry => {
    const entry = entryOf({
      setBackFor,
      drifting: 'told',
      changedAt: 3,
      observation: seen(live('active', {updatedAt})),
      ...more,
    });
    learnOfSetBack(entry);
    return entry;
  };

  it('was so where a later version comes than the one that was lost', () => {
    const entry = shown(9_001);
    expect([entry.setBackFor, entry.settledFor, entry.drifting, entry.changedAt]).toEqual([
      undefined,
      'paused',
      undefined,
      undefined,
    ]);
    expect(
      shown(9_001, {setBackFor: {wanted: undefined, newest: 9_000}, settledFor: 'active'}).settledFor,
    ).toBe('active');
  });

  it.each([
    ['the lost version comes again', 9_000, {}],
    ['an older one comes', 8_000, {}],
    ['the clock made the later one', 9_001, {byItselfAt: 9_001}],
  ])('was not where %s', (_what, updatedAt, more) => {
    const entry = shown(updatedAt, more);
    expect([entry.setBackFor, entry.settledFor, entry.drifting, entry.changedAt]).toEqual([
      undefined,
      undefined,
      'told',
      3,
    ]);
  });

  it.each<[string, Partial<Entry>]>([
    [
      'a newer version is still missing',
      {newer: {campaign: live('active', {updatedAt: 9_000}), unseenSince: 0}},
    ],
    ['it cannot be read', {observation: {kind: 'unreadable', problem: '403'}}],
    ['nothing is known of it', {observation: undefined}],
  ])('may have been so while %s', (_what, more) => {
    expect(shown(9_001, more)).toMatchObject({setBackFor, drifting: 'told', changedAt: 3});
  });

  it('is left alone where it never was', () => {
    expect(shown(9_001, {setBackFor: undefined}).settledFor).toBeUndefined();
  });
});

describe('another wish', () => {
  const WISH = {isFirst: false, committedAt: 50, now: 70, ticks: 7};
  const settled: Partial<Entry> = {
    setBackFor: {wanted: 'paused', newest: 1},
    settledFor: 'paused',
    drifting: 'told',
    sinceFirst: true,
  };

  it('gives a campaign a new chance, and starts its clock', () => {
    const entry = entryOf(settled);
    wishOtherwise(entry, claim({desired: 'active'}), WISH);
    expect(entry).toMatchObject({askedAt: 50, changedAt: 7, sinceFirst: false});
    expect([entry.setBackFor, entry.settledFor, entry.drifting]).toEqual([undefined, undefined, undefined]);
  });

  it('counts from when it came where its revision is no commit', () => {
    const entry = entryOf();
    wishOtherwise(entry, claim({desired: 'active'}), {...WISH, committedAt: undefined});
    expect(entry.askedAt).toBe(70);
  });

  it('of the same status keeps what is remembered of it', () => {
    const entry = entryOf(settled);
    wishOtherwise(entry, claim({desired: 'paused', name: 'other'}), WISH);
    expect(entry).toMatchObject({...settled, askedAt: 50});
    expect(entry.changedAt).toBeUndefined();
  });

  it('for what it was in place for before the last wish remembers that', () => {
    const entry = entryOf({...settled, claim: claim({desired: 'active'})});
    wishOtherwise(entry, PAUSED, WISH);
    expect(entry).toMatchObject({settledFor: 'paused', drifting: 'told'});
  });

  it('that is no declaration forgets nothing, and starts no clock', () => {
    const entry = entryOf(settled);
    wishOtherwise(entry, undefined, WISH);
    expect(entry).toMatchObject({settledFor: 'paused', drifting: 'told', sinceFirst: false, askedAt: 50});
    expect([entry.changedAt, entry.setBackFor]).toEqual([undefined, undefined]);
  });

  it('of the first revision may have stood there long: no clock starts', () => {
    const entry = entryOf({claim: undefined});
    wishOtherwise(entry, PAUSED, {...WISH, isFirst: true});
    expect(entry.sinceFirst).toBe(true);
    expect([entry.askedAt, entry.changedAt]).toEqual([undefined, undefined]);
  });

  it.each<[string, boolean, number | undefined]>([
    ['is of no moment where only its hours are others, and say the same of now', true, undefined],
    ['counts from then on where its hours say otherwise of now', false, 50],
  ])('%s', (_what, isOpen, askedAt) => {
    const before = claim({desired: 'active', opening: {from: 0}});
    const after = claim({desired: 'active', opening: {from: isOpen ? 10 : 100}});
    const entry = entryOf({claim: before});
    wishOtherwise(entry, after, WISH);
    expect(entry.askedAt).toBe(askedAt);
  });

  it('that says something else itself counts though it asks for the same now', () => {
    const entry = entryOf();
    wishOtherwise(entry, claim({desired: 'paused', reason: 'other'}), WISH);
    expect(entry.askedAt).toBe(50);
  });

  it('after a broken declaration counts', () => {
    const entry = entryOf({claim: undefined});
    wishOtherwise(entry, PAUSED, WISH);
    expect(entry).toMatchObject({askedAt: 50, changedAt: 7});
  });
});

it('of a campaign that nobody declares any more nothing is remembered but what it is', () => {
  const observation = seen(live('paused'));
  const entry = entryOf({
    observation,
    moves: [{at: 1, by: 'ops'}],
    setBackFor: {wanted: 'paused', newest: 1},
    settledFor: 'paused',
    drifting: 'told',
    lost: true,
    sinceFirst: true,
    changedAt: 1,
    askedAt: 1,
    lastOutcome: {at: 1, outcome: {kind: 'applied', action: 'pause', from: 'active', to: 'paused'}},
  });
  forgetPast(entry);
  expect(entry).toEqual(entryOf({observation, moves: NO_MOVES}));
});
