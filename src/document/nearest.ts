/** Edit distance: insertions, deletions, substitutions, and swaps of neighbours, each costing one. */
const distance = (a: string, b: string): number => {
  const rows = [Array.from({length: b.length + 1}, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swap =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + same, swap));
    }
  }
  return at(a.length, b.length);
};

const LONGEST_WORD = 64;

/** The candidate that `word` is most likely a slip of, or undefined when none is near. */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  if (word.length > LONGEST_WORD) return undefined;
  const limit = Math.max(2, Math.floor(word.length / 3));
  const [best] = candidates
    .map(candidate => ({candidate, away: distance(word.toLowerCase(), candidate.toLowerCase())}))
    .filter(({away}) => away <= limit)
    .toSorted((a, b) => a.away - b.away);
  return best?.candidate;
};
