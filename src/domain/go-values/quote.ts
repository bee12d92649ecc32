/** Texts in which nothing is escaped, as nearly all are. */
const SIMPLE = /^[ !#-[\]-~]*$/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': 'a',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
};
const MEANINGS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SHORT_ESCAPES).map(([char, letter]) => [letter, char]),
);

/** Text in Go's double quotes: what cannot be printed is escaped, everything else stays. */
export function goQuote(text: string): string {
  if (SIMPLE.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped)}"`;
}

function escaped(char: string): string {
  if (char === '"' || char === '\\') return `\\${char}`;
  const letter = SHORT_ESCAPES[char];
  if (letter !== undefined) return `\\${letter}`;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

const ESCAPE = /^\\(?:([abfnrtv\\])|(["'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/;

/**
 * What Go makes of quoted text: `quote` is the quote around it, `inner` the text between. Only the quote itself may be
 * escaped as a quote. Undefined where Go refuses it.
 */
export function goUnquote(inner: string, quote: string): string | undefined {
  let text = '';
  let rest = inner;
  while (rest !== '') {
    const at = rest.indexOf('\\');
    if (at < 0) return text + rest;
    const match = ESCAPE.exec(rest.slice(at));
    if (match === null) return undefined;
    const [whole, letter, quoted, byte, short, long, octal] = match;
    if (quoted !== undefined && quoted !== quote) return undefined;
    const code = Number.parseInt(byte ?? short ?? long ?? '', 16);
    const inOctal = Number.parseInt(octal ?? '', 8);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || inOctal > 255) return undefined;
    text += rest.slice(0, at);
    text +=
      quoted ?? (letter === undefined ? undefined : (MEANINGS[letter] ?? letter)) ?? fromCode(code, inOctal);
    rest = rest.slice(at + whole.length);
  }
  return text;
}

function fromCode(code: number, inOctal: number): string {
  return String.fromCodePoint(Number.isNaN(code) ? inOctal : code);
}
