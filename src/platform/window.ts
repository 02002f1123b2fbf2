/** A slot that was taken: one request. */
export interface Slot {
  /** The request has ended: the slot is free again a whole window later. */
  ended(now: number): void;
  /** Nothing was sent: the slot is free at once. */
  giveBack(): void;
}

/** What every request takes a slot of. Times are `Clock.ticks`. */
export interface Window {
  /** A slot, where one is free, and nobody waits for one whose need is greater. */
  tryTake(now: number, priority?: number): Slot | undefined;
  /** When it is worth trying again; undefined while only the end of a request can free one, which is told. */
  nextFreeAt(now: number): number | undefined;
  /** Waits for a slot: calls back once, when a request has ended next, or a slot was given back. */
  wait(callback: () => void, priority: number): void;
  /** Waits no more. */
  leave(callback: () => void): void;
}

/**
 * A strict sliding window. A slot is taken when a request is sent, and is free again only a whole window after
 * the request has ended: so whoever counts where requests arrive never counts more than the rate allows,
 * however long each of them was on its way.
 */
export class SlidingWindow implements Window {
  #slots: number;
  #length: number;
  #taken = 0;
  /** When requests that hold a slot ended, oldest first. */
  readonly #endedAt: number[] = [];
  /** Those who wait for a slot, and how much each needs it, the longest first. */
  readonly #waiting = new Map<() => void, number>();

  /** @param length milliseconds */
  constructor(slots: number, length: number) {
    this.#slots = slots;
    this.#length = length;
  }

  /** Takes for granted that every slot was taken just now: by somebody of whom nothing is known. */
  fill(now: number): void {
    while (this.#taken < this.#slots) {
      this.#taken += 1;
      this.#endedAt.push(now);
    }
  }

  /**
   * Takes another rate into force; requests that hold a slot keep it until the new length has passed. Of a longer window
   * nobody knows what was sent in it: it is taken for full.
   */
  resize(slots: number, length: number, now: number): void {
    const isLonger = length > this.#length;
    this.#slots = slots;
    this.#length = length;
    if (isLonger) this.fill(now);
  }

  isFull(now: number): boolean {
    while (this.#endedAt[0] !== undefined && now - this.#endedAt[0] >= this.#length) {
      this.#endedAt.shift();
      this.#taken -= 1;
    }
    return this.#taken >= this.#slots;
  }

  /** How many slots there are for how long, and how many are taken. */
  use(now: number): {slots: number; window: number; used: number} {
    this.isFull(now);
    return {slots: this.#slots, window: this.#length, used: this.#taken};
  }

  /** True where a slot is free, and nobody waits for one whose need is greater. */
  isFree(now: number, priority = Number.POSITIVE_INFINITY): boolean {
    return !this.isFull(now) && !this.#waiting.values().some(other => other > priority);
  }

  tryTake(now: number, priority = Number.POSITIVE_INFINITY): Slot | undefined {
    if (!this.isFree(now, priority)) return undefined;
    this.#taken += 1;
    return {
      ended: at => {
        this.#endedAt.push(at);
        this.#changed();
      },
      giveBack: () => {
        this.#taken -= 1;
        this.#changed();
      },
    };
  }

  nextFreeAt(): number | undefined {
    const [oldest] = this.#endedAt;
    return oldest === undefined ? undefined : oldest + this.#length;
  }

  wait(callback: () => void, priority: number): void {
    this.#waiting.set(callback, priority);
  }

  leave(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  #changed(): void {
    for (const [callback] of [...this.#waiting].toSorted(([, a], [, b]) => b - a)) callback();
  }
}

/** The slots that several processes take of one rate. */
export interface Ledger {
  tryTake(now: number): Slot | undefined;
  nextFreeAt(now: number): number | undefined;
  /** Takes another rate into force. */
  resize(slots: number, length: number): void;
}

/** A window of this process's own, beside a ledger that it shares: what is sent takes a slot of both. */
export class SharedWindow implements Window {
  readonly #own: SlidingWindow;
  readonly #ledger: Ledger;

  constructor(own: SlidingWindow, ledger: Ledger) {
    this.#own = own;
    this.#ledger = ledger;
  }

  tryTake(now: number, priority?: number): Slot | undefined {
    if (!this.#own.isFree(now, priority)) return undefined;
    const shared = this.#ledger.tryTake(now);
    const own = shared && this.#own.tryTake(now, priority);
    if (!shared || !own) return undefined;
    return {
      ended: at => {
        shared.ended(at);
        own.ended(at);
      },
      giveBack: () => {
        shared.giveBack();
        own.giveBack();
      },
    };
  }

  nextFreeAt(now: number): number | undefined {
    return this.#own.isFull(now) ? this.#own.nextFreeAt() : this.#ledger.nextFreeAt(now);
  }

  wait(callback: () => void, priority: number): void {
    this.#own.wait(callback, priority);
  }

  leave(callback: () => void): void {
    this.#own.leave(callback);
  }
}
