import {describe, expect, it} from 'vitest';
import {causeOf, type Relation, relate} from '../../src/domain/assess.ts';
import {STATUSES, type Status} from '../../src/domain/transitions.ts';

const satisfied: Relation = {kind: 'satisfied'};
const opens: Relation = {kind: 'awaiting', transition: 'activate'};
const ends: Relation = {kind: 'awaiting', transition: 'end'};
const completed: Relation = {kind: 'refused', why: 'completed'};
const terminal: Relation = {kind: 'refused', why: 'terminal'};
const pause: Relation = {kind: 'act', steps: ['pause']};
const resume: Relation = {kind: 'act', steps: ['resume']};
const cancel: Relation = {kind: 'act', steps: ['cancel']};

/** The table of the semantics, written by hand: desired, then live. */
const TABLE: Record<Status, Record<Status, Relation>> = {
  active: {scheduled: opens, active: satisfied, paused: resume, ended: completed, cancelled: terminal},
  scheduled: {scheduled: satisfied, active: satisfied, paused: resume, ended: completed, cancelled: terminal},
  paused: {scheduled: pause, active: pause, paused: satisfied, ended: completed, cancelled: terminal},
  cancelled: {scheduled: cancel, active: cancel, paused: cancel, ended: completed, cancelled: satisfied},
  ended: {scheduled: ends, active: ends, paused: ends, ended: satisfied, cancelled: terminal},
};

const PAIRS = STATUSES.flatMap(desired => STATUSES.map(live => [desired, live] as const));

describe('the relation of desired to live', () => {
  it.each(PAIRS)('wants %s, finds %s', (desired, live) => {
    expect(relate(desired, live)).toEqual(TABLE[desired][live]);
  });
});

it('needs one action of any campaign at the most: what a saved plan says is all that its apply has to do', () => {
  const relations = STATUSES.flatMap(desired => STATUSES.map(live => relate(desired, live)));
  for (const relation of relations) if (relation.kind === 'act') expect(relation.steps).toHaveLength(1);
});

describe('why a campaign differs', () => {
  it('drifted, if it was seen in place under the same wish', () => {
    expect(causeOf({desired: 'active'}, 5, {settledFor: 'active'})).toBe('drifted');
  });
  it('is pending, if the platform shows an older version than before: nobody is blamed for that', () => {
    expect(causeOf({desired: 'active'}, 5, {settledFor: 'active', setBack: true})).toBe('pending');
    expect(causeOf({desired: 'active', since: 4}, 5, {declaredBefore: 0, setBack: true})).toBe('pending');
  });
  it('is pending, if the platform’s clock moved it after the commit that was there already', () => {
    expect(causeOf({desired: 'paused'}, 5, {declaredBefore: 4, byItself: true})).toBe('pending');
    expect(causeOf({desired: 'paused'}, 5, {settledFor: 'paused', byItself: true})).toBe('pending');
    expect(causeOf({desired: 'paused'}, 5, {declaredBefore: 4})).toBe('drifted');
  });
  it('is pending, if Git wants what nothing leaves: it never was that', () => {
    for (const desired of ['cancelled', 'ended'] as const)
      for (const past of [{declaredBefore: 4}, {settledFor: desired}, {askedAt: 1, declaredBefore: 1}])
        expect(causeOf({desired}, 5, past)).toBe('pending');
  });
  it('is pending, if Git asks for something else since', () => {
    expect(causeOf({desired: 'paused'}, 5, {settledFor: 'active', declaredBefore: 1})).toBe('pending');
  });
  it('after a restart: drifted, if live changed after the commit that was there already', () => {
    expect(causeOf({desired: 'active'}, 5, {declaredBefore: 4})).toBe('drifted');
    expect(causeOf({desired: 'active'}, 4, {declaredBefore: 4})).toBe('pending');
  });
  it('is its timetable, where that opened or closed after the last commit', () => {
    const closed = {desired: 'paused', since: 10} as const;
    expect(causeOf(closed, 5, {settledFor: 'active'})).toBe('timetable');
    expect(causeOf(closed, 5, {settledFor: 'active', own: true})).toBe('timetable');
    expect(causeOf(closed, 5, {settledFor: 'active', askedAt: 11})).toBe('pending');
    expect(causeOf(closed, 5, {declaredBefore: 9})).toBe('timetable');
    expect(causeOf(closed, 5, {declaredBefore: 11})).toBe('pending');
    expect(causeOf(closed, 11, {declaredBefore: 9})).toBe('drifted');
    expect(causeOf(closed, 11, {settledFor: 'paused'})).toBe('drifted');
    expect(causeOf(closed, 5, {})).toBe('pending');
  });
  it('is pending where nothing is known', () => {
    expect(causeOf({desired: 'active'}, 5, {})).toBe('pending');
  });
});
