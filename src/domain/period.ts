/** Whose doing a status is: Rollcall's as Git asks, a person's or another program's, the platform's clock, or nobody knows. */
type Hand = 'git' | 'outside' | 'platform' | 'unknown';

/** A stretch of time in which one campaign had one status, while Git wanted one. Times are epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
  /** `unknown` before the history begins. */
  readonly status: string;
  /** What Git wanted; undefined where no file declared the campaign, or nothing is known. */
  readonly desired?: string;
  /** How it came to that status. */
  readonly by: Hand;
  /** Whom the platform names for the change. */
  readonly changedBy?: string;
  /** The action of Rollcall's that made it so. */
  readonly action?: string;
  /** The commit that Rollcall went by when it made it so; else the one that wanted what Git wanted then. */
  readonly revision?: string;
  readonly author?: string;
  readonly committedAt?: number;
  /** When Rollcall saw it; later than `from` where it was not looking. */
  readonly observedAt?: number;
}
