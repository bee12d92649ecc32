/** Narrowest column, padding included, and the blanks between columns, as kubectl's tables have them. */
const NARROWEST = 6;
const PADDING = 3;

/** Text for a terminal: control characters become visible, a second line is cut off. */
export function plainCell(value: string | number | boolean): string {
  const text = String(value);
  const end = text.search(/[\f\n\r]/);
  const line = end < 0 ? text : `${text.slice(0, end)}...`;
  return [...line]
    .map((char) => (char < ' ' && char !== '\t' ? `^${String.fromCharCode(char.charCodeAt(0) + 64)}` : char))
    .join('');
}

/** Lines of cells as aligned text; the last column is not padded. Ends with a line break unless there are no rows. */
export function alignRows(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? NARROWEST, cell.length + PADDING);
    });
  }
  return rows
    .map(
      (row) =>
        `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('')}\n`,
    )
    .join('');
}
