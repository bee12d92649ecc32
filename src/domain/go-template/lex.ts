import { goQuote, goUnquote } from '../go-values/quote.ts';
import { TemplateError } from './template-error.ts';

/** A word of a template. `at` is its index in the text, `text` what was written. */
export interface Token {
  readonly type:
    | 'text'
    | 'open'
    | 'close'
    | 'field'
    | 'variable'
    | 'word'
    | 'number'
    | 'string'
    | 'punctuation'
    | 'space';
  readonly at: number;
  readonly text: string;
  /** Of a string: what it says; of a character in quotes: its number. */
  readonly value?: string | number;
}

/** The line of an index, from 1. */
export function lineAt(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

/** Takes a template apart. Throws TemplateError. `name` is the template's name in errors. */
export function lexTemplate(source: string, name: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const open = source.indexOf('{{', at);
    const end = open < 0 ? source.length : open;
    const trims = open >= 0 && /^\{\{-\s/.test(source.slice(open, open + 4));
    let text = source.slice(at, end);
    const lead = trimNext ? text.length - text.replace(BLANKS_BEFORE, '').length : 0;
    text = text.slice(lead);
    if (trims) text = withoutBlanksBehind(text);
    if (text !== '') tokens.push({ type: 'text', at: at + lead, text });
    if (open < 0) return tokens;
    const inside = new ActionLexer(source, name, open + (trims ? 4 : 2));
    if (!inside.comment()) {
      tokens.push({ type: 'open', at: open, text: '{{' });
      for (const token of inside.tokens()) tokens.push(token); // too many for the arguments of a call
      tokens.push({ type: 'close', at: inside.index, text: '}}' });
    }
    trimNext = inside.close();
    at = inside.index;
  }
}

const BLANKS_BEFORE = /^[ \t\r\n]+/;
const BLANKS = ' \t\r\n';

/** Looks from the end: an expression that ends in `$` would start anew at each blank of a text that has many. */
function withoutBlanksBehind(text: string): string {
  let end = text.length;
  while (end > 0 && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const WORD = /^[\p{L}\p{Nd}_]+/u;
const NUMBER = /^[-+]?(?:0[xXbBoO])?[0-9a-fA-F_]*\.?[0-9_]*(?:[eEpP][-+]?[0-9_]+)?/;

class ActionLexer {
  readonly #source: string;
  readonly #name: string;
  index: number;
  #parentheses = 0;

  constructor(source: string, name: string, index: number) {
    this.#source = source;
    this.#name = name;
    this.index = index;
  }

  /** Passes over a comment that fills the action. */
  comment(): boolean {
    if (!this.#source.startsWith('/*', this.index)) return false;
    const end = this.#source.indexOf('*/', this.index);
    if (end < 0) throw this.#failure('unclosed comment');
    this.index = end + 2;
    if (!/^(?:\s-)?\}\}/.test(this.#rest())) throw this.#failure('comment ends before closing delimiter');
    return true;
  }

  /** The words up to the closing braces, which are not taken. */
  tokens(): readonly Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const rest = this.#rest();
      if (/^(?:[ \t\r\n]-)?\}\}/.test(rest)) {
        if (this.#parentheses > 0) throw this.#failure('unclosed left paren');
        return tokens;
      }
      if (rest === '') throw this.#failure('unclosed action');
      tokens.push(this.#token(rest));
    }
  }

  /** Passes over the closing braces; whether the blanks behind them are cut. */
  close(): boolean {
    const trims = !this.#source.startsWith('}}', this.index);
    this.index += trims ? 4 : 2;
    return trims;
  }

  #rest(): string {
    return this.#source.slice(this.index);
  }

  #token(rest: string): Token {
    const [blanks] = /^[ \t\r\n]+/.exec(rest) ?? [];
    if (blanks !== undefined) {
      // The blank that belongs to ` -}}` is left for it.
      const length = /^[ \t\r\n]-\}\}/.test(rest.slice(blanks.length - 1))
        ? blanks.length - 1
        : blanks.length;
      return this.#take('space', rest.slice(0, length));
    }
    const [first = ''] = rest;
    if (first === '"' || first === '`' || first === "'") return this.#quoted(rest, first);
    if (first === '$') return this.#take('variable', `$${WORD.exec(rest.slice(1))?.[0] ?? ''}`);
    if (first === '.' && !/^\.[0-9]/.test(rest)) {
      const [name = ''] = WORD.exec(rest.slice(1)) ?? [];
      return this.#take(name === '' ? 'punctuation' : 'field', `.${name}`);
    }
    if (/^(?:[-+.]?[0-9]|[-+]\.[0-9])/.test(rest)) return this.#number(rest);
    const [word] = WORD.exec(rest) ?? [];
    if (word !== undefined) return this.#take('word', word);
    if (rest.startsWith(':=')) return this.#take('punctuation', ':=');
    if (first === '(') this.#parentheses += 1;
    if (first === ')') {
      this.#parentheses -= 1;
      if (this.#parentheses < 0) throw this.#failure('unexpected right paren');
    }
    if ('()|=,'.includes(first)) return this.#take('punctuation', first);
    if (first === ':') throw this.#failure('expected :=');
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (/[!-~]/.test(char)) return this.#take('punctuation', char);
    throw this.#failure(`unrecognized character in action: ${codePointOf(char)}`);
  }

  #number(rest: string): Token {
    const [text = ''] = NUMBER.exec(rest) ?? [];
    const tail = WORD.exec(rest.slice(text.length));
    if (tail !== null) throw this.#failure(`bad number syntax: ${goQuote(text + tail[0])}`);
    return this.#take('number', text);
  }

  #quoted(rest: string, quote: string): Token {
    let end = 1;
    while (end < rest.length && rest[end] !== quote && (quote === '`' || rest[end] !== '\n')) {
      end += quote !== '`' && rest[end] === '\\' ? 2 : 1;
    }
    if (rest[end] !== quote) {
      const kind =
        quote === '`' ? 'raw quoted string' : quote === '"' ? 'quoted string' : 'character constant';
      throw this.#failure(`unterminated ${kind}`);
    }
    const text = rest.slice(0, end + 1);
    const inner = text.slice(1, -1);
    const value = quote === '`' ? inner.replaceAll('\r', '') : goUnquote(inner, quote);
    if (quote === "'") {
      const [char = '', ...more] = value ?? '';
      if (char === '' || more.length > 0) throw this.#failure(`malformed character constant: ${text}`);
      return { ...this.#take('number', text), value: char.codePointAt(0) ?? 0 };
    }
    if (value === undefined) throw this.#failure('invalid syntax');
    return { ...this.#take('string', text), value };
  }

  #take(type: Token['type'], text: string): Token {
    const token: Token = { type, at: this.index, text };
    this.index += text.length;
    const next = String.fromCodePoint(this.#source.codePointAt(this.index) ?? 0x20);
    const isName = type === 'field' || type === 'variable' || type === 'word';
    if (isName && !/[\s.,|:()]/.test(next) && !this.#source.startsWith('}}', this.index)) {
      throw this.#failure(`bad character ${codePointOf(next)}`);
    }
    return token;
  }

  #failure(message: string): TemplateError {
    return new TemplateError(`template: ${this.#name}:${lineAt(this.#source, this.index)}: ${message}`);
  }
}

function codePointOf(char: string): string {
  const number = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${number} '${char}'`;
}
