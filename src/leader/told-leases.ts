import {errorText} from '../domain/text.ts';
import type {ElectorOptions, LeaseEvent} from './elector-options.ts';

/** Of what others were told: by which leases to act, and what is wrong with them. */
export class ToldLeases {
  readonly #options: Pick<ElectorOptions, 'listener' | 'onHeld'>;
  #told: ReadonlySet<string> = new Set();
  #trouble: string | undefined;
  #telling: Promise<boolean> = Promise.resolve(true);

  constructor(options: Pick<ElectorOptions, 'listener' | 'onHeld'>) {
    this.#options = options;
  }

  /** Resolves with whether whoever was told has done what it has to. */
  get isDone(): Promise<boolean> {
    return this.#telling;
  }

  /**
   * Tells which leases are held now, where they are others than were told.
   *
   * @param goneBy how one went that is held no more
   */
  tell(now: ReadonlySet<string>, goneBy: (lease: string) => LeaseEvent): void {
    if (now.symmetricDifference(this.#told).size === 0) return;
    const {listener, onHeld} = this.#options;
    for (const lease of now.difference(this.#told)) listener({kind: 'acquired', lease});
    for (const lease of this.#told.difference(now)) listener(goneBy(lease));
    this.#told = now;
    const onError = (error: unknown): boolean => {
      listener({kind: 'unexpected-error', message: errorText(error)});
      return false;
    };
    this.#telling = this.#telling.then(() => onHeld(now)).then(() => true, onError);
  }

  /** Tells that the API server cannot be asked, or can again. */
  tellTrouble(message: string | undefined): void {
    if ((message === undefined) === (this.#trouble === undefined)) return;
    this.#trouble = message;
    this.#options.listener({kind: 'api-trouble', message});
  }
}
