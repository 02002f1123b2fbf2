import {backoff} from '../controller/backoff.ts';
import type {Clock, Random} from '../controller/ports.ts';
import {errorText} from '../domain/text.ts';
import type {Letter} from './letters.ts';
import type {Outbox} from './outbox.ts';

/** Delivers one letter. Rejects, saying why and nothing secret, where it was not taken. */
export type Deliver = (letter: Letter) => Promise<void>;

/** The receiver does not take this letter, and says so of the letter and not of itself. */
export class Refused extends Error {}

/** The receiver does not take it now. */
export class NotNow extends Error {
  /** For how long it wants to be left alone, in milliseconds; undefined where it does not say so. */
  readonly rest: number | undefined;

  constructor(message: string, rest: number | undefined) {
    super(message);
    this.rest = rest;
  }
}

/** Who hears how deliveries end. */
interface CourierObserver {
  readonly ended: (receiver: string, result: 'delivered' | 'failed' | 'abandoned') => void;
  /** A receiver takes nothing, and why, told once; undefined when it takes letters again. */
  readonly trouble: (receiver: string, message: string | undefined) => void;
}

export interface CourierPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: CourierObserver;
}

/** How often a letter is tried that is refused. */
const REFUSALS = 3;
/** For how long a letter is tried. Milliseconds. */
const TRIED_FOR = 24 * 60 * 60_000;
/** The longest wait between two tries. Milliseconds. */
const LONGEST_WAIT = 5 * 60_000;
/** How long the end of the process waits for a delivery that is under way. Milliseconds. */
const GRACE = 2_000;
/** How many letters wait at the most: the oldest are given up then. */
const MOST_WAITING = 1_000;

const BEFORE_START = 'it took none before the start';

/** Takes letters to one receiver, one after the other and in their order, for as long as it takes. */
export class Courier {
  readonly receiver: string;
  readonly #deliver: Deliver;
  readonly #ports: CourierPorts;
  #working: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #trouble: string | undefined;
  /** Somebody has put something in since the work that is under way began: it is looked once more. */
  #again = false;
  #stopped = false;
  /** Nobody waits for what is under way any more: the outbox is closed. */
  #over = false;

  constructor(receiver: string, deliver: Deliver, ports: CourierPorts) {
    this.receiver = receiver;
    this.#deliver = deliver;
    this.#ports = ports;
  }

  /** What keeps letters from being delivered; undefined where nothing does. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Looks what there is to deliver, and returns at once. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = this.#working !== undefined;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#again) this.wake();
    });
  }

  /** Begins nothing new; resolves when what is under way has ended, or has had its time: it is sent again then. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    let cancel = (): void => {};
    const late = new Promise<void>(resolve => {
      cancel = this.#ports.clock.after(GRACE, resolve);
    });
    await Promise.race([this.#working, late]);
    cancel();
    this.#over = true;
  }

  async #work(): Promise<void> {
    const {clock, outbox} = this.#ports;
    this.#cancel?.();
    for (
      let letter = outbox.first(this.receiver);
      letter && !this.#stopped;
      letter = outbox.first(this.receiver)
    ) {
      const wait = letter.dueAt - clock.now();
      // A longer one was reckoned by a clock that was ahead.
      if (wait > 0 && wait <= LONGEST_WAIT) {
        if (letter.attempts > 0 && this.#trouble === undefined) this.#tell(BEFORE_START);
        this.#cancel = clock.after(wait, () => this.wake());
        return;
      }
      await this.#try(letter);
    }
  }

  async #try(letter: Letter): Promise<void> {
    const {observer, outbox} = this.#ports;
    try {
      await this.#deliver(letter);
      if (this.#over) return;
      outbox.remove(letter);
      observer.ended(this.receiver, 'delivered');
      this.#tell(undefined);
    } catch (error) {
      if (!this.#over) this.#failed(letter, error);
    }
  }

  #failed(letter: Letter, error: unknown): void {
    const {clock, observer, outbox, random} = this.#ports;
    observer.ended(this.receiver, 'failed');
    this.#tell(errorText(error));
    const isRefused = error instanceof Refused && letter.attempts + 1 >= REFUSALS;
    const isOld = clock.now() - letter.at > TRIED_FOR || outbox.waiting(this.receiver) > MOST_WAITING;
    if (isOld || isRefused) {
      outbox.remove(letter);
      observer.ended(this.receiver, 'abandoned');
    } else {
      const rest = error instanceof NotNow ? (error.rest ?? 0) : 0;
      const wait = Math.max(rest, backoff(letter.attempts + 1, random));
      outbox.postpone(letter, clock.now() + Math.min(LONGEST_WAIT, wait));
    }
  }

  #tell(message: string | undefined): void {
    const isNew = (message === undefined) !== (this.#trouble === undefined);
    this.#trouble = message;
    if (isNew) this.#ports.observer.trouble(this.receiver, message);
  }
}
