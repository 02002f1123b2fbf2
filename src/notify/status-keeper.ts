import type {Clock, Revision} from '../controller/ports.ts';
import {isCommit} from '../domain/revision.ts';
import {type OpenStatus, pending, type StatusReport, statusNow, superseded} from './commit-status.ts';
import type {NewLetter} from './letters.ts';

/** What a keeper of commit statuses goes by. */
export interface StatusPorts {
  readonly clock: Clock;
  /** What all replicas report. */
  readonly report: () => Promise<StatusReport>;
  /** Whether this process is the one of the replicas that sets statuses. */
  readonly isMine: () => boolean;
  readonly recall: () => OpenStatus | undefined;
  /** Keeps the status and sends the letters: both, or neither. */
  readonly put: (letters: readonly Omit<NewLetter, 'receiver'>[], open: OpenStatus) => void;
}

/** How often it is looked whether a commit is in place. Milliseconds. */
const LOOKS_EVERY = 5_000;

/** Sets the status of the commit that came into force: pending, and then, also after a restart, success or failure. */
export class StatusKeeper {
  readonly #ports: StatusPorts;
  #revision: Revision | undefined;
  #cancel: () => void = () => {};
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(ports: StatusPorts) {
    this.#ports = ports;
  }

  /** Takes in that a revision came into force. */
  adopted(revision: Revision): void {
    this.#revision = revision;
    this.#soon();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#looking;
  }

  #soon(): void {
    if (this.#stopped) return;
    this.#looking = this.#looking.then(() => this.#look()).catch(() => this.#later());
  }

  async #look(): Promise<void> {
    const {isMine, recall} = this.#ports;
    this.#cancel();
    const sha = this.#revision?.id;
    if (sha === undefined || !isCommit(sha)) return;
    let open = recall();
    if (isMine()) {
      if (open?.status.sha !== sha) open = this.#begin(sha, open);
      if (open.status.state !== 'success') open = await this.#now(open);
      if (open.status.state === 'success') return;
    }
    this.#later();
  }

  #later(): void {
    if (!this.#stopped) this.#cancel = this.#ports.clock.after(LOOKS_EVERY, () => this.#soon());
  }

  #begin(sha: string, before: OpenStatus | undefined): OpenStatus {
    const open = pending(sha);
    const letters =
      before?.status.state === 'pending' ? [this.#letter(superseded(before.status.sha, sha))] : [];
    this.#ports.put([...letters, this.#letter(open)], open);
    return open;
  }

  async #now(open: OpenStatus): Promise<OpenStatus> {
    const next = statusNow(open, await this.#ports.report(), this.#ports.clock.now());
    if (JSON.stringify(next) === JSON.stringify(open)) return open;
    const isOther = JSON.stringify(next.status) !== JSON.stringify(open.status);
    this.#ports.put(isOther ? [this.#letter(next)] : [], next);
    return next;
  }

  #letter({status}: OpenStatus): Omit<NewLetter, 'receiver'> {
    return {key: `status/${status.sha}`, body: status, at: this.#ports.clock.now(), replaces: true};
  }
}
