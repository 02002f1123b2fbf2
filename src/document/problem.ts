/** A problem and its place in the text, both counted from 1; the file is named by whoever read it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly line: number;
  readonly column: number;
}

/** Where a problem stands that concerns a file as a whole. */
export const START = {line: 1, column: 1};

/** How many problems of one file are told. */
export const MOST_PROBLEMS = 20;

/** The first problems of a file; the last of them says how many more there are. */
export const firstProblems = <P extends Problem>(
  problems: readonly P[],
  untold = 0,
  most = MOST_PROBLEMS,
): readonly P[] => {
  const more = Math.max(0, problems.length - most) + untold;
  if (more <= 0) return problems;
  const shown = problems.slice(0, most);
  const last = shown.at(-1);
  if (!last) return shown;
  const rest = `and ${more} more ${more === 1 ? 'problem' : 'problems'} in this file`;
  return [...shown.slice(0, -1), {...last, hint: last.hint === undefined ? rest : `${last.hint}; ${rest}`}];
};
