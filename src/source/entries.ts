import type {Problem} from '../document/problem.ts';

/** A file of a revision: its path, and a name for its content that changes when the content does. */
export interface FileEntry {
  readonly file: string;
  readonly contentId: string;
  /** What is wrong with the file itself, whatever it holds. */
  readonly problem?: Problem;
}

/** How one state of a source differs from another. */
export interface EntryChanges {
  /** Files that are new, or hold something else. */
  readonly changed: readonly FileEntry[];
  /** The paths of files that are gone. */
  readonly removed: readonly string[];
}

/** Reads the bytes of the entries that are asked for, by content id; one that it lacks could not be read. */
export type ReadContents = (contentIds: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
