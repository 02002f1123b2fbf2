import {describe, expect, it} from 'vitest';
import {withTimesFor} from '../../src/domain/time.ts';

describe('a sentence for people', () => {
  it('has times in their zone, but for one in quotation marks, which is there to be copied', () => {
    const reader = {timezone: 'Asia/Kolkata', now: Date.UTC(2026, 10, 25)};
    expect(
      withTimesFor('paused at 2026-11-25T03:30:00Z; commit {until: "2026-11-26T00:00:00.000Z"}', reader),
    ).toBe(
      'paused at Wed 2026-11-25 09:00 Asia/Kolkata (in 3 h); commit {until: "2026-11-26T00:00:00.000Z"}',
    );
  });
});
