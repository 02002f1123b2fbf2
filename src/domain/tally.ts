import type {Finding} from './finding.ts';
import {noneRestrained, type Restrained} from './restraint.ts';
import type {CampaignState} from './states.ts';

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

/** How many campaigns a message names. */
export const MOST_NAMED = 3;

/** Counts campaigns by state. */
export const tally = (findings: Iterable<Finding>): Tally => {
  const summary: Partial<Record<CampaignState, number>> = {};
  const lost: string[] = [];
  const restrained = noneRestrained();
  const limits = new Set<string>();
  let detected = 0;
  for (const {campaignId, mode, name, reason, restraint, state, workspace} of findings) {
    summary[state] = (summary[state] ?? 0) + 1;
    if (mode === 'detect' && (state === 'pending' || state === 'drifted')) detected += 1;
    if (restraint) restrained[restraint.reason] += 1;
    if (restraint?.reason === 'limited') limits.add(restraint.message);
    if (state === 'terminal' && lost.length < MOST_NAMED)
      lost.push(`${workspace}/${name} (${campaignId}): ${reason}`);
  }
  return {summary, detected, restrained, limits: [...limits], lost};
};
