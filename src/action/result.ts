import {EXIT, type ExitCode} from '../cli/io.ts';
import {safeText} from '../cli/plan/safe.ts';
import type {StatusState} from './github.ts';

/** What came of a run, ready to be published. */
export interface Result {
  /** The comment and the summary, in at most so many bytes. */
  readonly markdown: (limit: number) => string;
  readonly state: StatusState;
  /** In a line. */
  readonly description: string;
  readonly code: ExitCode;
  /** Why there is no plan, where there is none. */
  readonly failure?: string;
}

const LONGEST_REASON = 2000;

/** No plan could be made: that is what replaces an older plan. */
export const failed = (message: string): Result => ({
  markdown: () => `### Rollcall plan: could not be made\n\n❌ ${safeText(message, LONGEST_REASON)}\n`,
  state: 'error',
  description: 'the plan could not be made: see the run',
  code: EXIT.failed,
  failure: message,
});
