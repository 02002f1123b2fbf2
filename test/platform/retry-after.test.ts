import {describe, expect, it} from 'vitest';
import {retryTime} from '../../src/platform/retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);

describe('when the platform wants to be asked again', () => {
  it.each([
    ['seconds', {'retry-after': '7'}, 7_000],
    ['a date', {'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT'}, 60_000],
    ['an obsolete date', {'retry-after': 'Thursday, 01-Jan-26 00:01:00 GMT'}, 60_000],
    ['a date in the past', {'retry-after': 'Thu, 01 Jan 2015 00:00:00 GMT'}, 0],
    ['RateLimit-Reset in seconds', {'ratelimit-reset': '30'}, 30_000],
    ['X-RateLimit-Reset as a time', {'x-ratelimit-reset': String(NOW / 1000 + 5)}, 5_000],
    ['the structured RateLimit', {ratelimit: '"default";r=0;t=12'}, 12_000],
    ['the older RateLimit', {ratelimit: 'limit=10, remaining=0, reset=9'}, 9_000],
    ['Retry-After over RateLimit', {'retry-after': '1', 'ratelimit-reset': '30'}, 1_000],
    ['more than a day, which is cut', {'retry-after': '9999999'}, 86_400_000],
    ['a header that came twice', {'retry-after': ['3', '9']}, 3_000],
  ])('reads %s', (_name, headers, delay) => {
    expect(retryTime(headers, NOW)).toBe(NOW + delay);
  });
  it.each([[{}], [{'retry-after': 'soon'}], [{'retry-after': '-5'}], [{ratelimit: 'none'}]])(
    'finds nothing in %o',
    headers => {
      expect(retryTime(headers, NOW)).toBeUndefined();
    },
  );
});
