import type {Mode} from '../domain/campaign.ts';
import type {Trouble} from '../domain/conditions.ts';
import type {Claim} from '../domain/declarations.ts';
import {diff, type Pair} from '../domain/diff.ts';
import {type Finding, find, unassessable} from '../domain/finding.ts';
import {type GuardedAction, guard} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import {type PlannedAction, plan} from '../domain/plan.ts';
import {changedClaims, isSameWish} from '../domain/same-wish.ts';
import {errorText} from '../domain/text.ts';
import {rfc3339} from '../domain/time.ts';
import type {Action} from '../domain/transitions.ts';
import {Applier, inPhases, type Turn} from './apply.ts';
import type {Listener} from './events.ts';
import {LiveView} from './live-view.ts';
import {CampaignMemory, type LastOutcome, type Moment} from './memory.ts';
import type {Clock, Failure, PassResult, Platform, Random, Revision} from './ports.ts';

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

interface Adopted {
  readonly revision: Revision;
  readonly claims: ReadonlyMap<string, Claim>;
}

/** Until when a workspace rests, and who wants it so. */
const restText = ({askedBy, probeAt, retryAt}: Failure, {now, ticks}: Moment): string | undefined => {
  if (retryAt === undefined || retryAt <= ticks) return undefined;
  const at = (time: number): string => rfc3339(now + (time - ticks));
  const who = askedBy === undefined ? 'of its own accord' : `as the platform’s ${askedBy} asks`;
  const probe =
    probeAt !== undefined && probeAt < retryAt ? `; it is tried again from ${at(probeAt)} on` : '';
  return `it rests until ${at(retryAt)}, ${who}${probe}`;
};

const REASONS: Partial<Record<Failure['kind'], string>> = {
  unauthorised: 'Unauthorised',
  throttled: 'Throttled',
};

const troubleOf = (workspace: string, failure: Failure, moment: Moment, otherwise: string): Trouble => {
  const rest = restText(failure, moment);
  return {
    reason: REASONS[failure.kind] ?? otherwise,
    message: `workspace ${workspace}: ${failure.message}`,
    ...(rest !== undefined && {rest}),
    stalls: failure.kind === 'unauthorised',
  };
};

/** The least time between two passes that nothing new has asked for. Milliseconds. */
const LEAST_PAUSE = 200;

/** How often it is looked whether a key that was refused is another one by now. Milliseconds. */
const KEY_WATCH = 2_000;

const DRY_RUN = 'dry run: nothing is sent';

/** One workspace: its live view, what it remembers, and the pass that brings both to what Git wants. */
export class WorkspaceReconciler {
  readonly name: string;
  #settings: WorkspaceSettings;
  readonly #dependencies: WorkspaceDependencies;
  readonly #view = new LiveView();
  readonly #memory: CampaignMemory;
  readonly #applier: Applier;
  #adopted: Adopted | undefined;
  #findings: readonly Finding[] = [];
  #trouble: Trouble | undefined;
  /** What kept the last request of the workspace as a whole from being answered. */
  #failure: Failure | undefined;
  /** What actions meet, whatever the campaign, though the workspace can be read. */
  #outage: Failure | undefined;
  #unusable: readonly string[] = [];
  /** The campaigns that could not be assessed, so that each is told once. */
  readonly #unassessable = new Set<string>();
  #actionsLeft = 0;
  #polled = false;
  /** How many revisions have changed something here; and of which of them the workspace has been read whole. */
  #revisions = 0;
  #readWholeFor = 0;
  #passed = false;
  #interrupt = new AbortController();
  /** The kind of action that the pass under way has come to. */
  #phase: Action | undefined;

  constructor(name: string, settings: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    this.name = name;
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#memory = new CampaignMemory(dependencies.random);
    const {clock, platform} = dependencies;
    this.#applier = new Applier(platform, this.#view, this.#memory, clock);
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** What keeps the workspace as a whole from being read or steered. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The time before which the platform wants no request (`Clock.ticks`). */
  get restUntil(): number | undefined {
    return this.#failure?.retryAt;
  }

  /** The time before which no action but a pause is tried (`Clock.ticks`). */
  get #idleUntil(): number {
    return Math.max(this.restUntil ?? 0, this.#outage?.retryAt ?? 0);
  }

  /** The time before which there is no use in reading (`Clock.ticks`): a rest, or the next try whether it is over. */
  get unreadableUntil(): number {
    const rest = this.restUntil ?? 0;
    const probe = Math.min(rest, this.#failure?.probeAt ?? rest);
    const keyLook = this.#dependencies.clock.ticks() + KEY_WATCH;
    return this.#failure?.kind === 'unauthorised' ? Math.min(probe, keyLook) : probe;
  }

  /** Campaigns of the platform's lists that cannot be used, each with the reason. */
  get unusable(): readonly string[] {
    return this.#unusable;
  }

  /** Goes by other settings; a pass that works by another mode ends after what is in flight. */
  configure(settings: WorkspaceSettings): void {
    const {dryRun, mode} = this.#settings;
    this.#settings = settings;
    if (mode !== settings.mode || dryRun !== settings.dryRun) this.#interruptPass();
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

  lastOutcome(campaignId: string): LastOutcome | undefined {
    return this.#memory.lastOutcome(campaignId);
  }

  /**
   * Takes a new revision into force. Where it changes what is wanted of this workspace's campaigns, a pass that works
   * by the old one ends after what is in flight; true then.
   */
  adopt(revision: Revision, claims: ReadonlyMap<string, Claim>): boolean {
    const {clock} = this.#dependencies;
    const before = this.#adopted?.claims ?? new Map<string, Claim>();
    const changed = changedClaims(before, claims);
    this.#memory.adopt(revision, claims, before, changed, clock.ticks());
    const isFirst = this.#adopted === undefined;
    this.#adopted = {revision, claims};
    if (changed.size === 0 && !isFirst) return false;
    this.#revisions += 1;
    this.#interruptPass();
    return true;
  }

  /** Reads the live statuses. What could not be read keeps its last known status, and is no ground to act. */
  async poll(signal: AbortSignal): Promise<void> {
    if (!this.#adopted) return;
    const declared = new Set(this.#adopted.claims.keys());
    const {clock, platform} = this.#dependencies;
    const revisions = this.#revisions;
    const reading = await platform.poll(declared, signal).catch((error: unknown) => {
      this.#rest({kind: 'unavailable', message: `an unexpected error: ${errorText(error)}`});
      throw error;
    });
    if (reading.failure?.kind === 'dropped') return;
    this.#view.merge(reading, declared, clock.ticks());
    this.#rest(reading.failure);
    if (reading.listed || reading.unusable.length > 0) this.#tellUnusable(reading.unusable);
    this.#polled = true;
    if (!reading.failure && reading.postponed.length === 0) this.#readWholeFor = revisions;
    if (!this.#adopted) return;
    this.#assess(this.#adopted.claims);
    if (this.#phase !== undefined && this.#phase !== 'pause' && this.#pauseIsDue()) this.#interruptPass();
  }

  /** One pass: assess, plan, guard, apply, assess again. */
  async pass(signal: AbortSignal): Promise<PassEnd> {
    const adopted = this.#adopted;
    if (!adopted) return {again: false, reopened: false};
    const {clock, listener} = this.#dependencies;
    const startedAt = clock.ticks();
    const rested = this.restUntil;
    const interrupt = AbortSignal.any([signal, this.#interrupt.signal]);
    this.#assess(adopted.claims);
    const outcomes = await this.#apply(adopted.revision, interrupt);
    this.#phase = undefined;
    const seconds = (clock.ticks() - startedAt) / 1000;
    if (!interrupt.aborted) this.#assess(adopted.claims);
    this.#actionsLeft = 0;
    this.#passed = true;
    listener({kind: 'pass-ended', workspace: this.name, result: this.#result(outcomes, interrupt), seconds});
    const moved = outcomes.some(({kind}) => kind === 'applied' || kind === 'superseded');
    const wakeAt = this.#nextTime();
    const again = (moved || interrupt.aborted) && !signal.aborted;
    const reopened = rested !== undefined && this.#failure === undefined;
    return {again, reopened, ...(wakeAt !== undefined && {wakeAt})};
  }

  get #moment(): Moment {
    const {clock} = this.#dependencies;
    return {now: clock.now(), ticks: clock.ticks()};
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

  /** A pause never waits behind the cancels and resumes of a pass that began before it was due. */
  #pauseIsDue(): boolean {
    return plan(this.#findings, this.#dependencies.clock.now()).some(({action}) => action === 'pause');
  }

  #assess(claims: ReadonlyMap<string, Claim>): void {
    const {listener} = this.#dependencies;
    const moment = this.#moment;
    this.#findings = diff(claims, this.#view.observations()).flatMap(pair => this.#find(pair, moment) ?? []);
    for (const finding of this.#findings) {
      const {converged, drift, lost} = this.#memory.learn(finding, moment.ticks);
      if (drift) listener({kind: 'drift-detected', finding});
      if (lost) listener({kind: 'became-terminal', finding});
      if (converged !== undefined) listener({kind: 'converged', workspace: this.name, seconds: converged});
    }
  }

  /** What is found of one campaign; a fault of the program's own stays with that campaign. */
  #find(pair: Pair, moment: Moment): Finding | undefined {
    const {campaignId} = pair;
    const trouble = this.#memory.trouble(campaignId, moment);
    const context = {
      workspace: this.name,
      mode: this.#settings.mode,
      now: moment.now,
      past: this.#memory.past(campaignId),
      ...(trouble && {trouble}),
      ...(this.#failure && {unread: this.#failure.message}),
      ...(!this.#isReadWhole && {resumesWait: true as const}),
    };
    try {
      const found = find(pair, context);
      this.#unassessable.delete(campaignId);
      return found;
    } catch (error) {
      const event = {
        kind: 'unexpected-error',
        work: 'assess',
        workspace: this.name,
        campaignId,
        error,
      } as const;
      if (!this.#unassessable.has(campaignId)) this.#dependencies.listener(event);
      this.#unassessable.add(campaignId);
      return unassessable(pair, context, errorText(error));
    }
  }

  async #apply(revision: Revision, signal: AbortSignal): Promise<readonly Outcome[]> {
    const {clock} = this.#dependencies;
    const outcomes: Outcome[] = [];
    const {passed: allowed, stopped} = guard(plan(this.#findings, clock.now()));
    const passed = this.#isReadWhole ? allowed : allowed.filter(({action}) => action !== 'resume');
    const end = (planned: PlannedAction, outcome: Outcome): void => {
      outcomes.push(outcome);
      this.#ended(planned, outcome, revision);
    };
    for (const {planned, message} of stopped)
      end(planned, {kind: 'skipped', action: planned.action, message});
    if (this.#settings.dryRun) {
      for (const planned of passed) end(planned, {kind: 'skipped', action: planned.action, message: DRY_RUN});
      return outcomes;
    }
    this.#actionsLeft = passed.length;
    const halt = await inPhases(passed, this.#settings.concurrency, signal, async planned => {
      this.#phase = planned.action;
      const turn = await this.#turn(planned, signal);
      this.#actionsLeft -= 1;
      if ('outcome' in turn) end(planned, turn.outcome);
      return turn.halt;
    });
    this.#halted(
      halt,
      outcomes.some(({kind}) => kind === 'applied'),
    );
    return outcomes;
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
      const retryAt = clock.now() + this.#memory.nextDelay(campaignId, 'deferred');
      const message = `an unexpected error: ${errorText(error)}`;
      return {outcome: {kind: 'deferred', action, message, retryAt}};
    }
  }

  /**
   * True once every declared campaign has been read since the revision came. Until then a resume waits, so that no
   * pause of the same revision is still undiscovered.
   */
  get #isReadWhole(): boolean {
    return this.#readWholeFor === this.#revisions;
  }

  /** What a pass has shown of the workspace as a whole. */
  #halted(halt: Failure | undefined, acted: boolean): void {
    if (halt?.kind === 'dropped' || (!halt && !acted)) return;
    const isOutage = halt !== undefined && !(halt.kind in REASONS);
    this.#rest(isOutage ? this.#failure : halt, isOutage ? halt : undefined);
  }

  #ended(planned: PlannedAction, outcome: Outcome, revision: Revision): void {
    if (this.#isSkippedAgain(planned, outcome)) return;
    const claim = this.#adopted?.claims.get(planned.declaration.campaignId);
    const inForce = claim?.kind === 'valid' && isSameWish(claim.declaration, planned.declaration);
    this.#memory.ended(planned.declaration.campaignId, outcome, this.#moment, inForce);
    if (outcome.kind === 'applied' && outcome.action !== 'resume') this.#memory.slotFreed();
    this.#dependencies.listener({kind: 'action-ended', planned, outcome, revision});
  }

  /** What is skipped in each pass for the same reason is told once. */
  #isSkippedAgain({declaration}: PlannedAction, outcome: Outcome): boolean {
    const last = this.#memory.lastOutcome(declaration.campaignId)?.outcome;
    return outcome.kind === 'skipped' && last?.kind === 'skipped' && last.action === outcome.action;
  }

  #rest(failure: Failure | undefined, outage = this.#outage): void {
    const hadNoAnswer = this.#failure?.kind === 'unavailable' || this.#outage !== undefined;
    this.#failure = failure;
    this.#outage = outage;
    if (hadNoAnswer && !failure && !outage) this.#memory.outageOver();
    const trouble =
      (failure && troubleOf(this.name, failure, this.#moment, 'LiveReadFailed')) ??
      (outage && troubleOf(this.name, outage, this.#moment, 'ActionsUnanswered'));
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
    const {now, ticks} = this.#moment;
    const rest = this.#idleUntil;
    const pausesRest = Math.max(this.unreadableUntil, this.#outage?.retryAt ?? 0);
    const [first] = plan(this.#findings, now);
    const restsUntil = first?.action === 'pause' ? pausesRest : rest;
    let next = first && restsUntil > ticks ? restsUntil : Number.POSITIVE_INFINITY;
    for (const {declaration, mode, retryAt, state, steps} of this.#findings) {
      if (mode === 'detect') continue;
      const time = retryAt ?? (state === 'held' ? declaration?.hold?.until : undefined);
      const earliest = steps[0] === 'pause' ? pausesRest : rest;
      if (time !== undefined) next = Math.min(next, Math.max(ticks + (time - now), earliest));
    }
    return Number.isFinite(next) ? Math.max(next, ticks + LEAST_PAUSE) : undefined;
  }
}
