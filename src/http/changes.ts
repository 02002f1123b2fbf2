/** A change to one declaration that somebody may want to make, in Git. */
export interface ProposedEdit {
  readonly kind: 'pause' | 'resume' | 'hold' | 'release';
  /** The whole file as it would be. */
  readonly text: string;
  /** The same as `git apply` takes it. */
  readonly patch: string;
  /** Where the file can be edited in a browser; undefined where nobody can tell. */
  readonly url: string | undefined;
}

/** Where declarations are, for people, and how they would be changed. */
export interface ChangeSource {
  /** The changes to a declaration that somebody may want; none where the file cannot be read now. */
  edits(place: {readonly file: string; readonly line: number}): Promise<readonly ProposedEdit[]>;
  /** A line of a file of the revision in force, in a browser; undefined where nobody can tell. */
  lineUrl(place: {readonly file: string; readonly line: number}): string | undefined;
  /** A commit, in a browser; undefined where nobody can tell. */
  commitUrl(revision: string): string | undefined;
}
