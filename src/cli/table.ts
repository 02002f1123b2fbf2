import {cells, cutTo, padded} from './cells.ts';

const GAP = '  ';
/** The last column is cut to what room there is, from this many cells on; with less it moves to a line of its own. */
const LEAST_ROOM = 16;
const FOLDED = '    ';

const widths = (rows: readonly (readonly string[])[]): number[] => {
  const found: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) found[column] = Math.max(found[column] ?? 0, cells(cell));
  return found;
};

const lineOf = (row: readonly string[], columns: readonly number[], width: number | undefined): string => {
  const head = row.slice(0, -1).map((cell, column) => padded(cell, columns[column] ?? 0));
  const last = row.at(-1) ?? '';
  const start = [...head, ''].join(GAP);
  if (width === undefined || cells(start) + cells(last) <= width) return (start + last).trimEnd();
  const room = width - cells(start);
  if (room >= LEAST_ROOM) return start + cutTo(last, room);
  return last === '' ? start.trimEnd() : `${start.trimEnd()}\n${FOLDED}${cutTo(last, width - FOLDED.length)}`;
};

/**
 * Columns that line up, by the cells that they take. All but the last stay whole, since they say what is meant.
 *
 * @param width how many cells a line may have; undefined where nothing is cut
 * @returns a text for each row, which may hold a line break
 */
export const tableRows = (rows: readonly (readonly string[])[], width?: number): string[] => {
  const columns = widths(rows);
  return rows.map(row => lineOf(row, columns, width));
};

export const table = (rows: readonly (readonly string[])[], width?: number): string =>
  tableRows(rows, width).join('\n');
