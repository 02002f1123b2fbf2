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
