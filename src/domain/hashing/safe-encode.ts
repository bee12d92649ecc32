/** No vowels, and no digits that look like one: a name made of these spells no word. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Maps each character (by its code, modulo 27) to one that is safe in names: what upstream does to every hash. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let i = 0; i < text.length; i++) encoded += ALPHABET[text.charCodeAt(i) % ALPHABET.length] ?? '';
  return encoded;
}
