import type {Claim} from '../../domain/declarations.ts';
import {type ClaimChanges, isSaidOtherwise, saysOtherwise} from '../../domain/same-wish.ts';
import type {Moment} from '../moment.ts';
import type {Entries} from './entries.ts';
import {type Entry, NO_MOVES} from './entry.ts';
import {type Begun, type KnownPast, NO_PAST} from './known-past.ts';
import {forgetPast, wishOtherwise} from './learn.ts';
import type {Origin} from './origin.ts';
import {NOTHING_SHOWN, type Sent} from './sighted.ts';
import type {Waits} from './waits.ts';

/** Who is told, before a revision is in force. */
export interface TellWishes {
  /** Something else is wished of a campaign. */
  readonly wished: (campaignId: string, claim: Claim | undefined, before: Claim | undefined) => void;
  /** The same is, in other words. */
  readonly reworded: (campaignId: string, claim: Claim) => void;
}

/** Nobody is. */
export const NOBODY_TOLD: TellWishes = {wished: () => {}, reworded: () => {}};

/** When a revision was committed, where it is a commit (epoch milliseconds), and when it is taken in. */
export interface Adopted extends Moment {
  readonly committedAt: number | undefined;
}

/** True where anything else is said of a campaign, by its own declaration or by other documents. */
const isOther = (before: Claim | undefined, after: Claim | undefined): boolean =>
  saysOtherwise(before, after) || isSaidOtherwise(before, after);

/** Whence an action goes that an earlier process was sending. */
const FROM = {resume: 'paused', cancel: 'active'} as const;

const sentBefore = ({action, at}: Begun, {now, ticks}: Moment): Sent => ({
  action,
  from: FROM[action],
  cause: 'pending',
  at: ticks - (now - at),
  sentAt: at,
  isCounted: true,
});

/** Takes revisions into the entries of a workspace. */
export class Adoption {
  readonly #entries: Entries;
  readonly #origin: Origin;
  readonly #waits: Waits;
  /** What is known from before this process began. */
  past: KnownPast = NO_PAST;
  /** A revision came in which something was declared validly. */
  #adopted = false;

  constructor(entries: Entries, origin: Origin, waits: Waits) {
    this.#entries = entries;
    this.#origin = origin;
    this.#waits = waits;
  }

  /** Takes in what a revision changes, one campaign a step. */
  *steps(
    {claims, wishes}: ClaimChanges,
    {committedAt, now, ticks}: Adopted,
    tell: TellWishes,
  ): Generator<void, void> {
    const isFirst = !this.#adopted;
    if (isFirst) Object.assign(this.#origin, {committedAt, adoptedAt: now, ownName: this.past.ownName});
    for (const [id, claim] of claims) {
      const entry = this.#entries.of(id);
      if (claim?.kind === 'valid') this.#adopted = true;
      if (wishes.has(id)) {
        wishOtherwise(entry, claim, {isFirst, committedAt, now, ticks});
        this.#waits.set(entry, undefined);
        tell.wished(id, claim, entry.claim);
      } else if (claim && isOther(entry.claim, claim)) tell.reworded(id, claim);
      if (isFirst) this.#remember(entry, claim, {now, ticks});
      else if (isOther(entry.claim, claim)) entry.inForceAt = now;
      if (!isFirst && saysOtherwise(entry.claim, claim)) entry.moves = NO_MOVES;
      this.#entries.claim(entry, claim);
      if (!claim) forgetPast(entry);
      yield;
    }
    if (this.#adopted) this.past = NO_PAST;
  }

  /** Of what goes by a timetable it is not known whether it was in place: what is wanted of it changes with the time. */
  #remember(entry: Entry, claim: Claim | undefined, {now, ticks}: Moment): void {
    const {campaignId: id} = entry;
    const {past} = this;
    entry.inForceAt = past.inForceAt(id, claim) ?? now;
    entry.askedAt ??= past.askedAt(id, claim);
    entry.moves = past.moves(id, claim);
    const corrected = entry.moves.findLast(({correctedAt}) => correctedAt !== undefined)?.correctedAt;
    if (corrected !== undefined) entry.correctedAt = ticks - (now - corrected);
    entry.ownUpdatedAt ??= past.ownUpdatedAt(id);
    const begun = past.begun(id);
    if (begun.length > 0) entry.sent = [...entry.sent, ...begun.map(one => sentBefore(one, {now, ticks}))];
    const seen = entry.observation ? undefined : past.lastSeen(id);
    entry.lost = past.isLost(id, claim);
    if (seen) entry.newer = {campaign: seen, unseenSince: NOTHING_SHOWN};
    if (claim?.kind !== 'valid' || claim.declaration.opening) return;
    const {desired} = claim.declaration;
    entry.drifting = past.isDrifting(id, claim) ? 'told before' : undefined;
    entry.settledFor ??= entry.drifting ? desired : past.settledFor(id, desired);
  }
}
