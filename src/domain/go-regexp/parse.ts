import { type CharacterSet, characterSet, hasCases, range } from './character-set.ts';
import type { RegexpNode } from './nodes.ts';
import { readClass, readNamedEscape } from './parse-class.ts';
import { readEscape } from './read-escape.ts';
import { GoRegexpError } from './regexp-error.ts';
import { TextReader } from './text-reader.ts';

interface Flags {
  /** `i` */
  readonly fold: boolean;
  /** `m` */
  readonly lines: boolean;
  /** `s` */
  readonly dotAll: boolean;
}

/** Go's limits: of one repeat and of repeats within repeats, and of groups within groups. */
const MOST_REPEATS = 1000;
const MOST_DEPTH = 1000;

const EMPTY: RegexpNode = { kind: 'empty' };
const ANY: CharacterSet = { has: () => true };
const ANY_BUT_LINE_END: CharacterSet = { has: (code) => code !== 0x0a };

/** Reads a regular expression in the syntax of Go's package `regexp`. Throws GoRegexpError, with Go's words. */
export function parseRegexp(source: string): RegexpNode {
  return new Parser(source).parse();
}

class Parser {
  private readonly reader: TextReader;
  private flags: Flags = { fold: false, lines: false, dotAll: false };

  constructor(source: string) {
    this.reader = new TextReader(source);
  }

  parse(): RegexpNode {
    const node = this.alternatives(0);
    if (!this.reader.atEnd()) throw new GoRegexpError('unexpected )', this.reader.text);
    return node;
  }

  /** Reads up to the `)` of the group around it, or to the end. */
  private alternatives(depth: number): RegexpNode {
    if (depth > MOST_DEPTH) throw new GoRegexpError('expression nests too deeply', this.reader.text);
    const branches = [this.sequence(depth)];
    while (this.reader.peek() === '|') {
      this.reader.skip(1);
      branches.push(this.sequence(depth));
    }
    return branches.length === 1 ? (branches[0] ?? EMPTY) : { kind: 'either', branches };
  }

  private sequence(depth: number): RegexpNode {
    const { reader } = this;
    const items: RegexpNode[] = [];
    let lastRepeat: number | undefined;
    while (!reader.atEnd() && reader.peek() !== '|' && reader.peek() !== ')') {
      const start = reader.index;
      const bounds = this.repeatBounds();
      if (bounds === undefined) {
        this.item(items, depth);
        lastRepeat = undefined;
        continue;
      }
      if (reader.peek() === '?') reader.skip(1); // which of several matches it is, nobody asks
      if (lastRepeat !== undefined) {
        throw new GoRegexpError('invalid nested repetition operator', reader.since(lastRepeat));
      }
      const item = items.pop();
      if (item === undefined) {
        throw new GoRegexpError('missing argument to repetition operator', reader.since(start));
      }
      const repeated: RegexpNode = { kind: 'repeat', item, ...bounds };
      if (isCounted(repeated) && repeatsWithin(repeated) > MOST_REPEATS) {
        throw new GoRegexpError('invalid repeat count', reader.since(start));
      }
      items.push(repeated);
      lastRepeat = start;
    }
    if (items.length === 0) return EMPTY;
    return items.length === 1 ? (items[0] ?? EMPTY) : { kind: 'concat', items };
  }

  /** Reads `*`, `+`, `?` or `{2,3}`; undefined, and nothing read, where none stands. */
  private repeatBounds(): { readonly min: number; readonly max: number } | undefined {
    const { reader } = this;
    const sign = reader.peek();
    if (sign === '*' || sign === '+' || sign === '?') {
      reader.skip(1);
      return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    }
    if (sign !== '{') return undefined;
    COUNTED.lastIndex = reader.index;
    const [text, from, comma, to] = COUNTED.exec(reader.text) ?? [];
    if (text === undefined) return undefined;
    const start = reader.index;
    reader.skip(text.length);
    const min = Number(from);
    const max = comma === undefined ? min : to === '' || to === undefined ? undefined : Number(to);
    if (min > MOST_REPEATS || (max !== undefined && (max > MOST_REPEATS || min > max))) {
      throw new GoRegexpError('invalid repeat count', reader.since(start));
    }
    return { min, max: max ?? Number.POSITIVE_INFINITY };
  }

  /** Reads one thing that can be repeated, or flags, which add nothing. */
  private item(items: RegexpNode[], depth: number): void {
    const { reader } = this;
    switch (reader.peek()) {
      case '(':
        this.group(items, depth);
        return;
      case '[':
        items.push({ kind: 'set', set: readClass(reader, this.flags.fold) });
        return;
      case '.':
        reader.skip(1);
        items.push({ kind: 'set', set: this.flags.dotAll ? ANY : ANY_BUT_LINE_END });
        return;
      case '^':
        reader.skip(1);
        items.push({ kind: 'place', place: this.flags.lines ? 'beginLine' : 'beginText' });
        return;
      case '$':
        reader.skip(1);
        items.push({ kind: 'place', place: this.flags.lines ? 'endLine' : 'endText' });
        return;
      case '\\':
        this.escape(items);
        return;
      default:
        items.push(this.character(reader.take().codePointAt(0) ?? 0));
    }
  }

  private character(code: number): RegexpNode {
    if (!this.flags.fold || !hasCases(code)) return { kind: 'character', code };
    return { kind: 'set', set: characterSet([{ inside: range(code, code), negated: false }], false, true) };
  }

  private escape(items: RegexpNode[]): void {
    const { reader } = this;
    const place = PLACES.get(reader.peek(1));
    if (place !== undefined) {
      reader.skip(2);
      items.push({ kind: 'place', place });
    } else if (reader.peek(1) === 'Q') this.quoted(items);
    else {
      const item = readNamedEscape(reader);
      items.push(
        item === undefined
          ? this.character(readEscape(reader))
          : { kind: 'set', set: characterSet([item], false, this.flags.fold) },
      );
    }
  }

  /** `\Q…\E`: what is between stands for itself. */
  private quoted(items: RegexpNode[]): void {
    const { reader } = this;
    reader.skip(2);
    while (!reader.atEnd() && !reader.startsWith('\\E')) {
      items.push(this.character(reader.take().codePointAt(0) ?? 0));
    }
    reader.skip(2);
  }

  private group(items: RegexpNode[], depth: number): void {
    const { reader } = this;
    const outer = this.flags;
    if (NAMED.test(reader.text.slice(reader.index, reader.index + 5))) this.name();
    else if (!reader.startsWith('(?')) reader.skip(1);
    else if (this.readFlags() === ')') return;
    items.push(this.alternatives(depth + 1));
    if (reader.peek() !== ')') throw new GoRegexpError('missing closing )', reader.text);
    reader.skip(1);
    this.flags = outer;
  }

  private name(): void {
    const { reader } = this;
    const start = reader.index;
    const end = reader.indexOf('>');
    if (end < 0) throw new GoRegexpError('invalid named capture', reader.text.slice(start));
    const name = reader.text.slice(reader.indexOf('<') + 1, end);
    reader.index = end + 1;
    if (!/^[0-9A-Za-z_]+$/.test(name)) throw new GoRegexpError('invalid named capture', reader.since(start));
  }

  /** Reads `(?i-s:` or `(?i)` and sets the flags; returns the sign that ended it. */
  private readFlags(): ':' | ')' {
    const { reader } = this;
    const start = reader.index;
    reader.skip(2);
    let { fold, lines, dotAll } = this.flags;
    let on = true;
    let sawFlag = false;
    while (!reader.atEnd()) {
      const sign = reader.take();
      if ((sign === ':' || sign === ')') && (on || sawFlag)) {
        this.flags = { fold, lines, dotAll };
        return sign;
      }
      if (sign === '-' && on) {
        on = false;
        sawFlag = false;
        continue;
      }
      if (sign === 'i') fold = on;
      else if (sign === 'm') lines = on;
      else if (sign === 's') dotAll = on;
      else if (sign !== 'U') break;
      sawFlag = true;
    }
    throw new GoRegexpError('invalid or unsupported Perl syntax', reader.since(start));
  }
}

/** The start of a group with a name, of which there must be something. */
const NAMED = /^\(\?(?:P<|<)./s;

/** `{2}`, `{2,}` and `{2,3}`; anything else in braces is text. */
const COUNTED = /\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/y;

const PLACES = new Map([
  ['A', 'beginText'],
  ['z', 'endText'],
  ['b', 'word'],
  ['B', 'noWord'],
] as const) as ReadonlyMap<string, 'beginText' | 'endText' | 'word' | 'noWord'>;

type Repeat = Extract<RegexpNode, { readonly kind: 'repeat' }>;

/** Whether a repeat is of the kind that Go counts: `{2}`, but not `*`. */
const isCounted = ({ min, max }: Repeat): boolean => min >= 2 || (Number.isFinite(max) && max >= 2);

/** How often the innermost part of an expression stands in its program, once each count is written out. */
function repeatsWithin(node: RegexpNode): number {
  switch (node.kind) {
    case 'concat':
      return node.items.reduce((most, item) => Math.max(most, repeatsWithin(item)), 1);
    case 'either':
      return node.branches.reduce((most, branch) => Math.max(most, repeatsWithin(branch)), 1);
    case 'repeat': {
      const times = Number.isFinite(node.max) ? node.max : node.min;
      return Math.max(1, times) * repeatsWithin(node.item);
    }
    default:
      return 1;
  }
}
