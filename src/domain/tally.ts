import type {Finding} from './finding.ts';
import type {Restrained} from './restraint.ts';
import {CAMPAIGN_STATES, type CampaignState} from './states.ts';

/** Campaigns by state; a state that none is in may be left out. */
export type Summary = Readonly<Partial<Record<CampaignState, number>>>;

/** What the conditions have to know of all campaigns. */
export interface Tally {
  readonly summary: Summary;
  /** Campaigns that differ and are only reported: they count in `pending` or `drifted` as well. */
  readonly detected: number;
  /** Campaigns that are not resumed since something keeps that: they count in `pending` or `drifted` as well. */
  readonly restrained: Restrained;
  /** What stops actions as a whole, in words: the limit, and what would let them through. */
  readonly limits: readonly string[];
  /** Campaigns that nothing can bring to where Git wants them, in words; the first few. */
  readonly lost: readonly string[];
}

/** How many campaigns a condition names. */
export const MOST_NAMED = 3;

/** Counts campaigns by state. */
export const summaryOf = (findings: Iterable<Finding>): Summary => {
  const summary: Partial<Record<CampaignState, number>> = {};
  for (const {state} of findings) summary[state] = (summary[state] ?? 0) + 1;
  return summary;
};

/** Campaigns by state, in words: `412 satisfied, 3 held`. */
export const summaryText = (summary: Summary): string => {
  const parts = CAMPAIGN_STATES.flatMap(state => (summary[state] ? [`${summary[state]} ${state}`] : []));
  return parts.join(', ') || 'no campaigns';
};
