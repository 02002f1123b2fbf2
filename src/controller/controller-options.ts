import type {Listener} from './events.ts';
import type {Clock, DeclarationSource, Random} from './ports.ts';
import type {WorkspaceReconciler} from './workspace.ts';

export interface ControllerOptions {
  readonly source: DeclarationSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
  readonly settings: ControllerSettings;
  /** What keeps messages from their receivers; not given where nobody is to be notified. */
  readonly undelivered?: (() => readonly string[]) | undefined;
}

/** What may change while the controller runs. */
export interface ControllerSettings {
  readonly workspaces: readonly WorkspaceReconciler[];
  /** The names of configured workspaces that another replica works on; undefined where there are no replicas. */
  readonly elsewhere?: ReadonlySet<string>;
  /** Milliseconds between two reads of the source. */
  readonly sourceInterval: number;
  /** Milliseconds between two polls of a workspace. */
  readonly pollInterval: number;
  /** Milliseconds between two readings of everything in a workspace. */
  readonly resyncInterval: number;
}
