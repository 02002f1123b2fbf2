import type {Trouble} from '../domain/condition.ts';
import type {Finding} from '../domain/finding.ts';
import type {Allowance} from '../domain/limits.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import {LateClosing} from './late-closing.ts';
import type {PassEnd} from './pass-end.ts';
import {Passes} from './passes.ts';
import type {Failure, RateUse, Revision} from './ports.ts';
import {NONE_UNASKED, type Reach, type Reading} from './reading.ts';
import {type Standing, standingOf} from './standing.ts';
import type {Entry} from './store/entry.ts';
import type {CampaignStore} from './store/store.ts';
import {groundOf, type WorkspaceDependencies, type WorkspaceSettings} from './workspace-options.ts';
import {WorkspaceState} from './workspace-state.ts';

/** One workspace: what is known of it, and the poll and the pass that bring it to what Git wants. */
export class WorkspaceReconciler {
  readonly name: string;
  #settings: WorkspaceSettings;
  readonly #state: WorkspaceState;
  /** What brings it to what Git wants. */
  readonly passes: Passes;
  readonly #lateClosing: LateClosing;
  #revision: Revision | undefined;

  constructor(name: string, settings: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    this.name = name;
    this.#settings = settings;
    this.#state = new WorkspaceState(name, settings, dependencies);
    this.passes = new Passes(this.#state, dependencies);
    this.#lateClosing = new LateClosing(this.store, dependencies.listener);
  }

  get store(): CampaignStore {
    return this.#state.store;
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry): Finding | undefined {
    return this.#state.finding(entry);
  }

  /** Declared campaigns that have yet to be asked for, or were so far asked for in vain, though the workspace can be read. */
  get unasked(): Reading['unasked'] {
    return this.isUnread ? NONE_UNASKED : this.#state.reading.unasked;
  }

  /** Campaigns that were asked for in vain keep no others waiting any more. */
  waitNoMore(): void {
    this.#state.reading.giveUp();
  }

  /** The platform can be read, and has yet to show what became of an action whose answer was lost. */
  get isInDoubt(): boolean {
    const {failed} = this.store.indexes.states;
    return this.trouble === undefined && failed.values().some(({sent}) => sent.length > 0);
  }

  /** What keeps the workspace as a whole from being read or steered. */
  get trouble(): Trouble | undefined {
    return this.#state.trouble;
  }

  /** The last reading failed, or the platform refuses all. */
  get isUnread(): boolean {
    return this.#state.health.failure !== undefined;
  }

  /** What a command sits out: a rest that the platform asks for, or the time until what has failed once is tried again. */
  get rest(): Failure | undefined {
    return this.#state.rest;
  }

  /** The time before which there is no use in reading (`Clock.ticks`). */
  get unreadableUntil(): number {
    return this.#state.health.unreadableUntil(this.#state.moment.ticks);
  }

  /** Campaigns of the platform's lists that cannot be used, each with the reason. */
  get unusable(): readonly string[] {
    return this.#state.reading.unusable;
  }

  /** How it stands now, in numbers. */
  get standing(): Standing {
    const {slots, used} = this.rate;
    return standingOf(this.store, {
      workspace: this.name,
      mode: this.#settings.mode,
      readAt: this.#state.reading.readAt,
      trouble: this.trouble,
      dryRun: this.#settings.dryRun,
      isRateUsedUp: used >= slots,
    });
  }

  /** How much of the rate is used now. */
  get rate(): RateUse {
    return this.#state.rate;
  }

  get actionsLeft(): number {
    return this.passes.actionsLeft;
  }

  /** True once the platform was asked, whatever it answered. */
  get polled(): boolean {
    return this.#state.reading.polled;
  }

  /** True once a pass has ended, whatever came of it. */
  get passed(): boolean {
    return this.passes.hasEnded;
  }

  /** Goes by other settings; a pass that works by another mode, or by other guardrails, ends after what is in flight. */
  configure(settings: WorkspaceSettings): void {
    const before = groundOf(this.#settings);
    this.#settings = settings;
    this.store.configure(settings.mode);
    this.store.stops.guard(settings.guardrails ?? {});
    if (before !== groundOf(settings)) this.passes.interrupt();
  }

  /**
   * Takes a new revision into force. Where it says anything else of this workspace's campaigns, if only that they are frozen,
   * a pass that works by the old one ends after what is in flight; true then. No pass begins before the whole revision is in
   * force.
   */
  async adopt(revision: Revision, changes: ClaimChanges): Promise<boolean> {
    const isFirst = this.#revision === undefined;
    const isOther = isFirst || changes.claims.size > 0;
    this.#revision = revision;
    if (isFirst || changes.wishes.size > 0) this.#state.reading.revised();
    if (isOther) this.passes.interrupt();
    await this.#state.adopt(revision, changes);
    await this.#state.settled();
    return isOther;
  }

  /**
   * Takes in what the revision allows that is about to come into force: from now on, or where it is the first, since its
   * commit; true where that is other than before.
   */
  allow(allowances: readonly Allowance[], {committedAt}: Revision): boolean {
    const {now} = this.#state.moment;
    const isOther = this.store.stops.allow(allowances, this.#revision ? now : (committedAt ?? now));
    if (isOther) this.passes.interrupt();
    return isOther;
  }

  /** The time of day was set, or the machine slept. */
  clockMoved(): void {
    this.store.clockMoved();
  }

  /**
   * Reads what may have changed. What could not be read keeps its last known status, and is no ground to act.
   *
   * @param onNews called when something new has been seen, before the reading is over
   */
  poll(signal: AbortSignal, onNews: () => void = () => {}): Promise<void> {
    return this.#read('poll', signal, onNews);
  }

  /** Reads every campaign that may still change, whatever is known of it. */
  resync(signal: AbortSignal, onNews: () => void = () => {}): Promise<void> {
    return this.#read('resync', signal, onNews);
  }

  /**
   * One pass. One that is interrupted does not wait for requests that are on their way: `onNews` is called once they have
   * ended.
   */
  async pass(signal: AbortSignal, onNews: () => void = () => {}): Promise<PassEnd> {
    const first = this.#revision;
    if (!first) return {again: false, read: false};
    const ground = () => ({revision: this.#revision ?? first, settings: this.#settings});
    return this.passes.run({ground, signal, onNews});
  }

  async #read(reach: Reach, signal: AbortSignal, onNews: () => void): Promise<void> {
    if (!this.#revision) return;
    const {health, reading} = this.#state;
    await this.#state.settled();
    await this.#lateClosing.tell(this.#state.moment.now);
    await reading.read(reach, signal, {
      heed: async () => {
        await this.passes.heed();
        onNews();
      },
      read: failure => this.#state.tellTrouble(health.polled(failure)),
    });
  }
}
