/**
 * A strict sliding window. A slot is taken when a request is sent, and is free again only a whole window after
 * the request has ended: so whoever counts where requests arrive never counts more than the rate allows,
 * however long each of them was on its way.
 */
export class SlidingWindow {
  #slots: number;
  #length: number;
  #taken = 0;
  /** When requests that hold a slot ended, oldest first. */
  readonly #endedAt: number[] = [];

  /** @param length milliseconds */
  constructor(slots: number, length: number) {
    this.#slots = slots;
    this.#length = length;
  }

  /** Takes another rate into force; requests that hold a slot keep it until the new length has passed. */
  resize(slots: number, length: number): void {
    this.#slots = slots;
    this.#length = length;
  }

  take(): void {
    this.#taken += 1;
  }

  ended(now: number): void {
    this.#endedAt.push(now);
  }

  /** True when no slot is free at `now`. */
  isFull(now: number): boolean {
    while (this.#endedAt[0] !== undefined && now - this.#endedAt[0] >= this.#length) {
      this.#endedAt.shift();
      this.#taken -= 1;
    }
    return this.#taken >= this.#slots;
  }

  /** When the next slot becomes free; undefined while every slot is held by a request that has not ended. */
  get nextFreeAt(): number | undefined {
    const [oldest] = this.#endedAt;
    return oldest === undefined ? undefined : oldest + this.#length;
  }
}
