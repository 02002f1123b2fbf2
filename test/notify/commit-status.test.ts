import {describe, expect, it} from 'vitest';
import {
  type OpenStatus,
  pending,
  type StatusReport,
  statusNow,
  superseded,
} from '../../src/notify/commit-status.ts';

const SHA = 'a'.repeat(40);
const MINUTE = 60_000;

const report = (changes: Partial<StatusReport> = {}): StatusReport => ({
  revision: SHA,
  ready: 'True',
  reason: 'Succeeded',
  message: 'every campaign is as Git wants it',
  summary: {satisfied: 412, held: 3},
  ...changes,
});

const failing = report({ready: 'False', reason: 'Unauthorised', message: 'the key is refused'});

/** The status after these reports, a minute apart. */
const statusAfter = (...reports: readonly StatusReport[]): OpenStatus =>
  reports.reduce((open, one, minute) => statusNow(open, one, minute * MINUTE), pending(SHA));

describe('the status of a commit', () => {
  it('is pending until all of it is in place, and then success, with the numbers', () => {
    expect(
      statusAfter(report({ready: 'Unknown'}), report({ready: 'False', reason: 'Progressing'})).status.state,
    ).toBe('pending');
    expect(statusAfter(report()).status).toEqual({
      sha: SHA,
      state: 'success',
      description: 'in place: 412 satisfied, 3 held',
    });
  });

  it('is failure where something stands in its way for a minute, and success when it is in place at last', () => {
    expect(statusAfter(failing).status.state).toBe('pending');
    expect(statusAfter(failing, failing).status).toMatchObject({
      state: 'failure',
      description: 'Unauthorised: the key is refused',
    });
    expect(statusAfter(failing, failing, report()).status.state).toBe('success');
  });

  it('stays as it is once it is success, and while the failure is the same', () => {
    expect(statusAfter(report(), failing, failing).status.state).toBe('success');
    const failed = statusAfter(failing, failing);
    expect(
      statusNow(failed, report({...failing, message: 'other words'} as StatusReport), 9 * MINUTE).status,
    ).toEqual(failed.status);
  });

  it('says nothing by a report of another revision, or while replicas go by different ones', () => {
    expect(statusAfter(report({revision: 'b'.repeat(40)})).status.state).toBe('pending');
    expect(statusAfter(report({revision: undefined})).status.state).toBe('pending');
  });

  it('is closed where another commit came before it was in place', () => {
    expect(superseded(SHA, 'b'.repeat(40)).status).toMatchObject({
      state: 'failure',
      description: /bbbbbbbbbbbb/,
    });
  });

  it('has no more than the 140 characters that GitHub takes', () => {
    const long = report({...failing, message: 'x'.repeat(500)} as StatusReport);
    expect(statusAfter(long, long).status.description).toHaveLength(140);
  });
});
