import type {Mode} from '../domain/campaign.ts';
import type {Trouble} from '../domain/conditions.ts';
import type {Claim} from '../domain/declarations.ts';
import {diff} from '../domain/diff.ts';
import {type Finding, find} from '../domain/finding.ts';
import {guard} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import {type PlannedAction, plan} from '../domain/plan.ts';
import type {Action} from '../domain/transitions.ts';
import {Applier, inPhases} from './apply.ts';
import {LiveView} from './live-view.ts';
import {CampaignMemory, type LastOutcome} from './memory.ts';
import type {Clock, Failure, PassResult, Platform, Random, Recorder, Revision} from './ports.ts';

export interface WorkspaceSettings {
  readonly name: string;
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
  readonly recorder: Recorder;
}

/** What a pass leaves behind: whether another one would find work now, and when it might later. */
export interface PassEnd {
  readonly again: boolean;
  /** Epoch milliseconds; undefined when only a trigger can bring something new. */
  readonly wakeAt?: number;
}

interface Adopted {
  readonly revision: Revision;
  readonly claims: ReadonlyMap<string, Claim>;
}

const troubleOf = (workspace: string, {kind, message}: Failure): Trouble => ({
  reason: kind === 'unauthorised' ? 'Unauthorised' : kind === 'throttled' ? 'Throttled' : 'LiveReadFailed',
  message: `workspace ${workspace}: ${message}`,
  stalls: kind === 'unauthorised',
});

/** The least time between two passes that nothing new has asked for. Milliseconds. */
const LEAST_PAUSE = 200;

const DRY_RUN = 'dry run: nothing is sent';

/** One workspace: its live view, what it remembers, and the pass that brings both to what Git wants. */
export class WorkspaceReconciler {
  readonly name: string;
  readonly #settings: WorkspaceSettings;
  readonly #dependencies: WorkspaceDependencies;
  readonly #view = new LiveView();
  readonly #memory: CampaignMemory;
  readonly #applier: Applier;
  #adopted: Adopted | undefined;
  #findings: readonly Finding[] = [];
  #trouble: Trouble | undefined;
  #restUntil: number | undefined;
  #actionsLeft = 0;
  #polled = false;
  #passed = false;
  #interrupt = new AbortController();
  /** The kind of action that the pass under way has come to. */
  #phase: Action | undefined;

  constructor(settings: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    this.name = settings.name;
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

  /** Epoch milliseconds before which the platform wants no request. */
  get restUntil(): number | undefined {
    return this.#restUntil;
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

  /** Takes a new revision into force. A pass that works by the old one ends after what is in flight. */
  adopt(revision: Revision, claims: ReadonlyMap<string, Claim>): void {
    const {clock} = this.#dependencies;
    this.#memory.adopt(revision, claims, this.#adopted?.claims ?? new Map(), clock.now());
    this.#adopted = {revision, claims};
    this.#interruptPass();
  }

  /** Reads the live statuses. What could not be read keeps its last known status, and is no ground to act. */
  async poll(signal: AbortSignal): Promise<void> {
    if (!this.#adopted) return;
    const declared = new Set(this.#adopted.claims.keys());
    const {clock, platform} = this.#dependencies;
    const reading = await platform.poll(declared, signal);
    if (reading.failure?.kind === 'dropped') return;
    this.#view.merge(reading, declared, clock.now());
    this.#rest(reading.failure);
    this.#polled = true;
    if (!this.#adopted) return;
    this.#assess(this.#adopted.claims);
    if (this.#phase !== undefined && this.#phase !== 'pause' && this.#pauseIsDue()) this.#interruptPass();
  }

  /** One pass: assess, plan, guard, apply, assess again. */
  async pass(signal: AbortSignal): Promise<PassEnd> {
    const adopted = this.#adopted;
    if (!adopted) return {again: false};
    const {clock, recorder} = this.#dependencies;
    const startedAt = clock.now();
    const interrupt = AbortSignal.any([signal, this.#interrupt.signal]);
    this.#assess(adopted.claims);
    const outcomes = await this.#apply(adopted.revision, interrupt);
    this.#phase = undefined;
    const now = clock.now();
    if (!interrupt.aborted) this.#assess(adopted.claims);
    this.#actionsLeft = 0;
    this.#passed = true;
    recorder.passEnded(
      this.name,
      this.#result(outcomes, interrupt),
      (now - startedAt) / 1000,
      this.#findings,
    );
    const moved = outcomes.some(({kind}) => kind === 'applied' || kind === 'superseded');
    const wakeAt = this.#nextTime(now);
    const again = (moved || interrupt.aborted) && !signal.aborted;
    return {again, ...(wakeAt !== undefined && {wakeAt})};
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
    const {clock, recorder} = this.#dependencies;
    const {mode} = this.#settings;
    const now = clock.now();
    this.#findings = diff(claims, this.#view.observations()).flatMap(pair => {
      const past = this.#memory.past(pair.campaignId);
      const trouble = this.#memory.trouble(pair.campaignId);
      const context = {workspace: this.name, mode, now, past, ...(trouble && {trouble})};
      return find(pair, context) ?? [];
    });
    for (const finding of this.#findings) {
      const {converged, drift} = this.#memory.learn(finding, now);
      if (drift) recorder.driftDetected(finding);
      if (converged !== undefined) recorder.converged(this.name, converged);
    }
  }

  async #apply(revision: Revision, signal: AbortSignal): Promise<readonly Outcome[]> {
    const {clock} = this.#dependencies;
    const outcomes: Outcome[] = [];
    const {passed, stopped} = guard(plan(this.#findings, clock.now()));
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
      const turn = await this.#applier.turn(planned, signal);
      this.#actionsLeft -= 1;
      if ('outcome' in turn) end(planned, turn.outcome);
      return turn.halt;
    });
    if (halt && halt.kind !== 'dropped') this.#rest(halt);
    return outcomes;
  }

  #ended(planned: PlannedAction, outcome: Outcome, revision: Revision): void {
    const {clock, recorder} = this.#dependencies;
    if (this.#isSkippedAgain(planned, outcome)) return;
    const inForce = this.#adopted?.revision === revision;
    this.#memory.ended(planned.declaration.campaignId, outcome, clock.now(), inForce);
    recorder.actionEnded(planned, outcome, revision);
  }

  /** What is skipped in each pass for the same reason is told once. */
  #isSkippedAgain({declaration}: PlannedAction, outcome: Outcome): boolean {
    const last = this.#memory.lastOutcome(declaration.campaignId)?.outcome;
    return outcome.kind === 'skipped' && last?.kind === 'skipped' && last.action === outcome.action;
  }

  #rest(failure: Failure | undefined): void {
    const trouble = failure && troubleOf(this.name, failure);
    this.#restUntil = failure?.retryAt;
    if (trouble?.message !== this.#trouble?.message)
      this.#dependencies.recorder.workspaceTrouble(this.name, trouble);
    this.#trouble = trouble;
  }

  #result(outcomes: readonly Outcome[], signal: AbortSignal): PassResult {
    if (signal.aborted) return 'interrupted';
    const failed = outcomes.some(({kind}) => kind === 'deferred' || kind === 'refused');
    return failed || this.#trouble ? 'failure' : 'success';
  }

  /** The next time at which something may be done without anything new being known. */
  #nextTime(now: number): number | undefined {
    const times = this.#findings.flatMap(({declaration, mode, retryAt, state}) => {
      if (mode === 'detect') return [];
      if (retryAt !== undefined) return retryAt;
      return state === 'held' ? (declaration?.hold?.until ?? []) : [];
    });
    const next = times.reduce((earliest, time) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
    return Number.isFinite(next) ? Math.max(next, this.#restUntil ?? 0, now + LEAST_PAUSE) : undefined;
  }
}
