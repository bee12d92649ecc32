import { compareKeys } from './key-order.ts';
import { formatNumber } from './number-text.ts';
import {
  foldNextLines,
  quoteDouble,
  quoteSingle,
  scalarStyle,
  writeLiteral,
  writePlain,
} from './scalar-text.ts';

/** Values that YAML can show: JSON, and big integers. */
export type Dumpable =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Dumpable[]
  | { readonly [key: string]: Dumpable | undefined };

/**
 * Writes a value as `kubectl get -o yaml` does: keys sorted, lists not indented under their key, text quoted only
 * where YAML 1.1 would read it as something else, long lines folded after 80 columns. Ends with a line break.
 * Members that are undefined are left out.
 */
export function dumpYaml(value: Dumpable): string {
  const emitter = new Emitter();
  emitter.root(value);
  return emitter.text();
}

/** A key longer than this (in UTF-8 bytes), or with line breaks, is written with `? `. */
const MAX_SIMPLE_KEY = 128;
const STEP = 2;

class Emitter {
  private readonly parts: string[] = [];
  /** Where the coming text starts, in characters from 0. */
  private column = 0;

  text(): string {
    return `${this.parts.join('')}\n`;
  }

  root(value: Dumpable): void {
    if (isBlock(value)) this.block(value, 0);
    else this.scalar(value, STEP);
  }

  private write(text: string): void {
    this.parts.push(text);
    const lineStart = text.lastIndexOf('\n') + 1;
    this.column = (lineStart === 0 ? this.column : 0) + text.length - lineStart;
  }

  private newLine(indent: number): void {
    this.parts.push('\n', ' '.repeat(indent));
    this.column = indent;
  }

  /** Writes a collection that is not empty, whose first entry goes where the last text ended. */
  private block(value: object, indent: number): void {
    if (Array.isArray(value)) this.sequence(value, indent);
    else this.mapping(value as Readonly<Record<string, Dumpable>>, indent); // neither array nor scalar
  }

  private sequence(items: readonly Dumpable[], indent: number): void {
    for (const [index, item] of items.entries()) {
      if (index > 0) this.newLine(indent);
      this.write('- ');
      this.inPlace(item, indent);
    }
  }

  /** Writes a value after `- `, `? ` or `: `, where a collection starts on the same line. */
  private inPlace(value: Dumpable, indent: number): void {
    if (isBlock(value)) this.block(value, indent + STEP);
    else this.scalar(value, indent + STEP);
  }

  private mapping(members: Readonly<Record<string, Dumpable | undefined>>, indent: number): void {
    const keys = Object.keys(members).filter((key) => members[key] !== undefined);
    for (const [index, key] of keys.sort(compareKeys).entries()) {
      if (index > 0) this.newLine(indent);
      this.member(key, members[key] ?? null, indent);
    }
  }

  private member(key: string, value: Dumpable, indent: number): void {
    if (!isSimpleKey(foldNextLines(key))) {
      this.write('? ');
      this.scalar(key, indent + STEP);
      this.newLine(indent);
      this.write(': ');
      this.inPlace(value, indent);
      return;
    }
    this.write(keyText(foldNextLines(key), indent + STEP));
    if (!isBlock(value)) {
      this.write(': ');
      this.scalar(value, indent + STEP);
      return;
    }
    this.write(':');
    const inner = Array.isArray(value) ? indent : indent + STEP;
    this.newLine(inner);
    this.block(value, inner);
  }

  /** Writes anything that fits on one line or continues at `indent`. */
  private scalar(value: Dumpable, indent: number): void {
    if (typeof value === 'string') this.write(this.string(value, indent));
    else if (Array.isArray(value)) this.write('[]');
    else if (typeof value === 'object' && value !== null) this.write('{}');
    else this.write(typeof value === 'number' ? formatNumber(value) : String(value));
  }

  private string(given: string, indent: number): string {
    const text = foldNextLines(given);
    switch (scalarStyle(text)) {
      case 'plain':
        return writePlain(text, this.column, indent);
      case 'literal':
        return writeLiteral(text, indent);
      case 'single':
        return quoteSingle(text, this.column, indent);
      case 'double':
        return quoteDouble(text, this.column, indent);
    }
  }
}

/** Whether a value is written over lines of its own: a collection that is not empty. */
function isBlock(value: Dumpable): value is readonly Dumpable[] | { readonly [key: string]: Dumpable } {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return Object.values(value).some((member) => member !== undefined);
}

function isSimpleKey(key: string): boolean {
  return !/[\n\r\x85\u2028\u2029]/.test(key) && new TextEncoder().encode(key).length <= MAX_SIMPLE_KEY;
}

/** A key on one line: never folded, never a block. */
function keyText(key: string, indent: number): string {
  switch (scalarStyle(key)) {
    case 'plain':
      return key;
    case 'single':
      return quoteSingle(key, undefined, indent);
    default:
      return quoteDouble(key);
  }
}
