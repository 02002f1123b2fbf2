/** What a campaign is said to do next by itself, where hours, holds and freezes meet. */
import {describe, expect, it} from 'vitest';
import {Calendar} from '../../src/domain/calendar.ts';
import type {Declaration} from '../../src/domain/campaign.ts';
import {find} from '../../src/domain/finding.ts';
import {nextOf} from '../../src/domain/next.ts';
import {declaration, live} from '../support/fixtures.ts';

const HOUR = 3_600_000;
/** A Monday, six in the morning. */
const NOW = Date.UTC(2026, 0, 5, 6);
const at = (hours: number): number => Date.UTC(2026, 0, 5) + hours * HOUR;
const shown = (hours: number): string => new Date(at(hours)).toISOString();

const calendar = new Calendar(
  {
    name: 'day',
    timezone: 'UTC',
    weekly: Array.from({length: 7}, () => [{from: 9 * 60, to: 19 * 60}]),
    closed: [],
    open: [],
    source: {file: 'calendars.yaml', line: 1},
  },
  () => new Map(),
);

const freeze = (from: number, until: number) => ({
  name: 'f',
  labels: {},
  from: at(from),
  until: at(until),
  reason: 'audit',
  source: {file: 'f.yaml', line: 1},
});

const next = (status: string, declared: Partial<Declaration>, now = NOW): string => {
  const claim = {kind: 'valid', declaration: declaration({opening: {calendar}, ...declared})} as const;
  const observation = {kind: 'seen', campaign: live(status)} as const;
  const context = {mode: 'enforce', now, ticks: 0, workspace: 'w', past: {}} as const;
  const finding = find({campaignId: 'camp-1', claim, observation}, context);
  if (!finding) throw new Error('nothing is found');
  return nextOf(finding, now);
};

describe('a campaign that is paused by its timetable is resumed next', () => {
  it.each<[string, Partial<Declaration>, string]>([
    ['when that opens', {}, `resume at ${shown(9)}, when its timetable opens`],
    [
      'when a hold ends later',
      {hold: {reason: 'r', until: at(11)}},
      `resume at ${shown(11)}, when its hold ends`,
    ],
    [
      'when that opens, after a hold',
      {hold: {reason: 'r', until: at(8)}},
      `resume at ${shown(9)}, when its timetable opens`,
    ],
    [
      'when that opens again, after a hold that ends in closed hours',
      {hold: {reason: 'r', until: at(20)}},
      `resume at ${shown(33)}, when its timetable opens`,
    ],
    ['never, while a hold has no end', {hold: {reason: 'r'}}, 'nothing'],
    ['when a freeze ends', {freezes: [freeze(8, 12)]}, `resume at ${shown(12)}, when its freeze ends`],
    [
      'when the last of several ends',
      {freezes: [freeze(8, 12), freeze(11, 14)], hold: {reason: 'r', until: at(13)}},
      `resume at ${shown(14)}, when its freeze ends`,
    ],
    [
      'when that opens, though a freeze comes later',
      {freezes: [freeze(10, 12)]},
      `resume at ${shown(9)}, when its timetable opens`,
    ],
    [
      'in words alone, where it is only looked at',
      {mode: 'detect'},
      `nothing: resume at ${shown(9)}, when its timetable opens, is only reported (mode detect)`,
    ],
  ])('%s', (_what, declared, told) => {
    expect(next('paused', declared)).toBe(told);
  });
});

describe('a campaign that its timetable has dialling is paused next', () => {
  const noon = at(12);

  it.each<[string, Partial<Declaration>, string]>([
    ['when that closes', {}, `pause at ${shown(19)}, when its timetable closes`],
    [
      'when that closes, whatever is frozen',
      {freezes: [freeze(18, 40)]},
      `pause at ${shown(19)}, when its timetable closes`,
    ],
    [
      'when a hold ends after that',
      {hold: {reason: 'r', until: at(21)}},
      `pause at ${shown(21)}, when its hold ends`,
    ],
    [
      'a day later, where a hold goes on into the next morning',
      {hold: {reason: 'r', until: at(34)}},
      `pause at ${shown(43)}, when its timetable closes`,
    ],
  ])('%s', (_what, declared, told) => {
    expect(next('active', declared, noon)).toBe(told);
  });
});
