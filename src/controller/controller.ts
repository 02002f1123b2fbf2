import type {Condition, Trouble} from '../domain/condition.ts';
import type {DeclarationSet} from '../domain/declarations.ts';
import type {Report} from '../domain/report.ts';
import {Campaigns} from './campaigns.ts';
import {watchClock} from './clock-watch.ts';
import type {ControllerOptions, ControllerSettings} from './controller-options.ts';
import {Following} from './following.ts';
import {LaneSet} from './lane-set.ts';
import {jittered} from './moment.ts';
import {notReady, Observed, reportOf} from './observed.ts';
import type {Patience} from './patiently.ts';
import type {Revision} from './ports.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/**
 * Keeps the platform as Git wants it. The source has one loop; each workspace has two of its own, one that
 * polls and one that makes passes, so that no workspace waits for another, nor a new revision for a poll.
 */
export class Controller {
  /** What is known of all campaigns. */
  readonly campaigns: Campaigns;
  readonly #options: ControllerOptions;
  readonly #stopping = new AbortController();
  readonly #following: Following;
  #settings: ControllerSettings;
  readonly #lanes: LaneSet;
  #started = false;
  #cancelClockWatch: () => void = () => {};
  readonly #observed = new Observed();

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.campaigns = new Campaigns(options.settings, options.clock, options);
    this.#following = new Following(options, this.campaigns, {
      interval: () => this.#settings.sourceInterval,
      onRead: changed => {
        this.#lanes.trigger(changed);
        this.#observe();
      },
    });
    this.#lanes = new LaneSet(options, {
      nextPoll: () => jittered(options, this.#settings.pollInterval),
      nextResync: () => jittered(options, this.#settings.resyncInterval),
      onPass: () => void this.#observe(),
    });
  }

  /** Starts all loops, and returns at once. */
  async start(): Promise<void> {
    this.#observe();
    this.#started = true;
    this.#cancelClockWatch = watchClock(this.#options.clock, {
      onJump: seconds => this.#clockJumped(seconds),
      onWake: () => this.#woke(),
    });
    await this.#following.start();
  }

  /** Takes up no more work; resolves when what was in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelClockWatch();
    await Promise.all([this.#following.stop(), this.#lanes.stop()]);
  }

  /** Reads the source and every workspace once, and acts until nothing is left to do; short rests are told, and sat out. */
  async once(onWait: Patience['onWait'] = () => {}): Promise<void> {
    await this.#following.read();
    await this.#lanes.once(onWait);
    this.#observe();
  }

  /**
   * Takes other settings into force. A workspace that is among the new ones as the same object goes on as it is; one
   * that is not ends after what is in flight; a new one begins.
   */
  async configure(settings: ControllerSettings): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#settings = settings;
    await this.#lanes.follow(settings.workspaces);
    if (this.#stopping.signal.aborted) return;
    const names = new Set(settings.workspaces.map(({name}) => name));
    this.#options.source.know(names.union(settings.elsewhere ?? new Set()));
    await this.campaigns.follow(settings);
    if (this.#started) this.#triggerAll();
  }

  /** Somebody says that it is worth reading the source now. */
  look(): void {
    if (this.#started) this.#following.trigger();
  }

  /** The revision in force, if one could be read. */
  get revision(): Revision | undefined {
    return this.#following.inForce.revision;
  }

  get declarations(): DeclarationSet {
    return this.#following.inForce.declarations;
  }

  /** What keeps the source from being read, or from being followed. */
  get sourceTroubles(): readonly Trouble[] {
    return this.#following.inForce.troubles;
  }

  /** What keeps the source or a workspace from being read. */
  get troubles(): readonly Trouble[] {
    const ofWorkspaces = this.#workspaces.map(({trouble}) => trouble);
    return [...this.sourceTroubles, ...ofWorkspaces.filter(one => one !== undefined)];
  }

  /** What is so of the whole, now. */
  get conditions(): readonly Condition[] {
    return this.#observe();
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
    return notReady(this.#following.inForce, this.#settings.elsewhere ? [] : this.#workspaces);
  }

  report(): Report {
    return reportOf(this.#following.inForce, this.#workspaces, {
      observedAt: this.#options.clock.now(),
      leader: !this.#settings.elsewhere || this.#workspaces.length > 0,
      conditions: this.conditions,
      summary: this.campaigns.tally().summary,
    });
  }

  get #workspaces(): readonly WorkspaceReconciler[] {
    return this.#lanes.workspaces;
  }

  #triggerAll(): void {
    this.#following.trigger();
    this.#lanes.trigger();
  }

  #clockJumped(seconds: number): void {
    this.#options.listener({kind: 'clock-jumped', seconds});
    for (const workspace of this.#workspaces) workspace.clockMoved();
    this.#triggerAll();
  }

  /** What Git said before may be long gone: no pass begins before it was asked, nor goes on. */
  #woke(): void {
    this.#lanes.hold(this.#following.anew());
    this.#lanes.trigger();
  }

  #observe(): readonly Condition[] {
    const whole = {
      isRead: this.revision !== undefined,
      isAdopting: this.#following.inForce.isTaking,
      workspaces: this.#workspaces,
      troubles: this.troubles,
      tally: this.campaigns.tally(),
      declarations: this.declarations,
      undelivered: this.#options.undelivered?.(),
    };
    return this.#observed.look(whole, this.#options.clock.now());
  }
}
