import { MAX_DEPTH } from './scanner.ts';
import { YamlError } from './yaml-error.ts';

/** Where a JSON text is wrong: the index of the character, and Go's words for what it is doing there. */
export class JsonSyntaxError extends YamlError {
  readonly index: number;
  constructor(text: string, index: number, context: string) {
    const offset = new TextEncoder().encode(text.slice(0, index)).length + 1;
    super(`json: offset ${offset}: invalid character ${quoted(text.charCodeAt(index))} ${context}`);
    this.index = index;
  }
}

/** JSON text that ends too soon. */
export class JsonEndError extends YamlError {
  constructor() {
    super('unexpected EOF');
  }
}

/**
 * Finds the end of the JSON value that starts at `start` (blanks before it are passed over). Throws JsonSyntaxError,
 * JsonEndError, or YamlError for nesting without bounds.
 */
export function endOfJson(text: string, start: number): number {
  const reader = new JsonReader(text, start);
  reader.value(0);
  return reader.index;
}

/** The index of the first character from `start` that JSON does not take for blank. */
export function skipJsonBlanks(text: string, start: number): number {
  BLANKS.lastIndex = start;
  return start + (BLANKS.exec(text)?.[0].length ?? 0);
}

const BLANKS = /[ \t\r\n]*/y;
/** Characters of a string that need no look. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids control characters in strings
const PLAIN = /[^"\\\x00-\x1f]*/y;
const DIGITS = /[0-9]*/y;
const LOOKING = 'looking for beginning of value';

/** Members and items of one document: about what fits into a gigabyte of memory. */
const MAX_VALUES = 8_000_000;

class JsonReader {
  private readonly text: string;
  index: number;
  private values = 0;

  constructor(text: string, start: number) {
    this.text = text;
    this.index = start;
  }

  value(depth: number): void {
    this.values++;
    if (this.values > MAX_VALUES) throw new YamlError(`json: more than ${MAX_VALUES} values in one document`);
    if (depth > MAX_DEPTH) throw new YamlError(`json: exceeded max depth of ${MAX_DEPTH}`);
    const first = this.nextCharacter();
    if (first === '{') this.object(depth);
    else if (first === '[') this.array(depth);
    else if (first === '"') this.string();
    else if (first === 't') this.literal('true');
    else if (first === 'f') this.literal('false');
    else if (first === 'n') this.literal('null');
    else this.number();
  }

  /** The coming character that is not blank. */
  private nextCharacter(): string {
    this.index = skipJsonBlanks(this.text, this.index);
    return this.character();
  }

  private character(): string {
    if (this.index >= this.text.length) throw new JsonEndError();
    return this.text.charAt(this.index);
  }

  private refuse(context: string): never {
    throw new JsonSyntaxError(this.text, this.index, context);
  }

  private object(depth: number): void {
    this.index++;
    if (this.nextCharacter() === '}') {
      this.index++;
      return;
    }
    for (;;) {
      if (this.nextCharacter() !== '"') this.refuse('looking for beginning of object key string');
      this.string();
      if (this.nextCharacter() !== ':') this.refuse('after object key');
      this.index++;
      this.value(depth + 1);
      const next = this.nextCharacter();
      if (next !== ',' && next !== '}') this.refuse('after object key:value pair');
      this.index++;
      if (next === '}') return;
    }
  }

  private array(depth: number): void {
    this.index++;
    if (this.nextCharacter() === ']') {
      this.index++;
      return;
    }
    for (;;) {
      this.value(depth + 1);
      const next = this.nextCharacter();
      if (next !== ',' && next !== ']') this.refuse('after array element');
      this.index++;
      if (next === ']') return;
    }
  }

  private string(): void {
    this.index++;
    for (;;) {
      PLAIN.lastIndex = this.index;
      this.index += PLAIN.exec(this.text)?.[0].length ?? 0;
      const character = this.character();
      if (character === '"') {
        this.index++;
        return;
      }
      if (character !== '\\') this.refuse('in string literal');
      this.index++;
      const escaped = this.character();
      if (!'"\\/bfnrtu'.includes(escaped)) this.refuse('in string escape code');
      this.index++;
      for (let digits = escaped === 'u' ? 4 : 0; digits > 0; digits--, this.index++) {
        if (!/[0-9a-fA-F]/.test(this.character())) this.refuse('in \\u hexadecimal character escape');
      }
    }
  }

  private literal(word: string): void {
    for (const [at, expected] of Array.from(word).entries()) {
      if (this.character() !== expected)
        this.refuse(at === 0 ? LOOKING : `in literal ${word} (expecting '${expected}')`);
      this.index++;
    }
  }

  private number(): void {
    const signed = this.character() === '-';
    if (signed) this.index++;
    if (this.character() === '0') this.index++;
    else this.digits(signed ? 'in numeric literal' : LOOKING);
    if (this.text[this.index] === '.') {
      this.index++;
      this.digits('after decimal point in numeric literal');
    }
    if (this.text[this.index] === 'e' || this.text[this.index] === 'E') {
      this.index++;
      if (this.text[this.index] === '+' || this.text[this.index] === '-') this.index++;
      this.digits('in exponent of numeric literal');
    }
  }

  private digits(context: string): void {
    if (!/[0-9]/.test(this.character())) this.refuse(context);
    DIGITS.lastIndex = this.index;
    this.index += DIGITS.exec(this.text)?.[0].length ?? 0;
  }
}

/** A character as Go quotes the byte that it stopped at. */
function quoted(code: number): string {
  if (code === 0x27) return "'\\''";
  const byte = code < 0x80 ? code : (new TextEncoder().encode(String.fromCharCode(code))[0] ?? 0);
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  return `'${byte === 0x5c ? '\\\\' : String.fromCharCode(byte)}'`;
}
