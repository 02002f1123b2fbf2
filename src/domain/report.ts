import type {Condition} from './condition.ts';
import type {Diagnostic} from './diagnostic.ts';
import type {Summary} from './tally.ts';

/** Something wrong with what the platform shows of a campaign, which therefore is left out. It has no file. */
export interface LiveProblem {
  readonly code: 'unusable-campaign';
  readonly message: string;
  readonly workspace: string;
}

/** Where the revision in force comes from. Times are epoch milliseconds. */
export interface SourceReport {
  readonly author: string | undefined;
  /** The first line of the commit's message. */
  readonly subject: string | undefined;
  readonly committedAt: number | undefined;
  /** When the source was last read, whether or not there was anything new; undefined until it could be. */
  readonly readAt: number | undefined;
}

/** What the controller says of itself: one value, made in one place. Times are epoch milliseconds. */
export interface Report {
  /** The revision in force; undefined until one has been read. */
  readonly revision: string | undefined;
  readonly source: SourceReport;
  readonly observedAt: number;
  readonly leader: boolean;
  readonly conditions: readonly Condition[];
  readonly summary: Summary;
  readonly diagnostics: readonly (Diagnostic | LiveProblem)[];
}
