/** Something wrong in a file that a person wrote: what, where, and what to do. Lines and columns from 1. */
export interface Diagnostic {
  /** Stable and documented, such as `unknown-key`. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly workspace?: string;
  readonly campaignId?: string;
}

/** Diagnostics in reading order: by file, line and column. */
export const inReadingOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.toSorted(
    (a, b) =>
      compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code),
  );

/** Compares by code unit: the same order on every machine, whatever its locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
