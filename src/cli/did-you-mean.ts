/**
 * Names close to what was typed: at most two edits away (letters added, dropped or replaced), or beginning with it.
 * The rule is that of kubectl's command library.
 */
export function suggestions(typed: string, names: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase();
  return names.filter(
    (name) => editDistance(wanted, name.toLowerCase()) <= 2 || name.toLowerCase().startsWith(wanted),
  );
}

/** `Did you mean this?` with names on lines of their own; empty without names. */
export function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? '' : `Did you mean this?\n${names.map((name) => `\t${name}\n`).join('')}`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
