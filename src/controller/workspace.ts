import type {Mode} from '../domain/campaign.ts';
import type {Trouble} from '../domain/conditions.ts';
import type {Finding} from '../domain/finding.ts';
import {type GuardedAction, guard} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import {type PlannedAction, plan} from '../domain/plan.ts';
import {type ClaimChanges, isSameWish} from '../domain/same-wish.ts';
import {errorText} from '../domain/text.ts';
import {ACTIONS, type Action} from '../domain/transitions.ts';
import {Applier, inPhases, type Turn} from './apply.ts';
import type {Listener} from './events.ts';
import {Health} from './health.ts';
import type {Moment} from './moment.ts';
import type {Clock, Failure, LiveKnowledge, PassResult, Platform, Random, Revision} from './ports.ts';
import type {Entry} from './store/entry.ts';
import type {Said} from './store/settler.ts';
import {CampaignStore} from './store/store.ts';

export interface WorkspaceSettings {
  readonly mode: Mode;
  /** How many campaigns have their turn at the same time. */
  readonly concurrency: number;
  /** Report only: nothing is sent but reads. */
  readonly dryRun: boolean;
}

export interface WorkspaceDependencies {
  readonly platform: Platform;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
}

/** What a pass leaves behind: whether another one would find work now, and when it might later. */
export interface PassEnd {
  readonly again: boolean;
  /** `Clock.ticks`; undefined when only a trigger can bring something new. */
  readonly wakeAt?: number;
  /** The platform, which had asked for a rest, took an action: it can be read again. */
  readonly reopened: boolean;
}

/** The least time between two passes that nothing new has asked for. Milliseconds. */
const LEAST_PAUSE = 200;
/** How many campaigns have their turn in one pass: the others follow in the next. */
const MOST_IN_A_PASS = 1_000;

const DRY_RUN = 'dry run: nothing is sent';

/** One workspace: its store, and the poll and the pass that bring it to what Git wants. */
export class WorkspaceReconciler {
  readonly name: string;
  readonly store: CampaignStore;
  #settings: WorkspaceSettings;
  readonly #dependencies: WorkspaceDependencies;
  readonly #applier: Applier;
  readonly #health: Health;
  #revision: Revision | undefined;
  #trouble: Trouble | undefined;
  #unusable: readonly string[] = [];
  #actionsLeft = 0;
  #polled = false;
  /** How many revisions have changed something here. */
  #revisions = 0;
  /** Declared campaigns that were not asked for since; undefined where no reading has ended that began since. */
  #unasked: ReadonlySet<string> | undefined;
  #passed = false;
  #adopting: Promise<void> = Promise.resolve();
  #interrupt = new AbortController();
  /** The kind of action that the pass under way has come to. */
  #phase: Action | undefined;

  constructor(name: string, settings: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    const {clock, platform} = dependencies;
    this.name = name;
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#health = new Health(name);
    const store = new CampaignStore(name, settings.mode, dependencies);
    this.store = store;
    this.#applier = new Applier(platform, store, (id, kind) => store.nextDelay(id, kind), clock);
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry): Finding | undefined {
    return this.store.finding(entry, this.#said);
  }

  /** Declared campaigns have yet to be asked for, that a reading has put off. */
  get isPartlyRead(): boolean {
    return this.#health.failure === undefined && (this.#unasked?.size ?? 0) > 0;
  }

  /** What keeps the workspace as a whole from being read or steered. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The time before which there is no use in reading (`Clock.ticks`). */
  get unreadableUntil(): number {
    return this.#health.unreadableUntil(this.#dependencies.clock.ticks());
  }

  /** Campaigns of the platform's lists that cannot be used, each with the reason. */
  get unusable(): readonly string[] {
    return this.#unusable;
  }

  get actionsLeft(): number {
    return this.#actionsLeft;
  }

  /** True once the platform was asked, whatever it answered. */
  get polled(): boolean {
    return this.#polled;
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
    if (mode !== settings.mode || dryRun !== settings.dryRun) this.#interruptPass();
  }

  /**
   * Takes a new revision into force. Where it changes what is wanted of this workspace's campaigns, a pass that works
   * by the old one ends after what is in flight; true then. No pass begins before the whole revision is in force.
   */
  async adopt(revision: Revision, changes: ClaimChanges): Promise<boolean> {
    const isOther = changes.wishes.size > 0 || this.#revision === undefined;
    this.#revision = revision;
    if (isOther) {
      this.#revisions += 1;
      this.#unasked = undefined;
      this.#interruptPass();
    }
    const {ticks} = this.#moment;
    this.#adopting = this.store.adopt(changes, revision.committedAt, ticks);
    await this.#adopting;
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

  async #read(how: 'poll' | 'resync', signal: AbortSignal, onNews: () => void): Promise<void> {
    if (!this.#revision) return;
    const {clock, listener, platform} = this.#dependencies;
    const tellError = (error: unknown): void =>
      listener({kind: 'unexpected-error', work: how, workspace: this.name, error});
    await this.#settled();
    const revisions = this.#revisions;
    const startedAt = clock.ticks();
    const {knowledge} = this.store;
    const take: LiveKnowledge['take'] = seen => {
      const news = knowledge.take(seen);
      if (news > 0) this.#heed(onNews).catch(tellError);
      return news;
    };
    const reading = await platform[how]({...knowledge, take}, signal).catch((error: unknown) => {
      this.#told(
        this.#health.polled({kind: 'unavailable', message: `an unexpected error: ${errorText(error)}`}),
      );
      throw error;
    });
    if (reading.failure?.kind === 'dropped') return;
    this.store.merge(reading, startedAt);
    this.#told(this.#health.polled(reading.failure));
    if (reading.listed || reading.unusable.length > 0) this.#tellUnusable(reading.unusable);
    this.#polled = true;
    if (!reading.failure && revisions === this.#revisions) this.#asked(reading.postponed);
    await this.#heed(() => {});
  }

  /** Takes in what was seen: a pass that is past its pauses gives way to one that has become due. */
  async #heed(onNews: () => void): Promise<void> {
    await this.#settled();
    const isPauseDue = this.store.indexes.due.number('pause') > 0;
    if (this.#phase !== undefined && this.#phase !== 'pause' && isPauseDue) this.#interruptPass();
    onNews();
  }

  /** Takes in which declared campaigns a whole reading has put off; those that it asked for are read. */
  #asked(postponed: readonly string[]): void {
    const before = this.#unasked;
    this.#unasked = new Set(postponed.filter(id => before?.has(id) ?? true));
  }

  /** One pass: settle, plan, guard, apply, settle again. */
  async pass(signal: AbortSignal): Promise<PassEnd> {
    if (!this.#revision) return {again: false, reopened: false};
    const {clock, listener} = this.#dependencies;
    const startedAt = clock.ticks();
    const rested = this.#health.failure !== undefined;
    await this.#settled();
    const interrupt = AbortSignal.any([signal, this.#interrupt.signal]);
    const {isWhole, taken} = this.#takeDue();
    const {outcomes, rests} = await this.#apply(taken, this.#revision, interrupt);
    this.#phase = undefined;
    this.#actionsLeft = 0;
    this.store.turnsOver(taken);
    await this.#settled();
    this.#passed = this.#polled;
    const seconds = (clock.ticks() - startedAt) / 1000;
    listener({kind: 'pass-ended', workspace: this.name, result: this.#result(outcomes, interrupt), seconds});
    const moved = outcomes.some(({kind}) => kind === 'applied' || kind === 'superseded');
    const progressed = outcomes.some(({kind}) => kind !== 'skipped');
    const again = (moved || interrupt.aborted || (!isWhole && progressed && !rests)) && !signal.aborted;
    const wakeAt = this.#nextTime();
    const reopened = rested && this.#health.failure === undefined;
    return {again, reopened, ...(wakeAt !== undefined && {wakeAt})};
  }

  /** Settles what is marked, once the revision that is being adopted is whole. */
  async #settled(): Promise<void> {
    for (let adopting: Promise<void> | undefined; adopting !== this.#adopting; ) {
      adopting = this.#adopting;
      await adopting;
      await this.store.settle(this.#moment);
    }
  }

  get #moment(): Moment {
    const {clock} = this.#dependencies;
    return {now: clock.now(), ticks: clock.ticks()};
  }

  get #said(): Said {
    const {failure} = this.#health;
    return {
      ...this.#moment,
      ...(failure && {unread: failure.message}),
      ...(!this.#isReadWhole && {resumesWait: true as const}),
    };
  }

  #tellUnusable(problems: readonly string[]): void {
    if (problems.join('\n') !== this.#unusable.join('\n'))
      this.#dependencies.listener({kind: 'unusable-changed', workspace: this.name, problems});
    this.#unusable = problems;
  }

  #interruptPass(): void {
    this.#interrupt.abort();
    this.#interrupt = new AbortController();
  }

  /** What is due now, in the order of actions: resumes not before the workspace was read whole. */
  #takeDue(): {taken: Entry[]; isWhole: boolean} {
    const taken: Entry[] = [];
    for (const action of this.#isReadWhole ? ACTIONS : ACTIONS.filter(one => one !== 'resume')) {
      for (let entry = this.store.takeDue(action); entry; entry = this.store.takeDue(action)) {
        taken.push(entry);
        if (taken.length >= MOST_IN_A_PASS && !this.#settings.dryRun) return {taken, isWhole: false};
      }
    }
    return {taken, isWhole: true};
  }

  async #apply(
    taken: readonly Entry[],
    revision: Revision,
    signal: AbortSignal,
  ): Promise<{outcomes: readonly Outcome[]; rests: boolean}> {
    const outcomes: Outcome[] = [];
    const due = taken.flatMap(entry => this.finding(entry) ?? []);
    const {passed, stopped} = guard(plan(due, this.#dependencies.clock.now()));
    const end = (planned: PlannedAction, outcome: Outcome): void => {
      outcomes.push(outcome);
      this.#ended(planned, outcome, revision);
    };
    for (const {planned, message} of stopped)
      end(planned, {kind: 'skipped', action: planned.action, message});
    if (this.#settings.dryRun) {
      for (const planned of passed) end(planned, {kind: 'skipped', action: planned.action, message: DRY_RUN});
      return {outcomes, rests: false};
    }
    const halt = await this.#turns(passed, signal, end);
    const acted = outcomes.some(({kind}) => kind === 'applied');
    this.#told(this.#health.passed(halt, acted));
    return {outcomes, rests: halt !== undefined};
  }

  #turns(
    actions: readonly GuardedAction[],
    signal: AbortSignal,
    end: (planned: PlannedAction, outcome: Outcome) => void,
  ): Promise<Failure | undefined> {
    this.#actionsLeft = actions.length;
    return inPhases(actions, this.#settings.concurrency, signal, async planned => {
      this.#phase = planned.action;
      const turn = await this.#turn(planned, signal);
      this.#actionsLeft -= 1;
      if ('outcome' in turn) end(planned, turn.outcome);
      return turn.halt;
    });
  }

  /** One campaign's turn; an unexpected error in it is that campaign's outcome, and nobody else's. */
  async #turn(planned: GuardedAction, signal: AbortSignal): Promise<Turn> {
    const {action, declaration} = planned;
    const {campaignId} = declaration;
    try {
      return await this.#applier.turn(planned, signal);
    } catch (error) {
      const {clock, listener} = this.#dependencies;
      listener({kind: 'unexpected-error', work: 'turn', workspace: this.name, campaignId, error});
      const retryAt = clock.now() + this.store.nextDelay(campaignId, 'deferred');
      const message = `an unexpected error: ${errorText(error)}`;
      return {outcome: {kind: 'deferred', action, message, retryAt}};
    }
  }

  /**
   * True once every declared campaign has been read since the revision came. Until then a resume waits, so that no
   * pause of the same revision is still undiscovered.
   */
  get #isReadWhole(): boolean {
    return this.#unasked?.size === 0;
  }

  #ended(planned: PlannedAction, outcome: Outcome, revision: Revision): void {
    const {declaration} = planned;
    const entry = this.store.find(declaration.campaignId);
    const last = entry?.lastOutcome?.outcome;
    const isToldAlready =
      outcome.kind === 'skipped' && last?.kind === 'skipped' && last.action === outcome.action;
    if (isToldAlready) return;
    const claim = entry?.claim;
    const inForce = claim?.kind === 'valid' && isSameWish(claim.declaration, declaration);
    this.store.ended(declaration.campaignId, outcome, this.#moment, inForce);
    this.#dependencies.listener({kind: 'action-ended', planned, outcome, revision});
  }

  /** Tells the workspace's trouble where it is another than before. */
  #told(answersAgain: boolean): void {
    if (answersAgain) this.store.outageOver();
    const trouble = this.#health.trouble(this.#moment);
    if (trouble?.reason !== this.#trouble?.reason)
      this.#dependencies.listener({kind: 'workspace-trouble', workspace: this.name, trouble});
    this.#trouble = trouble;
  }

  #result(outcomes: readonly Outcome[], signal: AbortSignal): PassResult {
    if (signal.aborted) return 'interrupted';
    const failed = outcomes.some(({kind}) => kind === 'deferred' || kind === 'refused');
    return failed || this.#trouble ? 'failure' : 'success';
  }

  /** The next time at which something may be done without anything new being known (`Clock.ticks`). */
  #nextTime(): number | undefined {
    const {ticks} = this.#moment;
    const {due} = this.store.indexes;
    const rest = this.#health.actionsRestUntil();
    const restsUntil = due.number('pause') > 0 ? this.#health.pausesRestUntil(ticks) : rest;
    const waits = ACTIONS.some(action => due.number(action) > 0) && restsUntil > ticks;
    const next = Math.min(this.store.nextTime(this.#moment), waits ? restsUntil : Number.POSITIVE_INFINITY);
    return Number.isFinite(next) ? Math.max(next, ticks + LEAST_PAUSE) : undefined;
  }
}
