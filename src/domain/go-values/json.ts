/** JSON as Go writes it: keys sorted, `<`, `>`, `&` and the two line separators escaped. `indent`: blanks per level. */
export function goJson(value: unknown, indent = 0): string {
  return escapedAsGo(JSON.stringify(withSortedKeys(value), null, indent) ?? 'null');
}

/** JSON text with what Go's encoder escapes beyond JSON's own rules: `<`, `>`, `&` and the two line separators. */
export function escapedAsGo(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(members.map(([key, member]) => [key, withSortedKeys(member)]));
}
