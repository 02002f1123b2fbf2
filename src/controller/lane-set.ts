import type {ControllerOptions} from './controller-options.ts';
import {Lane} from './lanes.ts';
import type {Patience} from './patiently.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** When the next regular work of a workspace is due, and who is told of each pass. */
interface LaneTimes {
  readonly nextPoll: () => number;
  readonly nextResync: () => number;
  readonly onPass: () => void;
}

/** The lanes of the workspaces that are worked on here. */
export class LaneSet {
  readonly #options: ControllerOptions;
  readonly #times: LaneTimes;
  #lanes: readonly Lane[] = [];
  /** Resolves once nothing is in flight any more of workspaces that are gone. */
  #leaving: Promise<unknown> = Promise.resolve();

  constructor(options: ControllerOptions, times: LaneTimes) {
    this.#options = options;
    this.#times = times;
    this.#lanes = options.settings.workspaces.map(workspace => this.#open(workspace));
  }

  get workspaces(): readonly WorkspaceReconciler[] {
    return this.#lanes.map(({workspace}) => workspace);
  }

  /** One of the same workspace goes on as it is; resolves once those that are gone have ended what was in flight. */
  async follow(workspaces: readonly WorkspaceReconciler[]): Promise<void> {
    const wanted = new Set(workspaces);
    const leaving = this.#lanes.filter(({workspace}) => !wanted.has(workspace));
    const kept = new Map(this.#lanes.map(lane => [lane.workspace, lane]));
    this.#lanes = workspaces.map(workspace => kept.get(workspace) ?? this.#open(workspace));
    this.#leaving = Promise.all([this.#leaving, ...leaving.map(lane => lane.stop())]);
    await this.#leaving;
  }

  /** Has the lanes of some workspaces look for what can be done; of all where none are named. */
  trigger(some?: ReadonlySet<WorkspaceReconciler>): void {
    for (const lane of this.#lanes) if (some?.has(lane.workspace) ?? true) lane.trigger();
  }

  /** Has each pass end that is under way; none begins before something has ended, for so long as that may take. */
  hold(until: Promise<void>): void {
    for (const lane of this.#lanes) lane.hold(until);
  }

  async once(onWait: Patience['onWait']): Promise<void> {
    await Promise.all(this.#lanes.map(lane => lane.once(onWait)));
  }

  /** Takes up no more work; resolves when what was in flight has ended. */
  async stop(): Promise<void> {
    await Promise.all([this.#leaving, ...this.#lanes.map(lane => lane.stop())]);
  }

  #open(workspace: WorkspaceReconciler): Lane {
    const {clock, listener, random} = this.#options;
    return new Lane(workspace, {clock, listener, random, ...this.#times});
  }
}
