import type {Mode} from '../domain/campaign.ts';
import type {Trouble} from '../domain/conditions.ts';
import type {Finding} from '../domain/finding.ts';
import {MOST_LEAD} from '../domain/lead.ts';
import type {Allowance} from '../domain/limits.ts';
import type {Outcome} from '../domain/outcome.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {Actor} from './actor.ts';
import type {Listener} from './events.ts';
import {Health} from './health.ts';
import {type Moment, momentOf} from './moment.ts';
import type {Clock, PassResult, Platform, Random, RateUse, Revision} from './ports.ts';
import {type Reach, Reading} from './reading.ts';
import {type Standing, standingOf} from './standing.ts';
import type {Entry} from './store/entry.ts';
import type {KnownPast} from './store/known-past.ts';
import type {Said} from './store/settler.ts';
import {CampaignStore, type Guardrails} from './store/store.ts';

export interface WorkspaceSettings {
  readonly mode: Mode;
  /** How many campaigns have their turn at the same time. */
  readonly concurrency: number;
  /** Report only: nothing is sent but reads. */
  readonly dryRun: boolean;
  /** What keeps big things from happening by accident; nothing does where it is not given. */
  readonly guardrails?: Guardrails;
}

export interface WorkspaceDependencies {
  readonly platform: Platform;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
  /** What is known from before this process began. */
  readonly past?: KnownPast;
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
const DAY = 24 * 3_600_000;
/** How many campaigns have their turn in one pass: the others follow in the next. */
const MOST_IN_A_PASS = 1_000;

/** One workspace: its store, and the poll and the pass that bring it to what Git wants. */
export class WorkspaceReconciler {
  readonly name: string;
  readonly store: CampaignStore;
  #settings: WorkspaceSettings;
  readonly #dependencies: WorkspaceDependencies;
  readonly #actor: Actor;
  readonly #reading: Reading;
  readonly #health: Health;
  #revision: Revision | undefined;
  #trouble: Trouble | undefined;
  #passed = false;
  /** The closing of which it was told that it cannot be in time. */
  #lateToldOf: number | undefined;
  #adopting: Promise<void> = Promise.resolve();
  #interrupt = new AbortController();

  constructor(name: string, settings: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    this.name = name;
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#health = new Health(name);
    this.store = new CampaignStore(name, settings.mode, dependencies);
    this.store.guard(settings.guardrails ?? {});
    if (dependencies.past) this.store.remember(dependencies.past);
    this.#actor = new Actor(this.store, dependencies);
    this.#reading = new Reading(this.store, dependencies);
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry): Finding | undefined {
    return this.store.finding(entry, this.#said);
  }

  /** Declared campaigns have yet to be asked for, that a reading has put off. */
  get isPartlyRead(): boolean {
    return this.#health.failure === undefined && this.#reading.isPartly;
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
    return this.#reading.unusable;
  }

  /** How it stands now, in numbers. */
  get standing(): Standing {
    const {slots, used} = this.rate;
    return standingOf(this.store, {
      workspace: this.name,
      mode: this.#settings.mode,
      readAt: this.#reading.readAt,
      trouble: this.#trouble,
      dryRun: this.#settings.dryRun,
      isRateUsedUp: used >= slots,
    });
  }

  /** How much of the rate is used now. */
  get rate(): RateUse {
    return this.#dependencies.platform.rate;
  }

  get actionsLeft(): number {
    return this.#actor.actionsLeft;
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
    this.store.guard(settings.guardrails ?? {});
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
      this.#reading.revised();
      this.#interruptPass();
    }
    const {listener} = this.#dependencies;
    this.#adopting = this.store.adopt(
      changes,
      revision.committedAt,
      this.#moment,
      (campaignId, claim, before) =>
        listener({kind: 'wish-changed', workspace: this.name, campaignId, claim, before, revision}),
    );
    await this.#adopting;
    return isOther || changes.claims.size > 0;
  }

  /**
   * Takes in what the revision allows that is about to come into force: from now on, or where it is the first, since its
   * commit; true where that is other than before.
   */
  allow(allowances: readonly Allowance[], {committedAt}: Revision): boolean {
    const {now} = this.#moment;
    return this.store.allow(allowances, this.#revision ? now : (committedAt ?? now));
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
    this.#tellLateClosing();
    await this.#reading.read(reach, signal, {
      heed: () => this.#heed(onNews),
      read: failure => this.#told(this.#health.polled(failure)),
    });
  }

  /** Says a day before, once, that a closing cannot be in time. */
  #tellLateClosing(): void {
    const {takes} = this.store.closing;
    if (takes <= MOST_LEAD) return;
    const {now} = this.#moment;
    const edge = this.store.nextClosing({from: now, to: now + DAY});
    if (edge === undefined || edge === this.#lateToldOf) return;
    this.#lateToldOf = edge;
    this.#dependencies.listener({kind: 'closing-late', workspace: this.name, edge, takes});
  }

  /** Takes in what was seen: a pass that is past its pauses gives way to one that has become due. */
  async #heed(onNews: () => void): Promise<void> {
    await this.#settled();
    const {phase} = this.#actor;
    const isPauseDue = this.store.indexes.due.number('pause') > 0;
    if (phase !== undefined && phase !== 'pause' && isPauseDue) this.#interruptPass();
    onNews();
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
    const due = taken.flatMap(entry => this.finding(entry) ?? []);
    const {halt, outcomes} = await this.#actor.act(due, this.#revision, this.#settings, interrupt);
    this.#told(
      this.#health.passed(
        halt,
        outcomes.some(({kind}) => kind === 'applied'),
      ),
    );
    this.store.turnsOver(taken);
    await this.#settled();
    this.#passed = this.polled;
    const seconds = (clock.ticks() - startedAt) / 1000;
    listener({kind: 'pass-ended', workspace: this.name, result: this.#result(outcomes, interrupt), seconds});
    const moved = outcomes.some(({kind}) => kind === 'applied' || kind === 'superseded');
    const progressed = outcomes.some(({kind}) => kind !== 'skipped');
    const again = (moved || interrupt.aborted || (!isWhole && progressed && !halt)) && !signal.aborted;
    const wakeAt = this.#nextTime();
    const reopened = rested && this.#health.failure === undefined;
    return {again, reopened, ...(wakeAt !== undefined && {wakeAt})};
  }

  /** Settles what is marked, once the revision that is being adopted is whole. */
  async #settled(): Promise<void> {
    this.store.pace = this.rate;
    for (let adopting: Promise<void> | undefined; adopting !== this.#adopting; ) {
      adopting = this.#adopting;
      await adopting;
      await this.store.settle(this.#moment);
    }
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

  /**
   * What is due now, in the order of actions. Resumes wait until every declared campaign has been read since the
   * revision came, so that no pause of the same revision is still undiscovered.
   */
  #takeDue(): {taken: Entry[]; isWhole: boolean} {
    const taken: Entry[] = [];
    for (const action of this.#reading.isWhole ? ACTIONS : ACTIONS.filter(one => one !== 'resume')) {
      for (let entry = this.store.takeDue(action); entry; entry = this.store.takeDue(action)) {
        taken.push(entry);
        if (taken.length >= MOST_IN_A_PASS && !this.#settings.dryRun) return {taken, isWhole: false};
      }
    }
    return {taken, isWhole: true};
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
