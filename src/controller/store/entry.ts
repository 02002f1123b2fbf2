import type {Past} from '../../domain/assess.ts';
import type {DesiredStatus} from '../../domain/campaign.ts';
import type {Claim} from '../../domain/declarations.ts';
import type {Pair} from '../../domain/diff.ts';
import type {Verdict} from '../../domain/judge.ts';
import type {Outcome} from '../../domain/outcome.ts';
import type {Move} from '../../domain/restraint.ts';
import type {Action} from '../../domain/transitions.ts';
import type {Wanted} from '../../domain/wanted.ts';
import type {Origin} from './origin.ts';
import {isSetBack, newSighted, type Sighted} from './sighted.ts';

/** An outcome that keeps a campaign waiting. */
export type WaitingOutcome = Extract<Outcome, {retryAt: number}>;

/** How a campaign's last action ended, and when (epoch milliseconds). */
export interface LastOutcome {
  readonly outcome: Outcome;
  readonly at: number;
}

/** What keeps a campaign from being tried again. */
export interface Waiting {
  /** How many times in a row it failed. */
  readonly count: number;
  readonly outcome: WaitingOutcome;
  /** When it may be tried again (`Clock.ticks`): no correction of the time of day moves it. */
  readonly dueAt: number;
}

/** Everything that one workspace knows of one campaign. Only the store changes it. */
export interface Entry extends Sighted {
  readonly campaignId: string;
  claim: Claim | undefined;
  /** The desired status under which this process last saw the campaign settled. */
  settledFor: DesiredStatus | undefined;
  /** It is in place under this wish since the platform was set back, and the time of the newest version before that. */
  setBackFor: {readonly wanted: DesiredStatus | undefined; readonly newest: number} | undefined;
  /** Whether this process told that it was moved from outside, or an earlier one did; undefined once it was in place again. */
  drifting: 'told' | 'told before' | undefined;
  /** Since when it differs from Git as it does now (epoch milliseconds); undefined where it does not. */
  differsSince: number | undefined;
  /** When an action of ours that corrected drift was last applied (`Clock.ticks`). */
  correctedAt: number | undefined;
  /** When it was moved against Git within the last hour or so, and by whom. */
  moves: readonly Move[];
  /** The status that was last told of it. */
  told: string | undefined;
  /** It was found where nothing leaves, against Git. */
  lost: boolean;
  /** The first revision of this process declared it as it is declared now. */
  sinceFirst: boolean;
  /** When a revision that changed it was seen (`Clock.ticks`), until it is settled. */
  changedAt: number | undefined;
  /** The time of the commit that asked for something else, where this process saw it come. Epoch milliseconds. */
  askedAt: number | undefined;
  /** Since when Git asks for what it asks for, as far as it is known. Epoch milliseconds. */
  inForceAt: number;
  /** When a hold or a freeze let it go. Epoch milliseconds. */
  freeSince: number | undefined;
  /** What Git wants now, where a timetable has a say. */
  wanted: Wanted | undefined;
  waiting: Waiting | undefined;
  lastOutcome: LastOutcome | undefined;
  /** Undefined where there is nothing to say: nobody declares it, and it is over. */
  verdict: Verdict | undefined;
  /** What kept it from being judged, a fault of the program's own. */
  fault: string | undefined;
  /** It stands among those that are due by this action. */
  queuedFor: Action | undefined;
  /** It was taken from among those that are due, and its turn is not over. */
  inTurn: boolean;
  /** Something of it changed since it was last settled. */
  marked: boolean;
}

/** One value for all, since most are never moved. */
export const NO_MOVES: readonly Move[] = [];

/** A campaign of which nothing is known yet. */
export const newEntry = (campaignId: string): Entry => ({
  campaignId,
  claim: undefined,
  ...newSighted(),
  settledFor: undefined,
  setBackFor: undefined,
  drifting: undefined,
  differsSince: undefined,
  correctedAt: undefined,
  moves: NO_MOVES,
  told: undefined,
  lost: false,
  sinceFirst: false,
  changedAt: undefined,
  askedAt: undefined,
  inForceAt: 0,
  freeSince: undefined,
  wanted: undefined,
  waiting: undefined,
  lastOutcome: undefined,
  verdict: undefined,
  fault: undefined,
  queuedFor: undefined,
  inTurn: false,
  marked: false,
});

/** What Git says, and what was last seen. */
export const pairOf = ({campaignId, claim, observation}: Entry): Pair => ({
  campaignId,
  ...(claim && {claim}),
  ...(observation && {observation}),
});

/** For how long after the start of a process what an earlier one sent may still take effect. Milliseconds. */
const EARLIER_EFFECT = 60_000;

/** True for a version that nobody can tell whether Rollcall made it, before it was started anew. */
const isPerhapsOwn = ({observation, settledFor}: Entry, {adoptedAt, ownName}: Origin): boolean => {
  if (observation?.kind !== 'seen') return false;
  const {updatedAt, updatedBy} = observation.campaign;
  if (ownName !== undefined && updatedBy !== undefined && updatedBy !== ownName) return false;
  return settledFor === undefined || updatedAt < (adoptedAt ?? 0) + EARLIER_EFFECT;
};

/** What is known of a campaign's past. */
export const pastOf = (entry: Entry, origin: Origin): Past => {
  const {askedAt, byItselfAt, observation, ownUpdatedAt, settledFor, sinceFirst} = entry;
  const updatedAt = observation?.kind === 'seen' ? observation.campaign.updatedAt : undefined;
  return {
    ...(settledFor !== undefined && {settledFor}),
    ...(sinceFirst && origin.committedAt !== undefined && {declaredBefore: origin.committedAt}),
    ...(askedAt !== undefined && {askedAt}),
    ...(isPerhapsOwn(entry, origin) && {perhapsOwn: true as const}),
    ...(updatedAt !== undefined && {
      ...(updatedAt === ownUpdatedAt && {own: true as const}),
      ...(updatedAt === byItselfAt && entry.drifting === undefined && {byItself: true as const}),
    }),
    ...(isSetBack(entry) && {setBack: true as const}),
  };
};

/** True where the time of day decides what is to be done. */
export const goesByTime = (claim: Claim | undefined): boolean => {
  if (claim?.kind !== 'valid') return false;
  const {freezes, hold, opening} = claim.declaration;
  return hold?.until !== undefined || freezes !== undefined || opening !== undefined;
};
