import { Cursor, END, isBlankOrBreakOrEnd, isBreak, isBreakOrEnd, SPACE, TAB } from './cursor.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-property.ts';
import { scanBlock, scanPlain, scanQuoted } from './scan-scalar.ts';
import type { Mark, Token } from './token.ts';
import { YamlError } from './yaml-error.ts';

/** How deep collections may nest: far deeper than any manifest, and safe for code that recurses. */
export const MAX_DEPTH = 1000;
/** A key that has no `?` must fit on one line and in so many characters. */
const MAX_SIMPLE_KEY = 1024;

/** A place where a token may turn out to be a key, once a `:` follows. */
interface SimpleKey {
  /** The block mapping cannot go on unless it is one. */
  readonly required: boolean;
  /** Its number among all tokens, from 0. */
  readonly token: number;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Cuts YAML 1.1 text into tokens, one at a time, with libyaml's rules and its errors in Go's wording: indentation
 * becomes tokens, and a key is known as such only when its `:` is seen.
 */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly queue: Token[] = [];
  private head = 0;
  /** How many tokens were handed out. */
  private taken = 0;
  private ended = false;
  private flowLevel = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private keyAllowed = true;
  /** One possible key for each flow level. */
  private readonly keys: (SimpleKey | undefined)[] = [undefined];

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** The coming token. Throws YamlError. */
  peek(): Token {
    while (this.needsMore()) this.fetch();
    const token = this.queue[this.head];
    return token ?? { type: 'streamEnd', line: this.cursor.line };
  }

  /** The coming token, which is used up. */
  take(): Token {
    const token = this.peek();
    this.head++;
    this.taken++;
    if (this.head === this.queue.length) {
      this.queue.length = 0;
      this.head = 0;
    }
    return token;
  }

  private needsMore(): boolean {
    if (this.head === this.queue.length) return !this.ended;
    // The head may be a key: then tokens are still to be put before it.
    for (const key of this.keys) if (key?.token === this.taken && this.stillValid(key)) return true;
    return false;
  }

  private stillValid(key: SimpleKey): boolean {
    if (key.line === this.cursor.line && this.cursor.index - key.index <= MAX_SIMPLE_KEY) return true;
    if (key.required) throw this.cursor.error("could not find expected ':'");
    this.keys[this.keys.indexOf(key)] = undefined;
    return false;
  }

  private push(type: Mark, line = this.cursor.line): void {
    this.queue.push({ type, line });
  }

  /** Adds an indicator of one character. */
  private pushIndicator(type: Mark): void {
    this.push(type);
    this.cursor.skip();
  }

  private fetch(): void {
    const { cursor } = this;
    this.skipToToken();
    this.unroll(cursor.column);
    const code = cursor.peek();
    if (code === END) this.fetchEnd();
    else if (code === 0x25 && cursor.column === 0) this.fetchDirective();
    else if (cursor.atDocumentMark()) this.fetchDocumentMark(code === 0x2d ? 'documentStart' : 'documentEnd');
    else if (!this.fetchIndicator(code)) {
      if (!this.startsPlain(code)) throw cursor.error('found character that cannot start any token');
      this.fetchPlain();
    }
  }

  /** Fetches the token that this character stands for; false if it is the start of plain text, or of nothing. */
  private fetchIndicator(code: number): boolean {
    switch (code) {
      case 0x5b:
        this.fetchFlowStart('flowSequenceStart');
        return true;
      case 0x7b:
        this.fetchFlowStart('flowMappingStart');
        return true;
      case 0x5d:
        this.fetchFlowEnd('flowSequenceEnd');
        return true;
      case 0x7d:
        this.fetchFlowEnd('flowMappingEnd');
        return true;
      case 0x2c:
        this.fetchFlowEntry();
        return true;
      case 0x2d:
        if (!isBlankOrBreakOrEnd(this.cursor.peek(1))) return false;
        this.fetchBlockEntry();
        return true;
      case 0x3f:
        if (this.flowLevel === 0 && !isBlankOrBreakOrEnd(this.cursor.peek(1))) return false;
        this.fetchKey();
        return true;
      case 0x3a:
        if (this.flowLevel === 0 && !isBlankOrBreakOrEnd(this.cursor.peek(1))) return false;
        this.fetchValue();
        return true;
      case 0x2a:
        this.fetchProperty(() => scanAnchor(this.cursor, 'alias'));
        return true;
      case 0x26:
        this.fetchProperty(() => scanAnchor(this.cursor, 'anchor'));
        return true;
      case 0x21:
        this.fetchProperty(() => scanTag(this.cursor));
        return true;
      case 0x7c:
      case 0x3e:
        if (this.flowLevel > 0) return false;
        this.fetchBlockScalar();
        return true;
      case 0x27:
      case 0x22:
        this.fetchQuoted();
        return true;
      default:
        return false;
    }
  }

  /** Whether a plain scalar may start with this character. */
  private startsPlain(code: number): boolean {
    if (code === 0x2d) return true;
    if (code === 0x3f || code === 0x3a) return this.flowLevel === 0;
    return code !== TAB && !',[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(code));
  }

  /** Skips blanks, comments and line breaks. Tabs count as blanks only where they cannot be indentation. */
  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      let code = cursor.peek();
      while (code === SPACE || (code === TAB && (this.flowLevel > 0 || !this.keyAllowed))) {
        cursor.skip();
        code = cursor.peek();
      }
      if (code === 0x23) while (!isBreakOrEnd(cursor.peek())) cursor.skip();
      if (!isBreak(cursor.peek())) return;
      cursor.takeBreak();
      if (this.flowLevel === 0) this.keyAllowed = true;
    }
  }

  /** Ends the block collections that are indented deeper than `column`. */
  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push('blockEnd');
      this.indent = this.indents.pop() ?? -1;
    }
  }

  /** Starts a block collection at `column`, if that is deeper than the present one; before token number `at`. */
  private roll(
    column: number,
    type: Mark,
    line: number,
    at = this.taken + this.queue.length - this.head,
  ): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    this.refuseDepth();
    this.queue.splice(this.head + at - this.taken, 0, { type, line });
  }

  private refuseDepth(): void {
    if (this.indents.length + this.flowLevel > MAX_DEPTH) {
      throw new YamlError(`yaml: exceeded max depth of ${MAX_DEPTH}`);
    }
  }

  /** Notes that the coming token may be a key. */
  private saveKey(): void {
    if (!this.keyAllowed) return;
    const { index, line, column } = this.cursor;
    this.dropKey();
    this.keys[this.flowLevel] = {
      required: this.flowLevel === 0 && this.indent === column,
      token: this.taken + this.queue.length - this.head,
      index,
      line,
      column,
    };
  }

  private dropKey(): void {
    if (this.keys[this.flowLevel]?.required) throw this.cursor.error("could not find expected ':'");
    this.keys[this.flowLevel] = undefined;
  }

  private fetchEnd(): void {
    if (this.cursor.column !== 0) this.cursor.startLine();
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
    this.push('streamEnd');
    this.ended = true;
  }

  private fetchDirective(): void {
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
    this.queue.push(scanDirective(this.cursor));
  }

  private fetchDocumentMark(type: Mark): void {
    this.unroll(-1);
    this.dropKey();
    this.keyAllowed = false;
    this.push(type);
    this.cursor.skip(3);
  }

  private fetchFlowStart(type: Mark): void {
    this.saveKey();
    this.flowLevel++;
    this.refuseDepth();
    this.keys[this.flowLevel] = undefined;
    this.keyAllowed = true;
    this.pushIndicator(type);
  }

  private fetchFlowEnd(type: Mark): void {
    this.dropKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.keys.pop();
    }
    this.keyAllowed = false;
    this.pushIndicator(type);
  }

  private fetchFlowEntry(): void {
    this.dropKey();
    this.keyAllowed = true;
    this.pushIndicator('flowEntry');
  }

  /** Fetches an alias, an anchor or a tag. */
  private fetchProperty(scan: () => Token): void {
    this.saveKey();
    this.keyAllowed = false;
    this.queue.push(scan());
  }

  private fetchBlockEntry(): void {
    const { cursor } = this;
    if (this.flowLevel === 0) {
      if (!this.keyAllowed) throw cursor.error('block sequence entries are not allowed in this context');
      this.roll(cursor.column, 'blockSequenceStart', cursor.line);
    }
    this.dropKey();
    this.keyAllowed = true;
    this.pushIndicator('blockEntry');
  }

  private fetchKey(): void {
    const { cursor } = this;
    if (this.flowLevel === 0) {
      if (!this.keyAllowed) throw cursor.error('mapping keys are not allowed in this context');
      this.roll(cursor.column, 'blockMappingStart', cursor.line);
    }
    this.dropKey();
    this.keyAllowed = this.flowLevel === 0;
    this.pushIndicator('key');
  }

  private fetchValue(): void {
    const { cursor } = this;
    const key = this.keys[this.flowLevel];
    if (key !== undefined && this.stillValid(key)) {
      this.queue.splice(this.head + key.token - this.taken, 0, { type: 'key', line: key.line });
      this.roll(key.column, 'blockMappingStart', key.line, key.token);
      this.keys[this.flowLevel] = undefined;
      this.keyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.keyAllowed) throw cursor.error('mapping values are not allowed in this context');
        this.roll(cursor.column, 'blockMappingStart', cursor.line);
      }
      this.keyAllowed = this.flowLevel === 0;
    }
    this.pushIndicator('value');
  }

  private fetchBlockScalar(): void {
    const { line } = this.cursor;
    this.dropKey();
    this.keyAllowed = true;
    this.queue.push({ type: 'scalar', line, text: scanBlock(this.cursor, this.indent), plain: false });
  }

  private fetchQuoted(): void {
    const { line } = this.cursor;
    this.saveKey();
    this.keyAllowed = false;
    this.queue.push({ type: 'scalar', line, text: scanQuoted(this.cursor), plain: false });
  }

  private fetchPlain(): void {
    const { line } = this.cursor;
    this.saveKey();
    this.keyAllowed = false;
    const { text, endedLine } = scanPlain(this.cursor, this.indent + 1, this.flowLevel > 0);
    if (endedLine) this.keyAllowed = true;
    this.queue.push({ type: 'scalar', line, text, plain: true });
  }
}
