/** What an answer of the platform says, whatever it leaves out, adds or writes otherwise. */
import {describe, expect, it} from 'vitest';
import {cleaner} from '../../src/platform/foreign.ts';
import {parseCampaign, parsePage} from '../../src/platform/wire.ts';

const clean = cleaner(() => ['secret-key-of-ours']);
const MIDNIGHT = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

const body = (more: Record<string, unknown> = {}) => ({
  campaign_id: 'c',
  name: 'Dunning',
  status: 'active',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  ...more,
});
const CAMPAIGN = {
  campaignId: 'c',
  name: 'Dunning',
  status: {known: 'active'},
  createdAt: MIDNIGHT,
  updatedAt: MIDNIGHT,
};

describe('a campaign', () => {
  const parse = (more?: Record<string, unknown>) => parseCampaign('c')(body(more), clean);

  it('is what it says, and nothing more where it says nothing more', () => {
    expect(parse()).toStrictEqual(CAMPAIGN);
    expect(parse({updated_by: null, allowed_schedule: null, extra: 1})).toStrictEqual(CAMPAIGN);
    expect(parse({updated_by: ' '})).toStrictEqual(CAMPAIGN);
  });

  it('tells who changed it, on one line and without a secret', () => {
    expect(parse({updated_by: 'ops\n<secret-key-of-ours>'})?.updatedBy).toBe('ops <[redacted]>');
    expect(parse({updated_by: 'x'.repeat(300)})?.updatedBy).toHaveLength(200);
    expect(parse({name: 'y'.repeat(300)})?.name).toHaveLength(200);
    expect(parse({status: 'z'.repeat(300)})?.status).toEqual({unrecognised: `${'z'.repeat(63)}…`});
  });

  it.each<[Record<string, unknown>, unknown]>([
    [{start_timestamp: '2026-01-01T00:00:00Z'}, {startsAt: MIDNIGHT}],
    [{end_timestamp: '2026-01-01T01:00:00Z'}, {endsAt: MIDNIGHT + HOUR}],
    [{start_timestamp: 'soon', end_timestamp: '2026-01-01T01:00:00Z'}, {endsAt: MIDNIGHT + HOUR}],
    [{start_timestamp: 'soon', end_timestamp: 7}, undefined],
    [
      {
        allowed_schedule: {
          allowed_start_time: '09:00',
          allowed_end_time: '18:00',
          allowed_days: ['mon\n', 'tue'],
        },
      },
      {schedule: {start: '09:00', end: '18:00', days: ['mon', 'tue'], timezone: 'Asia/Kolkata'}},
    ],
    [
      {
        allowed_schedule: {
          allowed_start_time: 'a\nb',
          allowed_end_time: 'c\nd',
          allowed_days: [],
          timezone: 'secret-key-of-ours',
        },
      },
      {schedule: {start: 'a b', end: 'c d', days: [], timezone: '[redacted]'}},
    ],
    [{allowed_schedule: {allowed_days: 'mon'}}, {schedule: {start: '', end: '', days: [], timezone: ''}}],
    [
      {
        allowed_schedule: {
          allowed_start_time: '09:00',
          allowed_end_time: '18:00',
          allowed_days: Array(32).fill('mon'),
        },
      },
      {schedule: {start: '', end: '', days: [], timezone: ''}},
    ],
  ])('has the window that %j tells, as far as it can be read', (more, window) => {
    expect(parse(more)).toStrictEqual(window === undefined ? CAMPAIGN : {...CAMPAIGN, window});
  });

  it.each([
    ['2026-01-01T00:00:00Z', 0],
    ['2026-01-01t00:00:00z', 0],
    ['2026-01-01 00:00', 0],
    ['2026-01-01T00:00:00.250', 250],
    ['2026-01-01T00:00:00,250Z', 250],
    ['2026-01-01T00:00:00+05:30', -5.5 * HOUR],
    ['2026-01-01T00:00:00+0530', -5.5 * HOUR],
    ['2026-01-01T00:00:00-05', 5 * HOUR],
    ['2026-01-01T00:00-0100', HOUR],
  ])('was changed when %s says', (text, after) => {
    expect(parse({updated_at: text})?.updatedAt).toBe(MIDNIGHT + after);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-01',
    '2026-13-01T00:00:00Z',
    '2026-01-01T00:00:00Zulu',
    'x2026-01-01T00:00:00Z',
    5,
  ])('is none whose time is %j', text => {
    expect(parse({updated_at: text})).toBeUndefined();
    expect(parsePage({items: [body({created_at: text})], total: 1}, clean)).toEqual({
      campaigns: [],
      unusable: ['campaign "c" is not as the documentation has it'],
      size: 1,
      total: 1,
    });
  });

  it('is none but the one that was asked for', () => {
    expect(parseCampaign('d')(body(), clean)).toBeUndefined();
    expect(parseCampaign('c')([body()], clean)).toBeUndefined();
  });
});

describe('a page', () => {
  it('holds its campaigns, tells what it leaves out and why, and where it begins if it says so', () => {
    const items = [
      body(),
      null,
      'text',
      {},
      body({campaign_id: 'a\nb'}),
      body({campaign_id: 'secret-key-of-ours'}),
    ];
    expect(parsePage({items, total: 7, offset: 3}, clean)).toStrictEqual({
      campaigns: [CAMPAIGN],
      unusable: [
        'campaign without an id is not as the documentation has it',
        'campaign without an id is not as the documentation has it',
        'campaign without an id is not as the documentation has it',
        expect.stringMatching(/^campaign "a b": its id /),
        'a campaign holds an API key in its id',
      ],
      size: 6,
      total: 7,
      offset: 3,
    });
    expect(parsePage({items: [], total: 0, offset: 'x'}, clean)).toStrictEqual({
      campaigns: [],
      unusable: [],
      size: 0,
      total: 0,
    });
    expect(parsePage({items: [], total: 0}, clean)).not.toHaveProperty('offset');
  });

  it.each([
    undefined,
    null,
    [],
    {},
    {items: []},
    {items: {}, total: 1},
    {items: [], total: -1},
    {items: [], total: 0.5},
  ])('is none that is %j', answer => {
    expect(parsePage(answer, clean)).toBeUndefined();
  });
});
