import type {Verdict} from '../../domain/judge.ts';
import {noneRestrained, RESTRAINTS, type Restrained} from '../../domain/restraint.ts';
import {CAMPAIGN_STATES, type CampaignState} from '../../domain/states.ts';
import type {Summary} from '../../domain/tally.ts';

/** True where a campaign differs and is only reported. */
const isDetected = ({mode, state}: Verdict): boolean =>
  mode === 'detect' && (state === 'pending' || state === 'drifted');

/** How many campaigns are in which state, kept up to date by whoever changes a verdict. */
export class Counts {
  readonly #states = Object.fromEntries(CAMPAIGN_STATES.map(state => [state, 0])) as Record<
    CampaignState,
    number
  >;
  #detected = 0;
  readonly #restrained = noneRestrained();

  add(verdict: Verdict): void {
    this.#states[verdict.state] += 1;
    if (isDetected(verdict)) this.#detected += 1;
    if (verdict.restraint) this.#restrained[verdict.restraint.reason] += 1;
  }

  remove(verdict: Verdict): void {
    this.#states[verdict.state] -= 1;
    if (isDetected(verdict)) this.#detected -= 1;
    if (verdict.restraint) this.#restrained[verdict.restraint.reason] -= 1;
  }

  get summary(): Readonly<Record<CampaignState, number>> {
    return this.#states;
  }

  /** Campaigns that differ and are only reported: they count in `pending` or `drifted` as well. */
  get detected(): number {
    return this.#detected;
  }

  /** Campaigns that are not resumed since something keeps that: they count in `pending` or `drifted` as well. */
  get restrained(): Restrained {
    return this.#restrained;
  }
}

/** The sum of counts; a state that none is in is left out. */
export const summed = (
  parts: readonly Counts[],
): {summary: Summary; detected: number; restrained: Restrained} => {
  const summary: Partial<Record<CampaignState, number>> = {};
  const restrained = noneRestrained();
  for (const part of parts) for (const reason of RESTRAINTS) restrained[reason] += part.restrained[reason];
  for (const state of CAMPAIGN_STATES) {
    const number = parts.reduce((sum, part) => sum + part.summary[state], 0);
    if (number > 0) summary[state] = number;
  }
  return {
    summary,
    detected: parts.reduce((sum, {detected}) => sum + detected, 0),
    restrained,
  };
};
