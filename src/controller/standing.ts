import type {Cause} from '../domain/assess.ts';
import {type BlockReason, blockedBy, type Hindrance} from '../domain/blocked.ts';
import type {Mode} from '../domain/campaign.ts';
import {type Trouble, troubleText} from '../domain/condition.ts';
import type {Restrained} from '../domain/restraint.ts';
import type {Summary} from '../domain/tally.ts';
import type {Direction} from './store/differences.ts';
import type {CampaignStore} from './store/store.ts';

/** How one workspace stands, in numbers that are kept up to date: asking costs the same whatever it holds. */
export interface Standing {
  readonly workspace: string;
  /** The mode of its campaigns where they say nothing else. */
  readonly mode: Mode;
  /** When the platform was last read to the end of what was asked for: epoch milliseconds. */
  readonly readAt: number | undefined;
  readonly summary: Summary;
  /** The reason of what keeps the workspace from being read or steered, and the same in words. */
  readonly trouble: string | undefined;
  readonly troubleText: string | undefined;
  /** What keeps every action of it. */
  readonly hindrance: Hindrance | undefined;
  readonly blocked: Readonly<Record<BlockReason, number>>;
  /** Campaigns that are not resumed or cancelled yet, since something keeps that for a time; they count as `guard` above. */
  readonly restrained: Restrained;
  /** Since when the longest-standing campaign of each cause differs, those that are held left out: epoch milliseconds. */
  readonly oldest: Readonly<Record<Cause, number | undefined>>;
  /** Campaigns whose timetable opened or closed and that are not so yet, and the edge of the first: epoch milliseconds. */
  readonly edgesDue: Readonly<
    Record<Direction, {readonly number: number; readonly edge: number | undefined}>
  >;
  /** Campaigns that somebody moved and that are not in place yet, those that something keeps so among them. */
  readonly drifted: number;
  /** Campaigns that dial although Git wants them silent, and since when the first of them does. */
  readonly dialling: {readonly number: number; readonly since: number | undefined};
  /** When the next hold ends that keeps a difference: epoch milliseconds. */
  readonly nextHoldEnd: number | undefined;
}

/** What is known of a workspace besides its campaigns. */
export interface Surroundings {
  readonly workspace: string;
  readonly mode: Mode;
  readonly readAt: number | undefined;
  readonly trouble: Trouble | undefined;
  readonly dryRun: boolean;
  /** No request may be sent now: the rate's window is full. */
  readonly isRateUsedUp: boolean;
}

const hindranceOf = ({dryRun, isRateUsedUp, trouble}: Surroundings): Hindrance | undefined => {
  if (dryRun) return 'detect';
  if (trouble) return trouble.reason === 'Unauthorised' ? 'unauthorised' : 'backoff';
  return isRateUsedUp ? 'rate' : undefined;
};

/** How a workspace stands now. */
export const standingOf = ({indexes}: CampaignStore, surroundings: Surroundings): Standing => {
  const {counts, differences, drifted, holds} = indexes;
  const {detected, restrained, summary} = counts;
  const {dryRun, mode, readAt, trouble, workspace} = surroundings;
  const hindrance = hindranceOf(surroundings);
  const guarded = dryRun ? 0 : differences.guarded.size;
  return {
    workspace,
    mode,
    readAt,
    summary,
    trouble: trouble?.reason,
    troubleText: trouble && troubleText(trouble),
    hindrance,
    restrained,
    blocked: blockedBy({summary, detected, guarded, hindrance}),
    oldest: {
      pending: differences.since.pending.next,
      timetable: differences.since.timetable.next,
      drifted: differences.since.drifted.next,
    },
    edgesDue: {
      open: {number: differences.edgesDue.open.size, edge: differences.edgesDue.open.next},
      close: {number: differences.edgesDue.close.size, edge: differences.edgesDue.close.next},
    },
    drifted: drifted.size,
    dialling: {number: differences.dialling.size, since: differences.dialling.next},
    nextHoldEnd: holds.next,
  };
};
