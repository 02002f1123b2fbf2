import type {Outcome} from '../../domain/outcome.ts';
import {backoff} from '../backoff.ts';
import type {Moment} from '../moment.ts';
import type {Random} from '../ports.ts';
import type {Entry, Waiting, WaitingOutcome} from './entry.ts';

/** The longest wait of a campaign whose request had no answer. Milliseconds. */
const LONGEST_WITHOUT_ANSWER = 60_000;

/** The campaigns that failed and wait to be tried again, and what lets them go before their time. */
export class Waits {
  readonly #waiting = new Set<Entry>();
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
    this.set(entry, waits ? {count, outcome, dueAt: ticks + (outcome.retryAt - now)} : undefined);
    if (outcome.kind === 'applied' && outcome.action !== 'resume') this.#slotFreed();
  }

  set(entry: Entry, waiting: Waiting | undefined): void {
    entry.waiting = waiting;
    if (waiting) this.#waiting.add(entry);
    else this.#waiting.delete(entry);
    this.#mark(entry);
  }

  /** Takes in that an entry was settled, which may have ended its wait. */
  settled(entry: Entry): void {
    if (!entry.waiting) this.#waiting.delete(entry);
  }

  /**
   * The time to wait before a campaign that failed once more is tried again, in milliseconds. What had no answer may
   * have one soon; what was refused is refused again.
   */
  nextDelay(entry: Entry | undefined, kind: WaitingOutcome['kind']): number {
    const delay = backoff((entry?.waiting?.count ?? 0) + 1, this.#random);
    return kind === 'deferred' ? Math.min(delay, LONGEST_WITHOUT_ANSWER) : delay;
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
