import type {HistoryRecord} from '../../src/domain/history.ts';

/** A line of the history of one campaign, `at` a time. */
export const record = (at: number, changes: Partial<HistoryRecord>): HistoryRecord => ({
  at,
  kind: 'status',
  workspace: 'w',
  campaignId: 'c',
  name: 'n',
  replica: 'r',
  ...changes,
});
export const commit = (revision: string) => ({revision, author: `author of ${revision}`, committedAt: 1});
export const status = (at: number, to: string, changes: Partial<HistoryRecord> = {}): HistoryRecord =>
  record(at, {to, ...changes});
export const wish = (
  at: number,
  to: string | undefined,
  changes: Partial<HistoryRecord> = {},
): HistoryRecord => record(at, {kind: 'wish', ...(to !== undefined && {to}), ...changes});
export const applied = (at: number, changes: Partial<HistoryRecord> = {}): HistoryRecord =>
  record(at, {kind: 'action', action: 'pause', to: 'paused', outcome: 'applied', ...changes});
