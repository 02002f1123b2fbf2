/** What a revision makes of the entries of a workspace, and what a history from before this process adds to it. */
import {describe, expect, it} from 'vitest';
import {Adoption, type TellWishes} from '../../src/controller/store/adoption.ts';
import {Entries} from '../../src/controller/store/entries.ts';
import {NO_MOVES} from '../../src/controller/store/entry.ts';
import {type KnownPast, NO_PAST} from '../../src/controller/store/known-past.ts';
import {Origin} from '../../src/controller/store/origin.ts';
import {NOTHING_SHOWN} from '../../src/controller/store/sighted.ts';
import {Waits} from '../../src/controller/store/waits.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import {claim, live} from '../support/fixtures.ts';

const NOW = 1_000_000;
const TICKS = 5_000;

class Trial {
  readonly entries = new Entries();
  readonly origin = new Origin();
  readonly waits = new Waits(
    () => 0.5,
    entry => this.entries.mark(entry),
  );
  readonly adoption = new Adoption(this.entries, this.origin, this.waits);
  readonly told: string[] = [];
  readonly #tell: TellWishes = {
    wished: (id, after, before) =>
      this.told.push(`${id}: ${before?.kind ?? 'nothing'} → ${after?.kind ?? 'nothing'}`),
    reworded: id => this.told.push(`${id} reworded`),
  };

  constructor(past: Partial<KnownPast> = {}) {
    this.adoption.past = {...NO_PAST, ...past};
  }

  adopt(claims: Readonly<Record<string, Claim | undefined>>, wishes = Object.keys(claims), later = 0) {
    this.told.length = 0;
    const changes = {claims: new Map(Object.entries(claims)), wishes: new Set(wishes)};
    const adopted = {committedAt: 900_000 + later, now: NOW + later, ticks: TICKS + later};
    return [...this.adoption.steps(changes, adopted, this.#tell)].length;
  }

  entry(id = 'a') {
    const entry = this.entries.find(id);
    if (!entry) throw new Error(`there is no ${id}`);
    return entry;
  }
}

const A = claim({campaignId: 'a', desired: 'paused'});
const BROKEN: Claim = {
  kind: 'invalid',
  workspace: 'collections',
  campaignId: 'a',
  problem: 'broken',
  source: {file: 'a.yaml', line: 1},
};

describe('a first revision', () => {
  it('may have stood there long: no clock starts, and its commit is known for all', () => {
    const trial = new Trial({ownName: 'rollcall'});
    expect(trial.adopt({a: A, b: claim({campaignId: 'b'})})).toBe(2);
    expect(trial.entry()).toMatchObject({claim: A, sinceFirst: true, inForceAt: NOW, settledFor: undefined});
    expect([trial.entry().askedAt, trial.entry().changedAt]).toEqual([undefined, undefined]);
    expect(trial.origin).toMatchObject({committedAt: 900_000, adoptedAt: NOW, ownName: 'rollcall'});
    expect(trial.told).toEqual(['a: nothing → valid', 'b: nothing → valid']);
    expect([...trial.entries.takeMarked()].map(({campaignId}) => campaignId).toSorted()).toEqual(['a', 'b']);
  });

  it('is still to come where nothing was declared validly', () => {
    const trial = new Trial({inForceAt: (_id, one) => (one?.kind === 'valid' ? 600 : undefined)});
    trial.adopt({a: BROKEN});
    trial.adopt({a: A}, ['a'], 10);
    expect(trial.entry()).toMatchObject({sinceFirst: true, inForceAt: 600, correctedAt: undefined});
    expect(trial.origin.adoptedAt).toBe(NOW + 10);
  });

  it('learns what a history knows of a campaign', () => {
    const moves = [
      {at: 1, by: 'ops', correctedAt: NOW - 300},
      {at: 2, by: 'ops'},
    ];
    const seen = live('active', {campaignId: 'a', updatedAt: 800});
    const trial = new Trial({
      inForceAt: () => 600,
      askedAt: () => 500,
      moves: () => moves,
      ownUpdatedAt: () => 700,
      lastSeen: () => seen,
      settledFor: (_id, desired) => desired,
      begun: () => [
        {action: 'resume', at: NOW - 1_000},
        {action: 'cancel', at: NOW - 500},
      ],
    });
    trial.adopt({a: A});
    expect(trial.entry()).toMatchObject({
      inForceAt: 600,
      askedAt: 500,
      moves,
      correctedAt: TICKS - 300,
      ownUpdatedAt: 700,
      newer: {campaign: seen, unseenSince: NOTHING_SHOWN},
      settledFor: 'paused',
      drifting: undefined,
      sent: [
        {action: 'resume', from: 'paused', at: TICKS - 1_000, sentAt: NOW - 1_000, isCounted: true},
        {action: 'cancel', from: 'active', at: TICKS - 500, sentAt: NOW - 500, isCounted: true},
      ],
    });
  });

  it('knows the drift of before for that, under what was in place then', () => {
    const trial = new Trial({isDrifting: () => true, settledFor: () => 'active'});
    trial.adopt({a: A});
    expect(trial.entry()).toMatchObject({drifting: 'told before', settledFor: 'paused'});
  });

  it('knows what was told to be over', () => {
    const trial = new Trial({isLost: id => id === 'a'});
    trial.adopt({a: A, b: BROKEN});
    expect([trial.entry('a').lost, trial.entry('b').lost]).toEqual([true, false]);
  });

  it('knows nothing of what was in place of a campaign that goes by a timetable, or whose file is broken', () => {
    const trial = new Trial({isDrifting: () => true, settledFor: () => 'active'});
    trial.adopt({a: claim({campaignId: 'a', opening: {from: 5}}), b: BROKEN});
    for (const id of ['a', 'b'])
      expect(trial.entry(id)).toMatchObject({drifting: undefined, settledFor: undefined});
  });

  it('does not overwrite what this process knows better', () => {
    const trial = new Trial({askedAt: () => 500, ownUpdatedAt: () => 700, settledFor: () => 'active'});
    const entry = trial.entries.of('a');
    const observation = {kind: 'seen', campaign: live('active', {campaignId: 'a'})} as const;
    Object.assign(entry, {askedAt: 1, ownUpdatedAt: 2, settledFor: 'paused', observation});
    trial.adoption.past = {...trial.adoption.past, lastSeen: () => live('paused')};
    trial.adopt({a: A});
    expect(entry).toMatchObject({
      askedAt: 1,
      ownUpdatedAt: 2,
      settledFor: 'paused',
      newer: undefined,
      observation,
    });
  });
});

describe('a later revision', () => {
  const later = (): Trial => {
    const trial = new Trial({inForceAt: () => 600, moves: () => [{at: 1, by: 'ops'}], ownName: 'rollcall'});
    trial.adopt({a: A});
    return trial;
  };

  it('starts the clock of what it wishes otherwise, forgets moves against the wish before, and asks no history', () => {
    const trial = later();
    trial.entry().waiting = {
      count: 3,
      dueAt: 1,
      outcome: {kind: 'deferred', action: 'pause', message: '', retryAt: 0},
    };
    trial.adopt({a: claim({campaignId: 'a', desired: 'active'})}, ['a'], 10);
    expect(trial.entry()).toMatchObject({
      askedAt: 900_010,
      changedAt: TICKS + 10,
      inForceAt: NOW + 10,
      moves: NO_MOVES,
      sinceFirst: false,
    });
    expect(trial.entry().waiting).toBeUndefined();
    expect(trial.origin).toMatchObject({committedAt: 900_000, adoptedAt: NOW});
    expect(trial.told).toEqual(['a: valid → valid']);
  });

  it('that says the same in other words is in force anew, and no wish', () => {
    const trial = later();
    trial.adopt({a: claim({campaignId: 'a', desired: 'paused', reason: 'other'})}, [], 10);
    expect(trial.entry()).toMatchObject({inForceAt: NOW + 10, moves: NO_MOVES});
    expect([trial.entry().askedAt, trial.told]).toEqual([undefined, ['a reworded']]);
  });

  it('that lays a freeze on a campaign is in force anew, and forgets no moves', () => {
    const trial = later();
    const freezes = [{name: 'storm', labels: {}, until: 5, reason: 'x', source: {file: 'f.yaml', line: 1}}];
    trial.adopt({a: claim({campaignId: 'a', desired: 'paused', freezes})}, [], 10);
    expect(trial.entry()).toMatchObject({inForceAt: NOW + 10, moves: [{at: 1, by: 'ops'}]});
    expect(trial.told).toEqual(['a reworded']);
  });

  it('that only moves a declaration to another place changes nothing but the place', () => {
    const trial = later();
    const moved = claim({campaignId: 'a', desired: 'paused', source: {file: 'b.yaml', line: 9}});
    trial.adopt({a: moved}, [], 10);
    expect(trial.entry()).toMatchObject({claim: moved, inForceAt: 600, moves: [{at: 1, by: 'ops'}]});
    expect(trial.told).toEqual([]);
  });

  it('that declares a campaign no more forgets what was remembered of it', () => {
    const trial = later();
    Object.assign(trial.entry(), {settledFor: 'paused', drifting: 'told', lost: true});
    trial.adopt({a: undefined}, ['a'], 10);
    expect(trial.entry()).toMatchObject({
      claim: undefined,
      moves: NO_MOVES,
      settledFor: undefined,
      lost: false,
    });
    expect([[...trial.entries.declared], trial.told]).toEqual([[], ['a: valid → nothing']]);
  });
});
