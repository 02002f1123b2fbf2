import type {Campaigns} from './campaigns.ts';
import type {ControllerOptions} from './controller-options.ts';
import {InForce, type ReadRevision} from './in-force.ts';
import {loopOptions} from './lanes.ts';
import {Loop} from './loop.ts';
import {jittered} from './moment.ts';
import type {WorkspaceReconciler} from './workspace.ts';

const NONE: ReadonlySet<WorkspaceReconciler> = new Set();

export interface FollowingOptions {
  /** Between two regular readings: milliseconds. */
  readonly interval: () => number;
  /** Called after each reading, with the workspaces of which a new revision asks for something else. */
  readonly onRead: (changed: ReadonlySet<WorkspaceReconciler>) => void;
}

/** Follows the source: reads it now and then, and when that may be worth it, and takes what it says into force. */
export class Following {
  readonly inForce = new InForce();
  readonly #options: ControllerOptions;
  readonly #campaigns: Campaigns;
  readonly #following: FollowingOptions;
  readonly #stopping = new AbortController();
  readonly #loop: Loop;
  #awaited: PromiseWithResolvers<void> | undefined;
  #unwatch: () => Promise<void> = async () => {};

  constructor(options: ControllerOptions, campaigns: Campaigns, following: FollowingOptions) {
    this.#options = options;
    this.#campaigns = campaigns;
    this.#following = following;
    this.#loop = new Loop(() => this.#run(), loopOptions(options, 'source'));
  }

  async start(): Promise<void> {
    const unwatch = await this.#options.source.watch(() => this.#loop.trigger());
    if (this.#stopping.signal.aborted) return unwatch();
    this.#unwatch = unwatch;
    this.#loop.trigger();
  }

  /** Says that it is worth reading now. */
  trigger(): void {
    this.#loop.trigger();
  }

  /** Reads anew; resolves once a reading has ended, whatever came of it, that begins from now on. */
  anew(): Promise<void> {
    this.#awaited ??= Promise.withResolvers();
    const {promise} = this.#awaited;
    this.#loop.trigger();
    return promise;
  }

  /** Resolves when what was in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#unwatch();
    await this.#loop.stop();
  }

  /** Reads once; gives the workspaces of which a new revision asks for something else. */
  async read(): Promise<ReadonlySet<WorkspaceReconciler>> {
    const {clock, listener, source} = this.#options;
    const reading = await source.read(this.#stopping.signal);
    if (this.#stopping.signal.aborted) return NONE;
    listener({kind: 'source-read', reading});
    if (this.inForce.heard(reading, clock.now())) {
      const {revision, trouble} = this.inForce;
      const inForce = revision !== undefined || reading.kind === 'read';
      listener({kind: 'source-trouble', trouble, inForce});
    }
    return reading.kind === 'read' ? this.#adopt(reading) : NONE;
  }

  async #run(): Promise<void> {
    const awaited = this.#awaited;
    this.#awaited = undefined;
    try {
      this.#following.onRead(await this.read());
    } finally {
      awaited?.resolve();
    }
    this.#loop.wakeAt(jittered(this.#options, this.#following.interval()));
  }

  /** A revision is told to be in force once it is known of each campaign what it asks for: a report of it is one of what it says. */
  async #adopt(reading: ReadRevision): Promise<ReadonlySet<WorkspaceReconciler>> {
    const {changes, declarations, revision} = reading;
    this.inForce.begin();
    const adopting = this.#campaigns.adopt(revision, changes, declarations.allowances);
    const changed = await adopting.catch((error: unknown) => {
      this.inForce.take(reading);
      throw error;
    });
    this.#options.listener(this.inForce.take(reading));
    return changed;
  }
}
