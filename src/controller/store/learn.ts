import {isInPlace} from '../../domain/assess.ts';
import type {DesiredStatus, LiveStatus} from '../../domain/campaign.ts';
import {type Claim, desiredOf} from '../../domain/declarations.ts';
import {saysOtherwise} from '../../domain/same-wish.ts';
import {wantedAt} from '../../domain/wanted.ts';
import {type Entry, NO_MOVES} from './entry.ts';
import {isSetBack} from './sighted.ts';

/** What a verdict newly means. */
export interface Learned {
  /** It was in place, and was moved from outside: that was found now, or an earlier process had told it. */
  readonly drift: 'begins' | 'stands' | undefined;
  /** Nothing will ever bring it to where Git wants it. */
  readonly lost: boolean;
  /** Milliseconds since the revision that changed it was seen, where it is in place now. */
  readonly converged?: number;
}

const NOTHING: Learned = {drift: undefined, lost: false};

/** In place. Of a version that is older than one that was shown before it is only noted: that one may come back. */
const settled = (entry: Entry, ticks: number, wanted: DesiredStatus | undefined): Learned => {
  const {changedAt} = entry;
  entry.waiting = undefined;
  if (entry.newer && isSetBack(entry)) {
    entry.setBackFor = {wanted, newest: entry.newer.campaign.updatedAt};
    return NOTHING;
  }
  entry.settledFor = wanted ?? entry.settledFor;
  entry.drifting = undefined;
  entry.changedAt = undefined;
  return changedAt === undefined ? NOTHING : {...NOTHING, converged: ticks - changedAt};
};

/** It was made what it is wanted to be, and moved on before that was seen: whoever did so moved it against Git. */
export const wasMade = (entry: Entry, status: LiveStatus): void => {
  const wanted = entry.wanted?.desired ?? desiredOf(entry.claim);
  if (wanted !== undefined && 'known' in status && isInPlace(wanted, status.known)) entry.settledFor = wanted;
};

const isOwn = ({observation, ownUpdatedAt}: Entry): boolean =>
  observation?.kind === 'seen' && observation.campaign.updatedAt === ownUpdatedAt;

/**
 * Before an entry is judged: where a later version came than what was there before it was set back, that one is gone for good;
 * but where the platform's clock made the later one of it, it never was.
 */
export const learnOfSetBack = (entry: Entry): void => {
  const {newer, observation, setBackFor} = entry;
  if (!setBackFor || newer || observation?.kind !== 'seen') return;
  entry.setBackFor = undefined;
  const {updatedAt} = observation.campaign;
  if (updatedAt <= setBackFor.newest || updatedAt === entry.byItselfAt) return;
  entry.settledFor = setBackFor.wanted ?? entry.settledFor;
  entry.drifting = undefined;
  entry.changedAt = undefined;
};

const driftOf = ({drifting}: Entry): Learned['drift'] => {
  if (drifting === 'told') return undefined;
  return drifting === 'told before' ? 'stands' : 'begins';
};

/**
 * Learns from the verdict that an entry has now.
 *
 * @param ticks `Clock.ticks`
 */
export const learn = (entry: Entry, ticks: number): Learned => {
  const wanted = entry.wanted?.desired ?? desiredOf(entry.claim);
  const {cause, state} = entry.verdict ?? {};
  if (state !== 'terminal' && state !== 'unknown') entry.lost = false;
  if (state === 'satisfied' || state === 'awaiting') return settled(entry, ticks, wanted);
  const wasInPlace = entry.settledFor !== undefined && entry.settledFor === wanted;
  const moved = cause === 'drifted' || (state === 'terminal' && wasInPlace && !isOwn(entry));
  const drift = moved ? driftOf(entry) : undefined;
  if (moved) entry.drifting = 'told';
  const lost = state === 'terminal' && !entry.lost;
  if (lost) entry.lost = true;
  return {drift, lost};
};

/** The revision that wishes something. */
export interface Wish {
  /** It is the first that this process reads: what it declares may have stood there long. */
  readonly isFirst: boolean;
  /** Epoch milliseconds; undefined where it is no commit. */
  readonly committedAt: number | undefined;
  /** When it was taken in: epoch milliseconds, and `Clock.ticks`. */
  readonly now: number;
  readonly ticks: number;
}

/** True where only a calendar says something else, and nothing else of now: what its edges ask for they go on asking for. */
const isOfNoMoment = (before: Claim | undefined, after: Claim | undefined, now: number): boolean => {
  if (before?.kind !== 'valid' || after?.kind !== 'valid' || saysOtherwise(before, after)) return false;
  return wantedAt(before.declaration, {now}).desired === wantedAt(after.declaration, {now}).desired;
};

/**
 * Takes in that something else is wished of a campaign: it has a new chance, and its clock starts.
 *
 */
export const wishOtherwise = (
  entry: Entry,
  claim: Claim | undefined,
  {committedAt, isFirst, now, ticks}: Wish,
): void => {
  const [before, after] = [desiredOf(entry.claim), desiredOf(claim)];
  if (before !== after) entry.setBackFor = undefined;
  if (before !== after && after !== undefined && entry.settledFor !== after) {
    entry.settledFor = undefined;
    entry.drifting = undefined;
  }
  if (!isFirst && !isOfNoMoment(entry.claim, claim, now)) entry.askedAt = committedAt ?? now;
  if (isFirst) entry.sinceFirst = true;
  else if (before !== after) {
    entry.sinceFirst = false;
    if (claim?.kind === 'valid') entry.changedAt = ticks;
  }
};

/** Forgets what is remembered of a campaign that nobody declares any more. */
export const forgetPast = (entry: Entry): void => {
  entry.moves = NO_MOVES;
  entry.setBackFor = undefined;
  entry.settledFor = undefined;
  entry.drifting = undefined;
  entry.lost = false;
  entry.sinceFirst = false;
  entry.changedAt = undefined;
  entry.askedAt = undefined;
  entry.lastOutcome = undefined;
};
