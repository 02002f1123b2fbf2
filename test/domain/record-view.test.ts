import {describe, expect, it} from 'vitest';
import {recordView, type StoredRecord} from '../../src/domain/history.ts';

const status = (from: string, to: string): StoredRecord => ({
  id: 1,
  at: 2,
  kind: 'status',
  workspace: 'w',
  campaignId: 'c',
  name: 'c',
  from,
  to,
  changedAt: 1,
  own: true,
  replica: 'r',
});

describe('a status in the history', () => {
  it('is Rollcall’s own where its action made it, and not where the platform’s clock went on from that', () => {
    expect(recordView(status('paused', 'scheduled')).own).toBe(true);
    expect(recordView(status('paused', 'active')).own).toBe(true);
    expect(recordView(status('scheduled', 'active')).own).toBe(false);
    expect(recordView(status('active', 'ended')).own).toBe(false);
  });
});
