import { goUnquote } from '../go-values/quote.ts';
import { JsonPathError } from './jsonpath-error.ts';
import type { Action, Slice, Step } from './nodes.ts';

/**
 * Reads a JSONPath template in kubectl's dialect: text, and actions in braces. Throws JsonPathError.
 *
 * Inside of an action: `.name` (`\` takes the next character as part of the name), `.*`, `..`, `[…]`, quoted text,
 * numbers, `true`, `false`, `range` and `end`; `$` and `@` say nothing.
 */
export function parseJsonPath(template: string): readonly Action[] {
  const actions: Action[] = [];
  for (let at = 0; at < template.length; ) {
    const open = template.indexOf('{', at);
    const text = template.slice(at, open < 0 ? undefined : open);
    if (text !== '') actions.push([{ type: 'text', text }]);
    if (open < 0) break;
    const reader = new ActionReader(template, open + 1);
    actions.push(reader.steps('}'));
    at = reader.index;
  }
  return actions;
}

/** Reads one action that stands alone, without its braces. */
function parseAction(text: string): Action {
  return new ActionReader(`${text}}`, 0).steps('}');
}

const TERMINATOR = /[\s.,[\]$@{}]/;
const WORD_START = /[\p{L}\p{Nd}_]/u;

class ActionReader {
  readonly #text: string;
  /** Where the next character is. */
  index: number;

  constructor(text: string, index: number) {
    this.#text = text;
    this.index = index;
  }

  /** The steps up to the closing character, which is taken too. */
  steps(closing: string): Action {
    const steps: Step[] = [];
    for (;;) {
      const char = this.#peek();
      if (char === '' || char === '\n' || char === '\r') throw new JsonPathError('unclosed action');
      if (char === closing) {
        this.index += 1;
        return steps;
      }
      const step = this.#step(char);
      if (step !== undefined) steps.push(step);
    }
  }

  #step(char: string): Step | undefined {
    switch (char) {
      case ' ':
      case '@':
      case '$':
        this.index += 1;
        return undefined;
      case '[':
        return this.#brackets();
      case '"':
      case "'":
        return this.#quoted(char);
      case '.':
        return this.#afterDot();
    }
    if (/[-+0-9]/.test(char)) return this.#number();
    if (WORD_START.test(char)) return this.#word();
    throw new JsonPathError(`unrecognized character in action: ${codePointOf(char)}`);
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.index);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #word(): Step {
    const word = this.#until((char) => TERMINATOR.test(char));
    if (word === 'true' || word === 'false') return { type: 'bool', value: word === 'true' };
    return { type: 'word', word };
  }

  #until(isEnd: (char: string) => boolean): string {
    const start = this.index;
    for (let char = this.#peek(); char !== '' && !isEnd(char); char = this.#peek()) this.index += char.length;
    return this.#text.slice(start, this.index);
  }

  #number(): Step {
    const [text = ''] = /^[-+]?[0-9.]*/.exec(this.#text.slice(this.index)) ?? [];
    this.index += text.length;
    const value = Number(text);
    if (!/[0-9]/.test(text) || Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    return { type: 'number', value, isInteger: !text.includes('.') && Math.abs(value) < 2 ** 63 };
  }

  #quoted(quote: string): Step {
    const start = this.index;
    for (this.index += 1; ; this.index += 1) {
      const char = this.#text[this.index];
      if (char === undefined || char === '\n' || char === '\r') {
        throw new JsonPathError('unterminated quoted string');
      }
      if (char === '\\' && this.#text[this.index + 1] !== '\n') this.index += 1;
      else if (char === quote) break;
    }
    this.index += 1;
    const whole = this.#text.slice(start, this.index);
    const text = goUnquote(whole.slice(1, -1), quote);
    if (text === undefined) throw new JsonPathError(`unquote string ${whole} error invalid syntax`);
    return { type: 'text', text };
  }

  #afterDot(): Step {
    this.index += 1;
    const char = this.#peek();
    if (char === '.') {
      this.index += 1;
      // In `..name` the second dot is also the one of the field.
      if (WORD_START.test(this.#peek())) this.index -= 1;
      return { type: 'descend' };
    }
    if (char === '*') {
      this.index += 1;
      return { type: 'every' };
    }
    return { type: 'field', name: this.#field() };
  }

  #field(): string {
    const start = this.index;
    for (let char = this.#peek(); char !== '' && !TERMINATOR.test(char); char = this.#peek()) {
      this.index += char.length;
      if (char === '\\') this.index += this.#peek().length;
    }
    return this.#text.slice(start, this.index).replaceAll('\\', '');
  }

  #brackets(): Step {
    this.index += 1;
    if (this.#text.startsWith('?(', this.index)) return this.#filter();
    const end = this.#text.slice(this.index).search(/[\]\n\r]/);
    if (end < 0 || this.#text[this.index + end] !== ']') throw new JsonPathError('unterminated array');
    const inner = this.#text.slice(this.index, this.index + end);
    this.index += end + 1;
    return bracketStep(inner);
  }

  #filter(): Step {
    this.index += 2;
    const start = this.index;
    let quote = '';
    for (; ; this.index += 1) {
      const char = this.#text[this.index];
      if (char === undefined || char === '\n' || char === '\r')
        throw new JsonPathError('unterminated filter');
      if (quote !== '') {
        if (char === '\\') this.index += 1;
        else if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
      else if (char === ')') break;
    }
    const condition = this.#text.slice(start, this.index);
    this.index += 1;
    if (this.#text[this.index] !== ']') throw new JsonPathError('unclosed array expect ]');
    this.index += 1;
    // A `.` that could stop at a line end would make this try every end of the operator.
    const parts = LINE_END.test(condition) ? null : /^([^!<>=]+)([!<>=]+)(.+)$/.exec(condition);
    if (parts === null) {
      return { type: 'filter', filter: { left: parseAction(condition), comparison: undefined } };
    }
    const [, left = '', operator = '', right = ''] = parts;
    return {
      type: 'filter',
      filter: { left: parseAction(left), comparison: { operator, right: parseAction(right) } },
    };
  }
}

const LINE_END = /[\n\r\u2028\u2029]/;
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const QUOTED_NAME = /^'([^']*)'$/;

/** What `[inner]` means. */
function bracketStep(inner: string): Step {
  const members = inner.split(',');
  if (members.length > 1) {
    return {
      type: 'union',
      members: members.map((member) => parseAction(`[${member.replace(/^ +| +$/g, '')}]`)),
    };
  }
  const name = QUOTED_NAME.exec(inner);
  if (name !== null) return { type: 'union', members: [parseAction(`.${name[1] ?? ''}`)] };
  const slice = SLICE.exec(inner === '*' ? ':' : inner);
  if (slice === null) throw new JsonPathError(`invalid array index ${inner}`);
  return { type: 'slice', slice: sliceOf(slice) };
}

function sliceOf([, from = '', to, by]: RegExpExecArray): Slice {
  const single = to === undefined && by === undefined;
  return {
    from: single && from === '' ? 0 : numberIn(from),
    to: numberIn(to?.slice(1)),
    by: numberIn(by?.slice(1)),
    single,
  };
}

function numberIn(digits: string | undefined): number | undefined {
  if (digits === undefined || digits === '') return undefined;
  const value = Number(digits);
  if (digits === '-' || Math.abs(value) >= 2 ** 63) {
    throw new JsonPathError(`array index ${digits} is not a number`);
  }
  return value;
}

function codePointOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char) ? `${number} '${char}'` : number;
}
