import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/domain/finding.ts';
import {UpcomingList} from '../../src/domain/upcoming.ts';
import {type CampaignWindow, diallingFrom, hoursBetween} from '../../src/domain/window.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-26T00:00:00Z');
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const finding = (campaignId: string, live: string, window?: CampaignWindow): Finding =>
  ({
    workspace: 'w',
    campaignId,
    name: campaignId,
    labels: {},
    state: 'satisfied',
    mode: 'enforce',
    steps: [],
    reason: '',
    live: {known: live},
    ...(window && {window}),
  }) as Finding;

const listed = (findings: readonly Finding[], hours = 24) => {
  const list = new UpcomingList({from: NOW, to: NOW + hours * HOUR});
  for (const one of findings) list.add(one);
  return list.sorted.map(({at, kind, number}) => [(at - NOW) / HOUR, kind, number]);
};

describe('what comes', () => {
  const schedule = {start: '09:00', end: '19:00', days: DAYS, timezone: 'Asia/Kolkata'};

  it('is the hours of those that dial, many at once as one', () => {
    const window = {startsAt: NOW - HOUR, endsAt: NOW + 100 * HOUR, schedule};
    const many = Array.from({length: 212}, (_, i) => finding(`c${i}`, 'active', window));
    expect(listed([...many, finding('p', 'paused', window)])).toEqual([
      [3.5, 'hours-open', 212],
      [13.5, 'hours-close', 212],
    ]);
  });

  it('is a window that opens for who is scheduled, and one that ends for who is not over', () => {
    const window = {startsAt: NOW + HOUR, endsAt: NOW + 2 * HOUR};
    expect(
      listed([
        finding('a', 'scheduled', window),
        finding('b', 'paused', window),
        finding('c', 'ended', window),
      ]),
    ).toEqual([
      [1, 'window-opens', 1],
      [2, 'window-ends', 2],
    ]);
  });

  it('is no hour before a window or after it', () => {
    const window = {startsAt: NOW + 4 * HOUR, endsAt: NOW + 5 * HOUR, schedule};
    expect(listed([finding('a', 'scheduled', window)])).toEqual([
      [4, 'window-opens', 1],
      [5, 'window-ends', 1],
    ]);
  });
});

describe('the hours of a schedule', () => {
  it('begin where a campaign begins to dial, in every zone and at every change of clocks', () => {
    const time = fc.constantFrom('00:00', '01:30', '02:30', '09:00', '23:45');
    const timezone = fc.constantFrom(
      'Asia/Kolkata',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'UTC',
    );
    const days = fc.subarray(DAYS, {minLength: 1});
    const start = fc.date({min: new Date('2025-01-01'), max: new Date('2028-01-01'), noInvalidDate: true});
    fc.assert(
      fc.property(fc.record({start: time, end: time, days, timezone}), start, (schedule, date) => {
        const from = date.getTime();
        const hours = hoursBetween(schedule, {from, to: from + 8 * 24 * HOUR}) ?? [];
        const dialling = diallingFrom({schedule}, from);
        const [first] = hours;
        if (dialling.kind === 'at') expect(Math.max(first?.from ?? 0, from)).toBe(dialling.time);
        for (const [index, open] of hours.entries()) {
          expect(open.to).toBeGreaterThan(from);
          expect(open.from).toBeGreaterThanOrEqual(hours[index - 1]?.from ?? 0);
        }
      }),
    );
  });

  it('reach to the last day, though one before it has only 23 hours', () => {
    const schedule = {start: '00:15', end: '00:03', days: DAYS, timezone: 'America/New_York'};
    const from = Date.parse('2027-03-12T23:57:57-05:00');
    const hours = hoursBetween(schedule, {from, to: from + 7 * 24 * HOUR});
    expect(hours?.at(-1)?.from).toBe(Date.parse('2027-03-20T00:15:00-04:00'));
  });

  it('are not known where a time, a day or a zone is none', () => {
    const schedule = {start: '09:00', end: '19:00', days: ['Someday'], timezone: 'UTC'};
    expect(hoursBetween(schedule, {from: NOW, to: NOW + HOUR})).toBeUndefined();
  });
});
