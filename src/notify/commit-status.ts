import type {Condition} from '../domain/condition.ts';
import {shortRevision} from '../domain/revision.ts';
import {type Summary, summaryText} from '../domain/tally.ts';
import {cutText} from '../domain/text.ts';
import {FAILS_AFTER} from './becoming.ts';

/** What a commit's status says, as GitHub has it. */
export interface CommitStatus {
  readonly sha: string;
  readonly state: 'pending' | 'success' | 'failure';
  /** At most 140 characters. */
  readonly description: string;
}

/** What a commit's status follows from: the report of all replicas. */
export interface StatusReport {
  /** The revision that all of it is about; undefined where replicas are at different ones, or at none. */
  readonly revision: string | undefined;
  readonly ready: Condition['status'];
  readonly reason: string;
  readonly message: string;
  readonly summary: Summary;
}

/** A status that is pending or was, and since when something has stood in its way. */
export interface OpenStatus {
  readonly status: CommitStatus;
  readonly failingSince?: number;
}

const LONGEST = 140;
const UNDER_WAY: ReadonlySet<string> = new Set(['Progressing', 'Drifted', 'Starting']);

/** What a commit says that came into force just now. */
export const pending = (sha: string): OpenStatus => ({
  status: {sha, state: 'pending', description: 'in force; its campaigns are being brought to it'},
});

const closed = (sha: string, state: 'success' | 'failure', text: string): OpenStatus => ({
  status: {sha, state, description: cutText(text, LONGEST)},
});

/** What a commit says that another came after before it was in place. */
export const superseded = (sha: string, by: string): OpenStatus =>
  closed(
    sha,
    'failure',
    `another commit, ${shortRevision(by)}, came into force before this one was in place`,
  );

/**
 * What the status of the commit in force is now. A success stays, whatever comes after; a failure may become one.
 *
 * @param now epoch milliseconds
 */
export const statusNow = (open: OpenStatus, report: StatusReport, now: number): OpenStatus => {
  const {failingSince, status} = open;
  const {message, ready, reason, revision, summary} = report;
  if (revision !== status.sha || status.state === 'success') return open;
  if (ready === 'True') return closed(status.sha, 'success', `in place: ${summaryText(summary)}`);
  if (ready === 'Unknown' || UNDER_WAY.has(reason)) return {status};
  const since = failingSince ?? now;
  if (now - since < FAILS_AFTER) return {status, failingSince: since};
  const failed = closed(status.sha, 'failure', `${reason}: ${message}`);
  return {...(status.state === 'failure' ? {status} : failed), failingSince: since};
};
