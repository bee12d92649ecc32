const ACRONYMS = ['API', 'URL', 'UID', 'OSB', 'GUID'];

/**
 * A field's name as a title: `creationTimestamp` is `Creation Timestamp`, `apiVersion` is `API Version`. Names with
 * anything but letters and dashes stay as they are.
 */
export function fieldTitle(name: string): string {
  if (/[^\p{L}-]/u.test(name)) return name;
  return wordsOf(name).map(titled).join(' ');
}

function titled(word: string): string {
  const upper = word.toUpperCase();
  return ACRONYMS.includes(upper) ? upper : `${upper.slice(0, 1)}${word.slice(1)}`;
}

/** Runs of small letters with the capital before them, other capitals, and dashes: `podIPs` is pod, I, Ps. */
function wordsOf(name: string): readonly string[] {
  return name.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|[^\p{Lu}\p{Ll}]+/gu) ?? [];
}
