import type {Claim} from '../../domain/declarations.ts';
import {type ClaimChanges, saysOtherwise} from '../../domain/same-wish.ts';
import type {Moment} from '../moment.ts';
import type {Entries} from './entries.ts';
import {NO_MOVES} from './entry.ts';
import {type KnownPast, NO_PAST} from './known-past.ts';
import {forgetPast, wishOtherwise} from './learn.ts';
import type {Origin} from './origin.ts';
import type {Waits} from './waits.ts';

/** Told of each campaign of which a revision wishes something else, before that is in force. */
export type TellWish = (campaignId: string, claim: Claim | undefined, before: Claim | undefined) => void;

/** When a revision was committed, where it is a commit (epoch milliseconds), and when it is taken in. */
export interface Adopted extends Moment {
  readonly committedAt: number | undefined;
}

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
    tell: TellWish,
  ): Generator<void, void> {
    const isFirst = !this.#adopted;
    if (isFirst) Object.assign(this.#origin, {committedAt, adoptedAt: now});
    for (const [id, claim] of claims) {
      const entry = this.#entries.of(id);
      if (claim?.kind === 'valid') this.#adopted = true;
      if (wishes.has(id)) {
        wishOtherwise(entry, claim, {isFirst, committedAt, now, ticks});
        this.#waits.set(entry, undefined);
        tell(id, claim, entry.claim);
      }
      if (isFirst) {
        entry.inForceAt = this.past.inForceAt(id, claim) ?? now;
        entry.moves = this.past.moves(id);
        const corrected = entry.moves.findLast(({correctedAt}) => correctedAt !== undefined)?.correctedAt;
        if (corrected !== undefined) entry.correctedAt = ticks - (now - corrected);
      } else if (saysOtherwise(entry.claim, claim)) {
        entry.inForceAt = now;
        entry.moves = NO_MOVES;
      }
      this.#entries.claim(entry, claim);
      if (!claim) forgetPast(entry);
      yield;
    }
  }
}
