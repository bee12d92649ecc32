/** Colours and weights of a plan on a terminal; without colour each gives its text back. */
export interface Paint {
  bold(text: string): string;
  good(text: string): string;
  fair(text: string): string;
  bad(text: string): string;
}

/** Paints with colour, or not at all. */
export async function painter(color: boolean): Promise<Paint> {
  const plain = (text: string): string => text;
  if (!color) return { bold: plain, good: plain, fair: plain, bad: plain };
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { bold: chalk.bold, good: chalk.green, fair: chalk.yellow, bad: chalk.red };
}

/** The text behind `lead`, broken at blanks at `width` columns; later lines are indented as far as the first. */
export function wrapped(text: string, width: number, lead: string): readonly string[] {
  const room = Math.max(30, width - lead.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${one}`.trimEnd());
}

/** Rows with their columns under each other, two blanks before and three between. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd(),
  );
}
