/**
 * Orders two resourceVersions of one store: negative when `a` is older. They are decimal numbers without leading
 * zeros, possibly beyond what a double holds.
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
