import type {Outcome} from '../../domain/outcome.ts';
import type {Action} from '../../domain/transitions.ts';
import {backoff} from '../backoff.ts';
import type {Moment} from '../moment.ts';
import type {Random} from '../ports.ts';
import type {Entry, Waiting, WaitingOutcome} from './entry.ts';
import {dueAction} from './indexes.ts';
import {put} from './put.ts';

/** The longest wait of a campaign whose request had no answer. Milliseconds. */
const LONGEST_WITHOUT_ANSWER = 60_000;

/** So often in a row a campaign whose request met a rest is due when that ends. */
const MOST_RESTS = 5;

/** However long a rest, a campaign waits no longer than this by itself: a pause may try whether the rest is over. Milliseconds. */
const LONGEST_BEYOND_REST = 5 * 60_000;

/** How long, at the most, what comes after an action that has failed once waits for it: in an outage one campaign is tried at a time. Milliseconds. */
const HELD_FOR = 30_000;

/** The campaigns that failed and wait to be tried again, and what lets them go before their time. */
export class Waits {
  readonly #waiting = new Set<Entry>();
  /** Those of them that have failed once, and have yet to be tried again. */
  readonly #once = new Set<Entry>();
  /** Until when others wait for them (`Clock.ticks`). */
  #heldUntil = 0;
  readonly #random: Random;
  readonly #mark: (entry: Entry) => void;

  /** @param mark called with each entry that waits otherwise than before */
  constructor(random: Random, mark: (entry: Entry) => void) {
    this.#random = random;
    this.#mark = mark;
  }

  /** Takes in how an action ended: one that failed has its campaign wait longer each time. */
  ended(entry: Entry, outcome: Outcome, {now, ticks}: Moment): void {
    const waits = outcome.kind === 'deferred' || outcome.kind === 'refused';
    const count = (entry.waiting?.count ?? 0) + 1;
    if (waits && this.#once.size === 0) this.#heldUntil = ticks + HELD_FOR;
    this.set(entry, waits ? {count, outcome, dueAt: ticks + (outcome.retryAt - now)} : undefined);
    if (outcome.kind === 'applied' && outcome.action !== 'resume') this.#slotFreed();
  }

  set(entry: Entry, waiting: Waiting | undefined): void {
    entry.waiting = waiting;
    put(this.#waiting, entry, waiting !== undefined);
    put(this.#once, entry, waiting?.count === 1);
    this.#mark(entry);
  }

  /** Takes in that an entry was settled, which may have ended its wait. */
  settled(entry: Entry): void {
    if (entry.waiting) return;
    this.#waiting.delete(entry);
    this.#once.delete(entry);
  }

  /** True while a campaign that has failed once is to be tried again by an action: what comes after that waits for it. */
  isTriedAgain(action: Action, ticks: number): boolean {
    return ticks < this.#heldUntil && this.#once.values().some(({verdict}) => dueAction(verdict) === action);
  }

  /** When the last of those that have failed once is tried again (`Clock.ticks`); undefined where none is to come. */
  triedAgainAt(ticks: number): number | undefined {
    const last = this.#once
      .values()
      .reduce(
        (time, {verdict, waiting}) => (dueAction(verdict) ? Math.max(time, waiting?.dueAt ?? 0) : time),
        0,
      );
    return last > ticks ? last : undefined;
  }

  /**
   * The time to wait before a campaign that failed once more is tried again, in milliseconds. What had no answer may
   * have one soon; what was refused is refused again. What met a rest of the whole workspace is due when that ends, before
   * what comes after it; but not for ever, since it may be the one that the platform asks for a rest from each time.
   *
   * @param rest how long the workspace rests, where it does
   */
  nextDelay(entry: Entry | undefined, kind: WaitingOutcome['kind'], rest?: number): number {
    const count = (entry?.waiting?.count ?? 0) + 1;
    const delay = backoff(count, this.#random);
    const own = kind === 'deferred' ? Math.min(delay, LONGEST_WITHOUT_ANSWER) : delay;
    if (rest === undefined) return own;
    return count <= MOST_RESTS ? Math.min(own, rest) : Math.min(rest + own, LONGEST_BEYOND_REST);
  }

  /** The platform answers again: what had no answer may be tried at once, without a backoff of its own. */
  outageOver(): void {
    this.#release(({kind}) => kind === 'deferred');
  }

  /** A campaign less runs: those that were refused to run may be tried again, since it may have been for want of a slot. */
  #slotFreed(): void {
    this.#release(({action, kind}) => kind === 'refused' && action === 'resume');
  }

  #release(wanted: (outcome: WaitingOutcome) => boolean): void {
    for (const entry of this.#waiting)
      if (entry.waiting && wanted(entry.waiting.outcome)) this.set(entry, undefined);
  }
}
