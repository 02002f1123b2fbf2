import type {Standing} from '../controller/standing.ts';
import type {Finding} from '../domain/finding.ts';
import {restrainedTotal} from '../domain/restraint.ts';

/** How far a revision has come in a workspace, or one campaign of it. */
export type Becoming = 'applied' | 'failing' | 'under way';

/** How long something must stand in the way before it has failed. Milliseconds. */
export const FAILS_AFTER = 60_000;

/** How far everything has come that is declared in a workspace. What waits for the end of a freeze does so as it was meant to. */
export const wholeBecomes = ({blocked, restrained, summary, trouble}: Standing): Becoming => {
  const {drifted = 0, failed = 0, invalid = 0, missing = 0, pending = 0} = summary;
  if (trouble !== undefined) return 'failing';
  if (pending + drifted - blocked.detect - blocked.guard + restrained.frozen > 0) return 'under way';
  const kept = restrainedTotal(restrained) - restrained.frozen;
  const stuck = failed + invalid + missing + kept + (summary.terminal ?? 0);
  return stuck + (summary.unrecognised ?? 0) + (summary.unknown ?? 0) > 0 ? 'failing' : 'applied';
};

const FAILING: ReadonlySet<Finding['state']> = new Set([
  'failed',
  'invalid',
  'missing',
  'terminal',
  'unrecognised',
  'unknown',
]);

/** The same of one campaign. */
const oneBecomes = ({mode, restraint, state}: Finding): Becoming => {
  if (FAILING.has(state)) return 'failing';
  if ((state !== 'pending' && state !== 'drifted') || mode === 'detect') return 'applied';
  return restraint && restraint.reason !== 'frozen' ? 'failing' : 'under way';
};

/**
 * How far campaigns have come; and which of them something stands in the way of, where nothing is under way any more. Looks no
 * further than to the first that is under way.
 */
export const theseBecome = (
  findings: Iterable<Finding>,
): {readonly becoming: Becoming; readonly stuck: readonly Finding[]} => {
  const stuck: Finding[] = [];
  for (const finding of findings) {
    const becoming = oneBecomes(finding);
    if (becoming === 'under way') return {becoming, stuck: []};
    if (becoming === 'failing') stuck.push(finding);
  }
  return {becoming: stuck.length > 0 ? 'failing' : 'applied', stuck};
};
