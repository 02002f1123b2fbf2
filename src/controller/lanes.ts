import {counted} from '../domain/text.ts';
import {aborted} from './aborted.ts';
import {backoff} from './backoff.ts';
import type {ControllerEvent, Listener, Work} from './events.ts';
import {Loop, type LoopOptions} from './loop.ts';
import {type Patience, patiently} from './patiently.ts';
import type {Clock, Failure, Random} from './ports.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** How long a pass waits for the source to be read, where that is awaited. Milliseconds. */
const SOURCE_AWAITED = 5_000;

/** The least time between a reading that failed and the next. Milliseconds. */
const LEAST_REST = 500;

export interface LaneOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
  /** The time (`Clock.ticks`) of the next regular poll. */
  readonly nextPoll: () => number;
  /** The time of the next reading of everything. */
  readonly nextResync: () => number;
  /** Called when a pass has ended, whatever came of it. */
  readonly onPass: () => void;
}

/** The loop options of one kind of work, whose unexpected errors become events. */
export const loopOptions = (
  {clock, listener, random}: Pick<LaneOptions, 'clock' | 'listener' | 'random'>,
  work: Work,
  workspace?: string,
): LoopOptions => {
  const onError = (error: unknown): void => {
    const event: ControllerEvent = {
      kind: 'unexpected-error',
      work,
      error,
      ...(workspace !== undefined && {workspace}),
    };
    listener(event);
  };
  return {clock, random, onError};
};

/**
 * One workspace's loops: one polls, one reads everything now and then, one makes passes. None waits for another
 * workspace, nor a poll for the reading of everything.
 */
export class Lane {
  readonly workspace: WorkspaceReconciler;
  readonly #options: LaneOptions;
  readonly #stopping = new AbortController();
  readonly #poll: Loop;
  readonly #resync: Loop;
  readonly #pass: Loop;
  /** The first poll read everything; from then on it is read again now and then. */
  #resyncs = false;
  /** What the next pass waits for. */
  #held: Promise<void> | undefined;
  /** How many readings in a row have failed, or asked in vain for what others wait for. */
  #unread = 0;

  constructor(workspace: WorkspaceReconciler, options: LaneOptions) {
    this.workspace = workspace;
    this.#options = options;
    const {name} = workspace;
    this.#poll = new Loop(() => this.#pollRun(), loopOptions(options, 'poll', name));
    this.#resync = new Loop(() => this.#resyncRun(), loopOptions(options, 'resync', name));
    this.#pass = new Loop(() => this.#passRun(), loopOptions(options, 'pass', name));
  }

  /** Looks for what can be done with what is known, and reads the live statuses again; everything, once that is due. */
  trigger(): void {
    if (this.workspace.polled) this.#pass.trigger();
    this.#poll.trigger();
    if (this.#resyncs) this.#resync.wakeAt(this.#options.nextResync());
  }

  /**
   * Polls once, and makes passes until nothing is left that can be done now. Where the answer to an action was lost, it reads
   * once more: the action may have taken effect. A rest that the platform asks for is sat out, where it is short.
   *
   * @param onWait told of each rest
   */
  async once(onWait: Patience['onWait']): Promise<void> {
    const {signal} = this.#stopping;
    const {name} = this.workspace;
    try {
      const patience = {clock: this.#options.clock, signal, onWait};
      await patiently(
        () => this.#readAndPass(patience),
        () => this.workspace.rest,
        patience,
      );
      if (this.workspace.isInDoubt && !signal.aborted) await this.#readAndPass(patience);
    } catch (error) {
      this.#options.listener({kind: 'unexpected-error', work: 'pass', workspace: name, error});
    }
  }

  async #readAndPass(patience: Patience): Promise<void> {
    const {signal} = this.#stopping;
    await patiently(
      () => this.#readAll(signal),
      () => this.#unanswered,
      patience,
    );
    this.workspace.waitNoMore();
    for (let isOver = false; !isOver; ) {
      const {again, read} = await this.workspace.pass(signal);
      if (again) await this.workspace.passes.idle();
      if (read) await this.#readAll(signal);
      isOver = !again && !read;
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    do await this.workspace.poll(signal);
    while (this.workspace.unasked.putOff > 0 && !signal.aborted);
  }

  /** What campaigns met that others wait for. */
  get #unanswered(): Failure | undefined {
    const {inVain} = this.workspace.unasked;
    if (inVain === 0) return undefined;
    const message = `workspace ${this.workspace.name}: ${counted(inVain, 'campaign')} brought no answer`;
    return {kind: 'unavailable', message};
  }

  /** Has the pass end that is under way; none begins before something has ended, for so long as that may take. */
  hold(until: Promise<void>): void {
    let cancel = (): void => {};
    const longest = new Promise<void>(resolve => {
      cancel = this.#options.clock.after(SOURCE_AWAITED, resolve);
    });
    this.#held = Promise.race([until, longest, aborted(this.#stopping.signal)]).finally(cancel);
    this.workspace.passes.interrupt();
  }

  /** Takes up no more work; resolves when what was in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#poll.stop(), this.#resync.stop(), this.#pass.stop()]);
    await this.workspace.passes.idle();
  }

  /** When a reading follows one that has ended: after one that failed, or put something off, once its rest is over, and not only at its regular time. */
  #next(regular: number): number {
    const {clock, random} = this.#options;
    const {isUnread, unasked, unreadableUntil} = this.workspace;
    const isInVain = isUnread || unasked.inVain > 0;
    this.#unread = isInVain ? this.#unread + 1 : 0;
    if (!isInVain && unasked.putOff === 0) return regular;
    const ticks = clock.ticks();
    if (isUnread && unreadableUntil > ticks) return unreadableUntil;
    const rest = unasked.putOff > 0 ? LEAST_REST : backoff(this.#unread, random);
    return Math.min(regular, ticks + Math.max(LEAST_REST, rest));
  }

  async #pollRun(): Promise<void> {
    await this.workspace.poll(this.#stopping.signal, () => this.#pass.trigger());
    this.#pass.trigger();
    this.#poll.wakeAt(this.#next(this.#options.nextPoll()));
    if (this.workspace.polled && !this.#resyncs) {
      this.#resyncs = true;
      this.#resync.wakeAt(this.#options.nextResync());
    }
  }

  async #resyncRun(): Promise<void> {
    await this.workspace.resync(this.#stopping.signal, () => this.#pass.trigger());
    this.#pass.trigger();
    this.#resync.wakeAt(this.#next(this.#options.nextResync()));
  }

  async #passRun(): Promise<void> {
    while (this.#held !== undefined) {
      const held = this.#held;
      await held;
      if (held === this.#held) this.#held = undefined;
    }
    const {again, read, wakeAt} = await this.workspace.pass(this.#stopping.signal, () =>
      this.#pass.trigger(),
    );
    if (read) this.#poll.trigger();
    if (again) this.#pass.trigger();
    if (wakeAt !== undefined) this.#pass.wakeAt(wakeAt);
    this.#options.onPass();
  }
}
