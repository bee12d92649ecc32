import { withoutEscapes } from '../printers/table-text.ts';

/** Collects the lines of a description. Cells within a line are separated by tabs; nothing is aligned yet. */
export interface TabbedText {
  /** Adds a line, two blanks deeper per level. */
  line(level: number, text: string): void;
  /** Adds text as it is. */
  raw(text: string): void;
  /** What was written so far. */
  text(): string;
}

/** An empty text. */
export function tabbedText(): TabbedText {
  const parts: string[] = [];
  return {
    line(level, text) {
      parts.push(`${'  '.repeat(level)}${withoutEscapes(text)}\n`);
    },
    raw(text) {
      parts.push(withoutEscapes(text));
    },
    text: () => parts.join(''),
  };
}

/** Blanks between columns. */
const PADDING = 2;

/**
 * Aligns the cells of each run of lines that have a column in common, as Go's tabwriter does: a column is as wide as
 * its widest cell, and ends at the first line without it. What follows a line's last tab is not part of a column.
 */
export function alignTabs(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const padded = lines.map(() => '');
  align(lines, padded, 0, lines.length, 0);
  return lines.map((cells, at) => `${padded[at]}${cells.at(-1) ?? ''}`).join('\n');
}

/** Pads cells of the lines from `from` until before `to`, in `column` and those behind it. */
function align(
  lines: readonly (readonly string[])[],
  padded: string[],
  from: number,
  to: number,
  column: number,
): void {
  const has = (at: number): boolean => at < to && (lines[at]?.length ?? 0) - 1 > column;
  for (let start = from; start < to; start++) {
    if (!has(start)) continue;
    let end = start;
    let width = 0;
    for (; has(end); end++) width = Math.max(width, widthOf(lines[end]?.[column] ?? '') + PADDING);
    for (let at = start; at < end; at++) {
      const cell = lines[at]?.[column] ?? '';
      padded[at] += cell + ' '.repeat(width - widthOf(cell));
    }
    align(lines, padded, start, end, column + 1);
    start = end - 1;
  }
}

/** Cells are as wide as Go counts: in code points. */
const widthOf = (cell: string): number => (/[\ud800-\udfff]/.test(cell) ? [...cell].length : cell.length);
