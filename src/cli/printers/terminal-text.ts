/** The colours and weights that output is painted with: they take no room and move nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const PAINT = /^\u001b\[(?:1|22|3[1-6]|39|90)m/;
/** How a line of progress begins: it takes the place of the one before. */
const PROGRESS = '\r\u001b[K';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text that a terminal shows and does not obey. Whatever objects, files and servers hold may end up in output, and a
 * terminal takes some characters for orders: to move about and write over what stands there, to rename its window, to
 * show text backwards. They become visible: `^[` for escape, `\x9b` for others. Line breaks, tabs and the program's
 * own colours stay. Output that goes to a file or another program is never changed.
 */
export function terminalText(text: string): string {
  if (text.startsWith(PROGRESS)) return PROGRESS + shown(text.slice(PROGRESS.length));
  return shown(text);
}

function shown(text: string): string {
  if (text.search(CONTROLS) < 0) return text;
  return text.replace(CONTROLS, (char, at: number) => {
    if (char === '\u001b' && PAINT.test(text.slice(at, at + 5))) return char;
    const code = char.charCodeAt(0);
    if (code < 0x20) return `^${String.fromCharCode(code + 64)}`;
    return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16)}`;
  });
}
