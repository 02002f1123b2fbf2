import {describe, expect, it} from 'vitest';
import {askedRest} from '../../src/platform/retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);

describe('when the platform wants to be asked again', () => {
  it.each([
    ['seconds', {'retry-after': '7'}, 7_000],
    ['a fraction of a second', {'retry-after': '1.5'}, 1_500],
    ['a date', {'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT'}, 60_000],
    ['a date as RFC 850 has it', {'retry-after': 'Thursday, 01-Jan-26 00:01:00 GMT'}, 60_000],
    ['a date as asctime has it', {'retry-after': 'Thu Jan  1 00:01:00 2026'}, 60_000],
    ['a date in the past', {'retry-after': 'Thu, 01 Jan 2015 00:00:00 GMT'}, 0],
    ['a time since 1970 as Retry-After', {'retry-after': String(NOW / 1000 + 30)}, 30_000],
    ['Retry-After-Ms', {'retry-after-ms': '250'}, 250],
    ['RateLimit-Reset in seconds', {'ratelimit-reset': '30'}, 30_000],
    ['X-RateLimit-Reset in seconds left', {'x-ratelimit-reset': '30'}, 30_000],
    ['X-RateLimit-Reset in seconds since 1970', {'x-ratelimit-reset': String(NOW / 1000 + 5)}, 5_000],
    ['X-RateLimit-Reset in milliseconds since 1970', {'x-ratelimit-reset': String(NOW + 5_000)}, 5_000],
    ['X-RateLimit-Reset as ISO 8601', {'x-ratelimit-reset': '2026-01-01T00:00:05Z'}, 5_000],
    ['the structured RateLimit', {ratelimit: '"default";r=0;t=12'}, 12_000],
    ['of several policies the spent one', {ratelimit: '"a";r=0;t=5, "b";r=9;t=3600'}, 5_000],
    ['the older RateLimit', {ratelimit: 'limit=10, remaining=0, reset=9'}, 9_000],
    ['Retry-After over RateLimit', {'retry-after': '1', 'ratelimit-reset': '30'}, 1_000],
    ['the next form where one is nonsense', {'retry-after': 'soon', 'ratelimit-reset': '30'}, 30_000],
    ['more than a day, which is cut', {'retry-after': '9999999'}, 86_400_000],
    ['a header that came twice, the longer', {'retry-after': ['3', '9']}, 9_000],
  ])('reads %s', (_name, headers, delay) => {
    expect(askedRest(headers, NOW)?.delay).toBe(delay);
  });
  it.each([
    [{}],
    [{'retry-after': 'soon'}],
    [{'retry-after': '-5'}],
    [{'retry-after': ''}],
    [{ratelimit: 'none'}],
  ])('finds nothing in %o', headers => {
    expect(askedRest(headers, NOW)).toBeUndefined();
  });
  it('measures a date against the answer’s own Date, whatever this machine believes', () => {
    const headers = {
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT',
    };
    for (const wrong of [NOW - 3_600_000, NOW + 3_600_000])
      expect(askedRest(headers, wrong)?.delay).toBe(20_000);
  });
  it('takes a date for UTC in any time zone of this machine', () => {
    const before = process.env['TZ'];
    try {
      for (const zone of ['Asia/Kolkata', 'America/New_York']) {
        process.env['TZ'] = zone;
        expect(askedRest({'retry-after': 'Thu Jan  1 00:01:00 2026'}, NOW)?.delay).toBe(60_000);
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });
  it('says which header it goes by', () => {
    expect(askedRest({'retry-after': '7'}, NOW)?.by).toBe('Retry-After');
    expect(askedRest({'x-ratelimit-reset': '7'}, NOW)?.by).toBe('X-RateLimit-Reset');
  });

  it.each(['ratelimit', 'x-ratelimit'])(
    'asks for nothing where %s tells with an answer that some is left',
    prefix => {
      const told = {[`${prefix}-limit`]: '100', [`${prefix}-reset`]: '30'};
      expect(askedRest({...told, [`${prefix}-remaining`]: '98'}, NOW)).toBeUndefined();
      expect(askedRest({...told, [`${prefix}-remaining`]: '0'}, NOW)?.delay).toBe(30_000);
      expect(askedRest({ratelimit: '"default";r=98;t=30'}, NOW)).toBeUndefined();
    },
  );
});
