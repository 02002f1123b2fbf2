import type {Trouble} from '../domain/condition.ts';
import type {Finding} from '../domain/finding.ts';
import type {Allowance} from '../domain/limits.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import {Health} from './health.ts';
import {LateClosing} from './late-closing.ts';
import {type Moment, momentOf} from './moment.ts';
import {isMoving, isProgress, nextTime, type PassEnd, resultOf} from './pass-end.ts';
import type {RateUse, Revision} from './ports.ts';
import {type Reach, Reading} from './reading.ts';
import {type Standing, standingOf} from './standing.ts';
import type {Entry} from './store/entry.ts';
import type {Said} from './store/settler.ts';
import {CampaignStore} from './store/store.ts';
import {MOST_IN_A_PASS, takeDue} from './take-due.ts';
import {ToldLimits} from './told-limits.ts';
import {type Came, Turns} from './turns.ts';
import type {WorkspaceDependencies, WorkspaceSettings} from './workspace-options.ts';

/** One workspace: its store, and the poll and the pass that bring it to what Git wants. */
export class WorkspaceReconciler {
  readonly name: string;
  readonly store: CampaignStore;
  #settings: WorkspaceSettings;
  readonly #dependencies: WorkspaceDependencies;
  readonly #turns: Turns;
  readonly #reading: Reading;
  readonly #health: Health;
  #revision: Revision | undefined;
  #passed = false;
  readonly #lateClosing: LateClosing;
  readonly #toldLimits: ToldLimits;
  #adopting: Promise<void> = Promise.resolve();
  #interrupt = new AbortController();

  constructor(name: string, settings: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    this.name = name;
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#health = new Health(name);
    this.store = new CampaignStore(name, settings.mode, dependencies);
    this.store.stops.guard(settings.guardrails ?? {});
    if (dependencies.past) this.store.remember(dependencies.past);
    this.#turns = new Turns(this.store, dependencies);
    this.#reading = new Reading(this.store, dependencies);
    this.#lateClosing = new LateClosing(this.store, dependencies.listener);
    this.#toldLimits = new ToldLimits(this.store, dependencies.listener);
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry): Finding | undefined {
    return this.store.finding(entry, this.#said);
  }

  /** Declared campaigns have yet to be asked for, that a reading has put off. */
  get isPartlyRead(): boolean {
    return this.#health.failure === undefined && this.#reading.isPartly;
  }

  /** The platform can be read, and has yet to show what became of an action whose answer was lost. */
  get isInDoubt(): boolean {
    const {failed} = this.store.indexes.states;
    return this.trouble === undefined && failed.values().some(({sent}) => sent.length > 0);
  }

  /** What keeps the workspace as a whole from being read or steered. */
  get trouble(): Trouble | undefined {
    return this.#health.trouble;
  }

  /** The time before which there is no use in reading (`Clock.ticks`). */
  get unreadableUntil(): number {
    return this.#health.unreadableUntil(this.#dependencies.clock.ticks());
  }

  /** Campaigns of the platform's lists that cannot be used, each with the reason. */
  get unusable(): readonly string[] {
    return this.#reading.unusable;
  }

  /** How it stands now, in numbers. */
  get standing(): Standing {
    const {slots, used} = this.rate;
    return standingOf(this.store, {
      workspace: this.name,
      mode: this.#settings.mode,
      readAt: this.#reading.readAt,
      trouble: this.trouble,
      dryRun: this.#settings.dryRun,
      isRateUsedUp: used >= slots,
    });
  }

  /** How much of the rate is used now. */
  get rate(): RateUse {
    return this.#dependencies.platform.rate;
  }

  get actionsLeft(): number {
    return this.#turns.actor.actionsLeft;
  }

  /** True once the platform was asked, whatever it answered. */
  get polled(): boolean {
    return this.#reading.polled;
  }

  /** True once a pass has ended, whatever came of it. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Goes by other settings; a pass that works by another mode ends after what is in flight. */
  configure(settings: WorkspaceSettings): void {
    const {dryRun, mode} = this.#settings;
    this.#settings = settings;
    this.store.configure(settings.mode);
    this.store.stops.guard(settings.guardrails ?? {});
    if (mode !== settings.mode || dryRun !== settings.dryRun) this.#interruptPass();
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
    if (isFirst || changes.wishes.size > 0) this.#reading.revised();
    if (isOther) this.#interruptPass();
    const {listener} = this.#dependencies;
    this.#adopting = this.store.adopt(
      changes,
      revision.committedAt,
      this.#moment,
      (campaignId, claim, before) =>
        listener({kind: 'wish-changed', workspace: this.name, campaignId, claim, before, revision}),
    );
    await this.#adopting;
    return isOther;
  }

  /**
   * Takes in what the revision allows that is about to come into force: from now on, or where it is the first, since its
   * commit; true where that is other than before.
   */
  allow(allowances: readonly Allowance[], {committedAt}: Revision): boolean {
    const {now} = this.#moment;
    const isOther = this.store.stops.allow(allowances, this.#revision ? now : (committedAt ?? now));
    if (isOther) this.#interruptPass();
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

  async #read(reach: Reach, signal: AbortSignal, onNews: () => void): Promise<void> {
    if (!this.#revision) return;
    await this.#settled();
    await this.#lateClosing.tell(this.#moment.now);
    await this.#reading.read(reach, signal, {
      heed: () => this.#heed(onNews),
      read: failure => this.#told(this.#health.polled(failure)),
    });
  }

  /** Takes in what was seen: a pass that is past its pauses gives way to one that has become due. */
  async #heed(onNews: () => void): Promise<void> {
    await this.#settled();
    const {phase} = this.#turns.actor;
    const isPauseDue = this.store.indexes.due.number('pause') > 0;
    if (phase !== undefined && phase !== 'pause' && isPauseDue) this.#interruptPass();
    onNews();
  }

  /** Resolves once no request of a turn is on its way any more. */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  /**
   * One pass: settle, plan, guard, apply, settle again. One that is interrupted does not wait for requests that are on their
   * way: `onNews` is called once they have ended.
   */
  async pass(signal: AbortSignal, onNews: () => void = () => {}): Promise<PassEnd> {
    if (!this.#revision) return {again: false, reopened: false};
    const {clock, listener} = this.#dependencies;
    const startedAt = clock.ticks();
    const rested = this.#health.failure !== undefined;
    const interrupt = AbortSignal.any([signal, this.#interrupt.signal]);
    await this.#settled();
    const most = this.#settings.dryRun ? Number.POSITIVE_INFINITY : MOST_IN_A_PASS;
    const {isWhole, taken} = takeDue(this.store, {most, resumes: this.#reading.isWhole});
    const {halt, outcomes} = await this.#turns.take(taken, {
      revision: this.#revision,
      settings: this.#settings,
      signal: interrupt,
      finding: entry => this.finding(entry),
      heed: () => this.#heed(() => {}),
      late: came => {
        this.#learn(came, false);
        onNews();
      },
    });
    this.#learn({halt, outcomes}, taken.length === 0 && isWhole);
    await this.#settled();
    this.#passed = this.polled;
    const seconds = (clock.ticks() - startedAt) / 1000;
    const result = interrupt.aborted ? 'interrupted' : resultOf(outcomes, this.trouble);
    listener({kind: 'pass-ended', workspace: this.name, result, seconds});
    const isUnfinished = interrupt.aborted || (!isWhole && !halt && isProgress(outcomes));
    const again = (isMoving(outcomes) || isUnfinished) && !signal.aborted;
    const wakeAt = nextTime(this.store, this.#health, this.#moment);
    const reopened = rested && this.#health.failure === undefined;
    return {again, reopened, ...(wakeAt !== undefined && {wakeAt})};
  }

  /** Learns from turns how it stands with the platform. */
  #learn({halt, outcomes}: Came, isIdle: boolean): void {
    const isAnswered = outcomes.some(({kind}) => kind === 'applied' || kind === 'refused');
    const {ticks} = this.#moment;
    this.#told(this.#health.passed(halt, {isAnswered, isIdle, ticks}));
  }

  /** Settles what is marked, once the revision that is being adopted is whole. */
  async #settled(): Promise<void> {
    this.store.closings.pace = this.rate;
    for (let adopting: Promise<void> | undefined; adopting !== this.#adopting; ) {
      adopting = this.#adopting;
      await adopting;
      await this.store.settle(this.#moment);
    }
    this.#toldLimits.tell(this.#moment.now);
  }

  get #moment(): Moment {
    return momentOf(this.#dependencies.clock);
  }

  get #said(): Said {
    const {failure} = this.#health;
    return {
      ...this.#moment,
      ...(failure && {unread: failure.message}),
      ...(!this.#reading.isWhole && {resumesWait: true as const}),
    };
  }

  #interruptPass(): void {
    this.#interrupt.abort();
    this.#interrupt = new AbortController();
  }

  /** Tells the workspace's trouble where it is another than before. */
  #told(answersAgain: boolean): void {
    if (answersAgain) this.store.outageOver();
    if (!this.#health.judge(this.#moment)) return;
    const {trouble} = this.#health;
    this.#dependencies.listener({kind: 'workspace-trouble', workspace: this.name, trouble});
  }
}
