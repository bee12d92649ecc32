import { YamlError } from './yaml-error.ts';

/** Character codes that the scanner looks for. */
export const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
export const SPACE = 0x20;
/** What `peek` gives beyond the end. The text itself never contains it. */
export const END = 0;

/** What is kept for a line is much more than its characters, where most of them are empty. */
const MAX_LINES = 4_000_000;

const BYTE_ORDER_MARK = 0xfeff;
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd]/;

/** A place in YAML text that moves forward, and knows its line and column (both from 0). */
export class Cursor {
  readonly text: string;
  index = 0;
  line = 0;
  private lineStart = 0;

  /** Throws YamlError where the text holds characters that YAML forbids. */
  constructor(text: string) {
    if (CONTROL.test(text)) throw new YamlError('yaml: control characters are not allowed');
    this.text = text;
    while (this.index < 2 && this.peek() === BYTE_ORDER_MARK) this.index++;
    this.lineStart = this.index;
  }

  get column(): number {
    return this.index - this.lineStart;
  }

  /** The character code `ahead` places on; END beyond the end. */
  peek(ahead = 0): number {
    const at = this.index + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : END;
  }

  /** Moves over characters of the same line. */
  skip(count = 1): void {
    this.index += count;
  }

  /** Moves over spaces and tabs. */
  skipBlanks(): void {
    while (isBlank(this.peek())) this.index++;
  }

  /** Moves over one line break and returns it as YAML reads it: `\n`, or the separator that it is. */
  takeBreak(): string {
    const code = this.peek();
    this.index += code === CR && this.peek(1) === LF ? 2 : 1;
    this.startLine();
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** Counts the place as the start of a new line: the end of a text without a final break. */
  startLine(): void {
    this.line++;
    if (this.line > MAX_LINES) {
      throw new YamlError(`yaml: a document of more than ${MAX_LINES} lines is too long`);
    }
    this.lineStart = this.index;
  }

  /** Whether `---` or `...` stands here, at the start of a line. */
  atDocumentMark(): boolean {
    return this.column === 0 && (this.atTriple(0x2d) || this.atTriple(0x2e));
  }

  /** Whether a character stands here three times, and then a blank, a break or the end. */
  atTriple(code: number): boolean {
    return (
      this.peek() === code &&
      this.peek(1) === code &&
      this.peek(2) === code &&
      isBlankOrBreakOrEnd(this.peek(3))
    );
  }

  /** An error of the scanner at this place, as Go words it: lines count from 1, and the first is not named. */
  error(problem: string): YamlError {
    return new YamlError(this.line === 0 ? `yaml: ${problem}` : `yaml: line ${this.line + 1}: ${problem}`);
  }
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Line breaks of YAML 1.1, the Unicode ones among them. */
export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBreakOrEnd(code: number): boolean {
  return code === END || isBreak(code);
}

export function isBlankOrBreakOrEnd(code: number): boolean {
  return isBlank(code) || isBreakOrEnd(code);
}

/** Characters of anchors and directive names: letters, digits, `_` and `-`. */
export function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d
  );
}
