import type {Verdict} from './judge.ts';
import type {Summary} from './tally.ts';

/** Why campaigns that differ from Git are not corrected now. Every reason has a number, 0 where it keeps none. */
export const BLOCK_REASONS = ['hold', 'detect', 'guard', 'backoff', 'rate', 'unauthorised'] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

/** What keeps the actions of a whole workspace, where something does. */
export type Hindrance = Extract<BlockReason, 'detect' | 'backoff' | 'rate' | 'unauthorised'>;

/** The campaigns of one workspace, as far as it matters why they are not corrected. */
export interface Differing {
  readonly summary: Summary;
  /** Campaigns that differ and are only reported: they count in `pending` or `drifted` as well. */
  readonly detected: number;
  /** Campaigns whose action the guard stopped: they count in `pending` or `drifted` as well. */
  readonly guarded: number;
  readonly hindrance?: Hindrance | undefined;
}

/** What keeps a campaign whose action failed: its own wait, or the key, which it was refused for. */
const ofFailed = (hindrance: Hindrance | undefined): 'backoff' | 'unauthorised' =>
  hindrance === 'unauthorised' ? hindrance : 'backoff';

/** Counts the campaigns that differ and are not corrected, each under the one reason that lies nearest to it. */
export const blockedBy = ({
  detected,
  guarded,
  hindrance,
  summary,
}: Differing): Readonly<Record<BlockReason, number>> => {
  const {drifted = 0, failed = 0, held = 0, pending = 0} = summary;
  const blocked = {hold: held, detect: detected, guard: guarded, backoff: 0, rate: 0, unauthorised: 0};
  blocked[ofFailed(hindrance)] += failed;
  if (hindrance) blocked[hindrance] += pending + drifted - detected - guarded;
  return blocked;
};

/** What keeps one campaign from being corrected; undefined where nothing does, or no action could. */
export const blockedBecause = (
  {cause, mode, restraint, state}: Pick<Verdict, 'cause' | 'mode' | 'restraint' | 'state'>,
  hindrance: Hindrance | undefined,
): BlockReason | undefined => {
  if (state === 'held') return 'hold';
  if (cause === undefined) return undefined;
  if (mode === 'detect') return 'detect';
  if (restraint) return 'guard';
  return state === 'failed' ? ofFailed(hindrance) : hindrance;
};
