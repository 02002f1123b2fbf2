import type {Mirror} from './mirror.ts';

/** After how many new commits the mirror is looked after. */
const MAINTAIN_AFTER = 50;

/** Looks after a mirror, apart from the reading and rarely: it takes its time, and what fails in it says nothing of the remote. */
export class Maintenance {
  readonly #mirror: Mirror;
  #adopted = 0;
  #underWay: {readonly stop: () => void; readonly ended: Promise<void>} | undefined;

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  /** A new commit came into force. */
  adopted(signal: AbortSignal): void {
    this.#adopted += 1;
    if (this.#adopted % MAINTAIN_AFTER !== 0 || this.#underWay) return;
    const stop = new AbortController();
    const ended = this.#mirror
      .maintain(AbortSignal.any([signal, stop.signal]))
      .catch(() => {})
      .finally(() => {
        this.#underWay = undefined;
      });
    this.#underWay = {stop: () => stop.abort(), ended};
  }

  /** Nothing works in the mirror while something is taken away from it. */
  async end(): Promise<void> {
    this.#underWay?.stop();
    await this.#underWay?.ended;
  }
}
