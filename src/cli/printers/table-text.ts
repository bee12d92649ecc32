/** Narrowest column, padding included, and the blanks between columns, as kubectl's tables have them. */
const NARROWEST = 6;
const PADDING = 3;

/** Text for a terminal: control characters become visible, a second line is cut off. */
export function plainCell(value: string | number | boolean): string {
  const text = String(value);
  if (!CONTROLS.test(text)) return text;
  const end = text.search(/[\f\n\r]/);
  const line = end < 0 ? text : `${text.slice(0, end)}...`;
  return line.replace(CONTROLS_BUT_TAB, (char) => `^${String.fromCharCode((char.charCodeAt(0) + 64) % 128)}`);
}

/** Text in which escape sequences and returns are visible, as kubectl prints what an object says outside of its tables. */
export function withoutEscapes(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x1f\x7f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS_BUT_TAB = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Lines of cells as aligned text; the last column is not padded. Ends with a line break unless there are no rows. */
export function alignRows(rows: readonly (readonly string[])[]): string {
  return growingTable()(rows);
}

/**
 * Aligns rows that come bit by bit: a column stays as wide as it ever was, and grows where it must. `paint` may add
 * what takes no room, such as colours.
 */
export function growingTable(
  paint: (cell: string, at: number) => string = (cell) => cell,
): (rows: readonly (readonly string[])[]) => string {
  const widths: number[] = [];
  const padded = (cell: string, at: number): string =>
    paint(cell, at) + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)));
  return (rows) => {
    for (const row of rows) {
      for (const [at, cell] of row.entries()) {
        widths[at] = Math.max(widths[at] ?? NARROWEST, widthOf(cell) + PADDING);
      }
    }
    return rows
      .map(
        (row) =>
          `${row.map((cell, at) => (at === row.length - 1 ? paint(cell, at) : padded(cell, at))).join('')}\n`,
      )
      .join('');
  };
}

/** Columns are as wide as Go counts: in code points. */
function widthOf(cell: string): number {
  return SURROGATE.test(cell) ? [...cell].length : cell.length;
}

const SURROGATE = /[\ud800-\udfff]/;
