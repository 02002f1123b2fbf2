import type {Condition, Trouble} from '../domain/condition.ts';
import {conditions} from '../domain/conditions.ts';
import type {DeclarationSet} from '../domain/declarations.ts';
import type {LiveProblem, Report} from '../domain/report.ts';
import {Campaigns} from './campaigns.ts';
import {watchClock} from './clock-watch.ts';
import type {ControllerOptions, ControllerSettings} from './controller-options.ts';
import {InForce, type ReadRevision} from './in-force.ts';
import {Lane, loopOptions} from './lanes.ts';
import {Loop} from './loop.ts';
import type {Revision} from './ports.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** How much an interval varies, so that many controllers do not ask in step. */
const JITTER = 0.1;
/**
 * Keeps the platform as Git wants it. The source has one loop; each workspace has two of its own, one that
 * polls and one that makes passes, so that no workspace waits for another, nor a new revision for a poll.
 */
export class Controller {
  /** What is known of all campaigns. */
  readonly campaigns: Campaigns;
  readonly #options: ControllerOptions;
  readonly #stopping = new AbortController();
  readonly #sourceLoop: Loop;
  #settings: ControllerSettings;
  #lanes: readonly Lane[];
  /** Resolves once nothing is in flight any more of workspaces that are gone. */
  #leaving: Promise<unknown> = Promise.resolve();
  #started = false;
  #unwatch: () => Promise<void> = async () => {};
  #cancelClockWatch: () => void = () => {};
  readonly #inForce = new InForce();
  #conditions: readonly Condition[] = [];

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.campaigns = new Campaigns(options.settings, options.clock, options);
    this.#sourceLoop = new Loop(() => this.#sourceRun(), loopOptions(options, 'source'));
    this.#lanes = options.settings.workspaces.map(workspace => this.#laneFor(workspace));
  }

  /** Starts all loops, and returns at once. */
  async start(): Promise<void> {
    this.#observe();
    this.#started = true;
    this.#cancelClockWatch = watchClock(this.#options.clock, seconds => this.#clockJumped(seconds));
    const unwatch = await this.#options.source.watch(() => this.#sourceLoop.trigger());
    if (this.#stopping.signal.aborted) return unwatch();
    this.#unwatch = unwatch;
    this.#sourceLoop.trigger();
  }

  /** Takes up no more work; resolves when what was in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelClockWatch();
    await this.#unwatch();
    await Promise.all([this.#sourceLoop.stop(), this.#leaving, ...this.#lanes.map(lane => lane.stop())]);
  }

  /** Reads the source and every workspace once, and acts until nothing is left that can be done now. */
  async once(): Promise<void> {
    await this.#readSource();
    await Promise.all(this.#lanes.map(lane => lane.once()));
    this.#observe();
  }

  /**
   * Takes other settings into force. A workspace that is among the new ones as the same object goes on as it is; one
   * that is not ends after what is in flight; a new one begins.
   */
  async configure(settings: ControllerSettings): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const wanted = new Set(settings.workspaces);
    const leaving = this.#lanes.filter(({workspace}) => !wanted.has(workspace));
    const kept = new Map(this.#lanes.map(lane => [lane.workspace, lane]));
    this.#settings = settings;
    this.#lanes = settings.workspaces.map(workspace => kept.get(workspace) ?? this.#laneFor(workspace));
    this.#leaving = Promise.all([this.#leaving, ...leaving.map(lane => lane.stop())]);
    await this.#leaving;
    if (this.#stopping.signal.aborted) return;
    const names = new Set(settings.workspaces.map(({name}) => name));
    this.#options.source.know(names.union(settings.elsewhere ?? new Set()));
    await this.campaigns.follow(settings, this.revision);
    if (this.#started) this.#triggerAll();
  }

  /** Somebody says that it is worth reading the source now. */
  look(): void {
    if (this.#started) this.#sourceLoop.trigger();
  }

  /** The revision in force, if one could be read. */
  get revision(): Revision | undefined {
    return this.#inForce.revision;
  }

  get declarations(): DeclarationSet {
    return this.#inForce.declarations;
  }

  /** What keeps the source from being read, or from being followed. */
  get sourceTroubles(): readonly Trouble[] {
    return this.#inForce.troubles;
  }

  /** What keeps the source or a workspace from being read. */
  get troubles(): readonly Trouble[] {
    const ofWorkspaces = this.#workspaces.map(({trouble}) => trouble);
    return [...this.sourceTroubles, ...ofWorkspaces.filter(one => one !== undefined)];
  }

  /** What is so of the whole, now. */
  get conditions(): readonly Condition[] {
    this.#observe();
    return this.#conditions;
  }

  /** Milliseconds between two reads of the source, and between two polls of a workspace. */
  get intervals(): {readonly source: number; readonly poll: number} {
    const {pollInterval, sourceInterval} = this.#settings;
    return {source: sourceInterval, poll: pollInterval};
  }

  /**
   * What is missing until the controller may be called ready; empty once it is. A replica is ready once it could take a
   * workspace over, whether or not it has one.
   */
  notReady(): readonly string[] {
    if (!this.revision) return [this.#inForce.trouble?.message ?? 'no revision has been read yet'];
    if (this.#settings.elsewhere) return [];
    return this.#workspaces
      .filter(({passed}) => !passed)
      .map(({name}) => `workspace ${name}: no pass has ended yet`);
  }

  report(): Report {
    const live: LiveProblem[] = this.#workspaces.flatMap(({name, unusable}) =>
      unusable.map(message => ({code: 'unusable-campaign', message, workspace: name})),
    );
    const {author, committedAt, id, subject} = this.revision ?? {};
    return {
      revision: id,
      source: {author, subject, committedAt, readAt: this.#inForce.readAt},
      observedAt: this.#options.clock.now(),
      leader: !this.#settings.elsewhere || this.#lanes.length > 0,
      conditions: this.conditions,
      summary: this.campaigns.tally().summary,
      diagnostics: [...this.declarations.diagnostics, ...live],
    };
  }

  get #workspaces(): readonly WorkspaceReconciler[] {
    return this.#lanes.map(({workspace}) => workspace);
  }

  #laneFor(workspace: WorkspaceReconciler): Lane {
    const {clock, listener, random} = this.#options;
    const nextPoll = (): number => this.#jittered(this.#settings.pollInterval);
    const nextResync = (): number => this.#jittered(this.#settings.resyncInterval);
    return new Lane(workspace, {
      clock,
      listener,
      random,
      nextPoll,
      nextResync,
      onPass: () => this.#observe(),
    });
  }

  #triggerAll(): void {
    this.#sourceLoop.trigger();
    for (const lane of this.#lanes) lane.trigger();
  }

  #clockJumped(seconds: number): void {
    this.#options.listener({kind: 'clock-jumped', seconds});
    for (const workspace of this.#workspaces) workspace.clockMoved();
    this.#triggerAll();
  }

  async #sourceRun(): Promise<void> {
    for (const lane of await this.#readSource()) lane.trigger();
    this.#observe();
    this.#sourceLoop.wakeAt(this.#jittered(this.#settings.sourceInterval));
  }

  /** Gives the workspaces of which a new revision asks for something else. */
  async #readSource(): Promise<readonly Lane[]> {
    const {clock, listener, source} = this.#options;
    const reading = await source.read(this.#stopping.signal);
    if (this.#stopping.signal.aborted) return [];
    listener({kind: 'source-read', reading});
    if (this.#inForce.heard(reading, clock.now()))
      listener({
        kind: 'source-trouble',
        trouble: this.#inForce.trouble,
        inForce: this.revision !== undefined,
      });
    return reading.kind === 'read' ? this.#adopt(reading) : [];
  }

  async #adopt(reading: ReadRevision): Promise<readonly Lane[]> {
    const told = this.#inForce.take(reading);
    const {changes, declarations, revision} = reading;
    const changed = await this.campaigns.adopt(revision, changes, declarations.allowances);
    this.#options.listener(told);
    return this.#lanes.filter(({workspace}) => changed.has(workspace));
  }

  #observe(): void {
    this.#conditions = conditions(
      {
        started: this.revision !== undefined && this.#workspaces.every(({passed}) => passed),
        troubles: this.troubles,
        tally: this.campaigns.tally(),
        diagnostics: this.declarations.diagnostics.length,
        undelivered: this.#options.undelivered?.(),
        actionsLeft: this.#workspaces.reduce((sum, {actionsLeft}) => sum + actionsLeft, 0),
      },
      this.#conditions,
      this.#options.clock.now(),
    );
  }

  #jittered(interval: number): number {
    const {clock, random} = this.#options;
    return clock.ticks() + interval * (1 - JITTER + 2 * JITTER * random());
  }
}
