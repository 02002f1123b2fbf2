import type {DetailSource} from './campaign.ts';
import type {ChangeSource} from './changes.ts';
import type {DifferenceSource} from './differences.ts';
import type {HistorySource} from './history.ts';
import type {HookTarget} from './hooks/git.ts';
import type {StreamSource} from './streams.ts';
import type {UpcomingSource} from './upcoming.ts';
import type {WorkspaceSource} from './workspaces.ts';

/** What the server shows; it changes nothing. */
export interface ControllerView
  extends DetailSource,
    DifferenceSource,
    HistorySource,
    ChangeSource,
    StreamSource,
    UpcomingSource,
    WorkspaceSource {
  readonly campaigns: DetailSource['campaigns'] &
    DifferenceSource['campaigns'] &
    UpcomingSource['campaigns'] &
    WorkspaceSource['campaigns'];
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds between two reads of the source, and of a workspace. */
  intervals(): {readonly source: number; readonly poll: number};
  /** What is missing until the controller is ready; empty once it is. */
  notReady(): readonly string[];
  metrics(): Promise<{contentType: string; text: string}>;
  /** What pushes lead to; undefined where no webhook is configured. */
  readonly hook?: HookTarget | undefined;
}
