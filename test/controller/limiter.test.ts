/** What limits and allowances let through together. */
import {describe, expect, it} from 'vitest';
import {Limiter} from '../../src/controller/store/limiter.ts';
import type {Allowance} from '../../src/domain/limits.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const DECLARED = 1_000;

const allowance = (resume: number, more: Partial<Allowance> = {}): Allowance => ({
  name: 'a',
  workspace: 'w',
  resume,
  cancel: 0,
  until: NOW + 24 * HOUR,
  reason: 'r',
  source: {file: 'a.yaml', line: 1},
  ...more,
});

/** A limiter of 5 resumes an hour, to which so many were sent so many hours ago. */
const limiter = (sent: readonly (readonly [hoursAgo: number, number: number])[]): Limiter => {
  const made = new Limiter('w');
  const limit = {most: 5, share: 0, per: HOUR};
  made.limits = {resume: limit, cancel: limit};
  for (const [hoursAgo, number] of sent)
    for (let one = 0; one < number; one++) made.sent('resume', NOW - hoursAgo * HOUR + one);
  return made;
};

const stops = (made: Limiter, wanted: number): boolean => {
  made.update({wanted: {resume: wanted, cancel: 0}, declared: DECLARED}, NOW);
  return made.restraints.resume !== undefined;
};

describe('an allowance', () => {
  it('is not used up by what the limit let through by itself', () => {
    const made = limiter([
      [9, 4],
      [8, 5],
      [7, 3],
    ]);
    made.allow([allowance(10)], NOW - 10 * HOUR);
    expect([stops(made, 15), stops(made, 16)]).toEqual([false, true]);
    expect(made.texts(NOW)[0]).toMatch(/: 16 resumes are more than 5.*with 10 that are allowed besides/);
  });

  it('is used up by what was more than the limit, once', () => {
    const made = limiter([[9, 12]]);
    made.allow([allowance(10)], NOW - 10 * HOUR);
    expect([stops(made, 8), stops(made, 9)]).toEqual([false, true]);
    expect(made.texts(NOW)[0]).toContain('with 3 that are allowed besides');
  });

  it('counts what it has let through within the time of the limit on both sides', () => {
    const made = limiter([[0.5, 12]]);
    made.allow([allowance(10)], NOW - HOUR);
    expect([stops(made, 3), stops(made, 4)]).toEqual([false, true]);
    expect(made.texts(NOW)[0]).toMatch(
      /16 resumes, of which 12 were sent within 1 h,.*with 10 that are allowed/,
    );
  });

  it('lets nothing through for what was sent before it was there', () => {
    const made = limiter([[0.5, 5]]);
    made.allow([allowance(10)], NOW - 0.25 * HOUR);
    expect([stops(made, 10), stops(made, 11)]).toEqual([false, true]);
  });
});

describe('a limit', () => {
  const counted = (resume: number, cancel = 0, declared = DECLARED) => ({wanted: {resume, cancel}, declared});

  it('stops nothing where there is none, or nothing is wanted', () => {
    const made = new Limiter('w');
    for (let n = 0; n < 99; n++) made.sent('resume', NOW);
    expect([made.update(counted(99), NOW), made.restraints, made.texts(NOW), made.next(NOW)]).toEqual([
      [],
      {},
      [],
      undefined,
    ]);
    expect(stops(limiter([[0, 99]]), 0)).toBe(false);
  });

  it('is what is sent within its time, whatever order that is told in', () => {
    const made = limiter([]);
    for (const minutes of [10, 59, 30, 60, 61]) made.sent('resume', NOW - minutes * 60_000);
    expect([stops(made, 2), stops(made, 3)]).toEqual([false, true]);
    expect(made.texts(NOW)[0]).toContain('of which 3 were sent within 1 h');
  });

  it('is a share of what is declared where that is more', () => {
    const made = limiter([]);
    const limit = {most: 5, share: 0.29, per: HOUR};
    made.limits = {resume: limit, cancel: limit};
    made.update(counted(29, 0, 100), NOW);
    expect(made.restraints).toEqual({});
    made.update(counted(30, 0, 100), NOW);
    expect(Object.keys(made.restraints)).toEqual(['resume']);
    made.update(counted(6, 0, 10), NOW);
    expect(Object.keys(made.restraints)).toEqual(['resume']);
  });

  it('is of one kind of action, and says of which it stops something otherwise than before', () => {
    const made = limiter([[0.5, 5]]);
    expect(made.update(counted(1, 5), NOW)).toEqual(['resume']);
    expect(made.update(counted(1, 6), NOW)).toEqual(['cancel']);
    expect(made.update(counted(2, 6), NOW)).toEqual([]);
    expect([Object.keys(made.restraints), made.texts(NOW).length]).toEqual([['resume', 'cancel'], 2]);
    expect(made.update(counted(0, 6), NOW)).toEqual(['resume']);
  });

  it('says when it stops less: once the first that counts is too long ago', () => {
    const made = limiter([
      [2, 1],
      [0.5, 3],
      [0.25, 2],
    ]);
    expect([made.next(NOW), stops(made, 1), made.next(NOW)]).toEqual([undefined, true, NOW + 0.5 * HOUR + 1]);
  });

  it('remembers for a month what was sent, and not for ever', () => {
    const DAY = 24 * HOUR;
    const made = limiter([]);
    const limit = {most: 1, share: 0, per: 31 * DAY};
    made.limits = {resume: limit, cancel: limit};
    made.sent('resume', NOW - 70 * DAY);
    made.sent('resume', NOW - 30 * DAY);
    made.sent('resume', NOW);
    expect(stops(made, 1)).toBe(true);
    expect(made.texts(NOW)[0]).toContain('of which 2 were sent');
  });
});

describe('the allowances of a revision', () => {
  it('are others where one comes, goes or says something else, wherever it stands', () => {
    const made = limiter([]);
    const moved = {source: {file: 'b.yaml', line: 9}};
    const told = [
      [],
      [allowance(1)],
      [allowance(1, moved)],
      [allowance(2)],
      [allowance(2), allowance(1, {name: 'b'})],
      [allowance(2), allowance(1, {name: 'c'})],
      [allowance(2)],
      [allowance(2), allowance(9, {workspace: 'another'})],
      [],
    ].map(all => made.allow(all, NOW));
    expect(told).toEqual([false, true, false, true, true, true, true, false, true]);
  });

  it('count from when each is known first', () => {
    const made = limiter([[0.5, 12]]);
    made.allow([allowance(10)], NOW - HOUR);
    made.allow([allowance(10, {source: {file: 'b.yaml', line: 2}})], NOW);
    expect([stops(made, 3), stops(made, 4)]).toEqual([false, true]);
  });

  it('of resumes let them through however old they are, until they end', () => {
    const made = limiter([]);
    made.allow([allowance(0), allowance(1, {name: 'b', until: NOW + 5})], NOW);
    expect([NOW, NOW + 4, NOW + 5].map(now => made.allowsResumes(now))).toEqual([true, true, false]);
    expect([made.next(NOW), made.next(NOW + 5)]).toEqual([NOW + 5, NOW + 24 * HOUR]);
    made.allow([allowance(0)], NOW);
    expect(made.allowsResumes(NOW)).toBe(false);
    made.allow([allowance(9, {workspace: 'another'})], NOW);
    expect([made.allowsResumes(NOW), made.next(NOW)]).toEqual([false, undefined]);
  });

  it('are used up by what was sent since the first of them was there, and not by what was sent before', () => {
    const sent = (): Limiter =>
      limiter([
        [2, 9],
        [0.5, 7],
      ]);
    const early = sent();
    early.allow([allowance(10)], NOW - 3 * HOUR);
    expect([stops(early, 4), stops(early, 5)]).toEqual([false, true]);
    const late = sent();
    late.allow([allowance(10)], NOW - HOUR);
    expect([stops(late, 8), stops(late, 9)]).toEqual([false, true]);
    const both = sent();
    both.allow([allowance(5)], NOW - 3 * HOUR);
    both.allow([allowance(5), allowance(5, {name: 'b'})], NOW - HOUR);
    expect([stops(both, 4), stops(both, 5)]).toEqual([false, true]);
  });

  it('add up, and end at their time', () => {
    const made = limiter([]);
    made.allow([allowance(2), allowance(3, {name: 'b', until: NOW})], NOW - HOUR);
    expect([stops(made, 7), stops(made, 8)]).toEqual([false, true]);
    made.allow([allowance(2), allowance(3, {name: 'b'})], NOW - HOUR);
    expect([stops(made, 10), stops(made, 11)]).toEqual([false, true]);
  });
});
