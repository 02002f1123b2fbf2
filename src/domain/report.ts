import type {Condition, Summary} from './conditions.ts';
import type {Diagnostic} from './diagnostic.ts';
import type {CampaignState, Finding} from './finding.ts';

/** What the controller says of itself: one value, made in one place. Times are epoch milliseconds. */
export interface Report {
  /** The revision in force; undefined until one has been read. */
  readonly revision: string | undefined;
  readonly observedAt: number;
  readonly leader: boolean;
  readonly conditions: readonly Condition[];
  readonly summary: Summary;
  readonly diagnostics: readonly Diagnostic[];
}

/** Counts campaigns by state. */
export const summarise = (findings: Iterable<Finding>): Summary => {
  const counts: Partial<Record<CampaignState, number>> = {};
  for (const {state} of findings) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};
