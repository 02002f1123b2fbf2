import type {Logger} from 'pino';
import type {Listener} from '../controller/events.ts';
import type {Secrets} from './secrets.ts';
import type {WorkspaceOptions} from './workspaces.ts';

/** What a controller is wired up from. */
export interface ComposeOptions extends WorkspaceOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly listener?: Listener;
  /** Where the mirror is kept instead of the configured place: a command must not share a controller's. */
  readonly cacheDirectory?: string;
  /** Use a simulator that already runs on the configured port. */
  readonly joinSimulator?: boolean;
}
