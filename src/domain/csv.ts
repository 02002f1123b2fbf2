type Cell = string | number | boolean | null | undefined;

/** A spreadsheet takes text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

const cellText = (cell: Cell): string => {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Rows as CSV (RFC 4180), with their keys as the first line. Text that a spreadsheet would run begins with `'`. */
export const csv = (columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string =>
  [columns.join(','), ...rows.map(row => columns.map(column => cellText(row[column])).join(','))]
    .map(line => `${line}\r\n`)
    .join('');
