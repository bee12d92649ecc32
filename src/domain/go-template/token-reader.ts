import { goQuote } from '../go-values/quote.ts';
import { lexTemplate, lineAt, type Token } from './lex.ts';
import { TemplateError } from './template-error.ts';

/** Words that begin or end a part of a template. */
export const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
]);

/** Walks over the words of a template. */
export class TokenReader {
  readonly #source: string;
  readonly #name: string;
  protected readonly tokens: readonly Token[];
  /** Index of the word that comes next. */
  protected at = 0;

  /** Throws TemplateError for text that cannot be taken apart. */
  constructor(source: string, name: string) {
    this.#source = source;
    this.#name = name;
    this.tokens = lexTemplate(source, name);
  }

  /** The text between two indexes, as it was written. */
  protected written(start: number, end: number): string {
    return this.#source.slice(start, end).trim();
  }

  /** Index of the next word in the text. */
  protected get place(): number {
    return this.peek()?.at ?? this.#source.length;
  }

  protected peek(): Token | undefined {
    return this.tokens[this.at];
  }

  protected next(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw this.failure('unexpected EOF');
    this.at += 1;
    return token;
  }

  protected skipSpace(): void {
    while (this.tokens[this.at]?.type === 'space') this.at += 1;
  }

  protected close(context: string): void {
    this.skipSpace();
    const token = this.next();
    if (token.type !== 'close') throw this.unexpected(token, context);
  }

  protected unexpected(token: Token, context: string): TemplateError {
    return this.failure(`unexpected ${shown(token)} in ${context}`);
  }

  protected failure(message: string): TemplateError {
    const at = (this.peek() ?? this.tokens.at(-1))?.at ?? 0;
    return new TemplateError(`template: ${this.#name}:${lineAt(this.#source, at)}: ${message}`);
  }
}

/** Whether a word is this sign. */
export function isPunctuation(token: Token | undefined, text: string): boolean {
  return token?.type === 'punctuation' && token.text === text;
}

function shown({ type, text }: Token): string {
  if ((type === 'word' && KEYWORDS.has(text)) || text === '.') return `<${text}>`;
  return text.length > 10 ? `${goQuote(text.slice(0, 10))}...` : goQuote(text);
}
