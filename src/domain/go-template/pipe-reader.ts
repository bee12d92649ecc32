import { goQuote } from '../go-values/quote.ts';
import type { Token } from './lex.ts';
import type { Command, Operand, Pipe } from './nodes.ts';
import { isPunctuation, KEYWORDS, TokenReader } from './token-reader.ts';

/** Reads what stands inside of an action: pipes, their commands, and the operands of these. */
export class PipeReader extends TokenReader {
  protected readonly functions: { has(name: string): boolean };
  /** Variables that are known here, the nearest last. */
  protected variables: string[] = ['$'];
  #depth = 0;

  /** `functions` are the names that may be called. Throws TemplateError. */
  constructor(source: string, name: string, functions: { has(name: string): boolean }) {
    super(source, name);
    this.functions = functions;
  }

  protected pipe(context: string): Pipe {
    this.skipSpace();
    const start = this.place;
    const { variables, assigns } = this.#declaration(context);
    const commands: Command[] = [];
    for (;;) {
      this.skipSpace();
      const token = this.peek();
      if (token === undefined || token.type === 'close' || isPunctuation(token, ')')) break;
      commands.push(this.#command(context));
    }
    if (commands.length === 0) throw this.failure(`missing value for ${context}`);
    const source = this.written(start, this.place);
    for (const [at, { operands }] of commands.entries()) {
      const first = operands[0];
      if (at > 0 && first !== undefined && CONSTANTS.has(first.type)) {
        throw this.failure(`non executable command in pipeline stage ${at + 1}`);
      }
    }
    return { at: start, variables, assigns, commands, source };
  }

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`. */
  #declaration(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const start = this.at;
    const variables: string[] = [];
    for (;;) {
      this.skipSpace();
      const token = this.peek();
      if (token?.type !== 'variable') break;
      this.at += 1;
      this.skipSpace();
      variables.push(token.text);
      const sign = this.peek();
      if (isPunctuation(sign, ':=') || isPunctuation(sign, '=')) {
        this.at += 1;
        const assigns = sign?.text === '=';
        if (!assigns) this.variables.push(...variables);
        return { variables, assigns };
      }
      if (!isPunctuation(sign, ',') || context !== 'range' || variables.length > 1) break;
      this.at += 1;
    }
    this.at = start;
    return { variables: [], assigns: false };
  }

  #command(context: string): Command {
    const operands: Operand[] = [];
    const at = this.peek()?.at ?? 0;
    for (;;) {
      this.skipSpace();
      const operand = this.#operand();
      if (operand !== undefined) operands.push(operand);
      const token = this.peek();
      if (token?.type === 'space' && operand !== undefined) continue;
      if (isPunctuation(token, '|')) {
        if (operands.length === 0) throw this.failure(`missing value for ${context}`);
        this.at += 1;
        this.skipSpace();
        if (this.peek()?.type === 'close') throw this.failure(`missing value for ${context}`);
        break;
      }
      if (token === undefined || token.type === 'close' || isPunctuation(token, ')')) break;
      throw this.unexpected(token, operands.length === 0 ? context : 'operand');
    }
    if (operands.length === 0) throw this.failure('empty command');
    return { at, source: operands.map(({ source }) => source).join(' '), operands };
  }

  #operand(): Operand | undefined {
    const start = this.at;
    const token = this.peek();
    if (token === undefined) return undefined;
    const first = this.#term(token);
    if (first === undefined) return undefined;
    const path: string[] = [];
    let at = first.at;
    for (let next = this.peek(); next?.type === 'field'; next = this.peek()) {
      // As in Go, a path of several fields stands where its second one does.
      if (path.length === 0) at = next.at;
      path.push(next.text.slice(1));
      this.at += 1;
    }
    if (path.length === 0) return first;
    const written = this.tokens.slice(start, this.at).map(({ text }) => text);
    const source = first.type === 'pipe' ? `(${first.pipe.source}).${path.join('.')}` : written.join('');
    switch (first.type) {
      case 'field':
        return { ...first, at, source, path: [...first.path, ...path] };
      case 'variable':
      case 'pipe':
        return { ...first, at, source, path };
      case 'dot':
      case 'function':
        if (first.type === 'function') {
          const pipe: Pipe = {
            at: first.at,
            variables: [],
            assigns: false,
            commands: [{ at: first.at, source: first.source, operands: [first] }],
            source: first.source,
          };
          return { type: 'pipe', at, source, pipe, path };
        }
        throw this.failure(`unexpected . after term ${goQuote('.')}`);
      default:
        throw this.failure(`unexpected . after term ${goQuote(first.source)}`);
    }
  }

  #term(token: Token): Operand | undefined {
    const { at, text } = token;
    const base = { at, source: text };
    switch (token.type) {
      case 'string':
        this.at += 1;
        return { ...base, type: 'string', value: String(token.value) };
      case 'number':
        this.at += 1;
        return { ...base, type: 'number', value: this.#number(token) };
      case 'field':
        this.at += 1;
        return { ...base, type: 'field', path: [text.slice(1)] };
      case 'variable':
        this.at += 1;
        if (!this.variables.includes(text)) throw this.failure(`undefined variable ${goQuote(text)}`);
        return { ...base, type: 'variable', name: text, path: [] };
      case 'word':
        return this.#word(base);
      case 'punctuation':
        if (text === '.') {
          this.at += 1;
          return { ...base, type: 'dot' };
        }
        return text === '(' ? this.#parenthesis(at) : undefined;
      default:
        return undefined;
    }
  }

  #word(base: { readonly at: number; readonly source: string }): Operand {
    const { source } = base;
    if (KEYWORDS.has(source)) throw this.failure(`unexpected <${source}> in operand`);
    this.at += 1;
    if (source === 'true' || source === 'false') return { ...base, type: 'bool', value: source === 'true' };
    if (source === 'nil') return { ...base, type: 'nil' };
    if (!this.functions.has(source)) throw this.failure(`function ${goQuote(source)} not defined`);
    return { ...base, type: 'function', name: source };
  }

  #parenthesis(at: number): Operand {
    this.at += 1;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.failure('max expression depth exceeded');
    const pipe = this.pipe('parenthesized pipeline');
    this.#depth -= 1;
    if (!isPunctuation(this.peek(), ')')) throw this.failure('unclosed left paren');
    this.at += 1;
    return { type: 'pipe', at, source: `(${pipe.source})`, pipe, path: [] };
  }

  #number({ text, value }: Token): number {
    if (typeof value === 'number') return value;
    const parsed = Number(text.replaceAll('_', '').replace(/^([-+]?)0([0-7]+)$/, '$10o$2'));
    if (Number.isNaN(parsed)) throw this.failure(`bad number syntax: ${goQuote(text)}`);
    return parsed;
  }
}

/** Parentheses within parentheses. */
const MAX_DEPTH = 500;

const CONSTANTS: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);
