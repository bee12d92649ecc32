const LETTER = /^\p{L}$/u;

/**
 * The order in which Go's YAML writes keys: at the first character that differs, letters come last and by code, and
 * digits by the number they start, so that `a2` is before `a10`.
 */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const a = Array.from(left);
  const b = Array.from(right);
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  const x = a[at];
  const y = b[at];
  if (x === undefined || y === undefined) return a.length - b.length;
  const xIsLetter = LETTER.test(x);
  const yIsLetter = LETTER.test(y);
  if (xIsLetter !== yIsLetter) return xIsLetter ? 1 : -1;
  if (!xIsLetter) {
    // A zero after a digit that counts is part of a longer number, and not a leading zero.
    const inNumber = (x === '0' || y === '0') && /[1-9][0-9]*$/.test(a.slice(0, at).join(''));
    const xDigits = digitsAt(a, at);
    const yDigits = digitsAt(b, at);
    const byNumber = Number(`${inNumber ? 1 : ''}${xDigits}`) - Number(`${inNumber ? 1 : ''}${yDigits}`);
    if (byNumber !== 0) return byNumber;
    if (xDigits.length !== yDigits.length) return xDigits.length - yDigits.length;
  }
  return (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0);
}

function digitsAt(characters: readonly string[], start: number): string {
  let digits = '';
  for (let i = start; i < characters.length; i++) {
    const character = characters[i] ?? '';
    if (!/^[0-9]$/.test(character)) break;
    digits += character;
  }
  return digits;
}
