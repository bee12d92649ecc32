import type { TemplateNode } from './nodes.ts';
import { PipeReader } from './pipe-reader.ts';
import { KEYWORDS } from './token-reader.ts';

/** A template's own nodes, and the templates that it defines. */
export interface ParsedTemplate {
  readonly name: string;
  readonly source: string;
  readonly nodes: readonly TemplateNode[];
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Reads a template. `functions` are the names that may be called. Throws TemplateError. */
export function parseTemplate(
  source: string,
  name: string,
  functions: { has(name: string): boolean },
): ParsedTemplate {
  return new Parser(source, name, functions).template();
}

/** Nodes, and the word that ended them. */
interface Body {
  readonly nodes: readonly TemplateNode[];
  readonly ending: 'end' | 'else';
}

/** Bodies within bodies; a chain of `else if` counts as such. */
const MAX_DEPTH = 1000;

class Parser extends PipeReader {
  readonly #name: string;
  readonly #source: string;
  readonly #defined = new Map<string, readonly TemplateNode[]>();
  #rangeDepth = 0;
  #depth = 0;

  constructor(source: string, name: string, functions: { has(name: string): boolean }) {
    super(source, name, functions);
    this.#name = name;
    this.#source = source;
  }

  template(): ParsedTemplate {
    const nodes: TemplateNode[] = [];
    while (this.at < this.tokens.length) {
      const node = this.#node();
      if (typeof node === 'string') throw this.failure(`unexpected {{${node}}}`);
      if (node !== undefined) nodes.push(node);
    }
    return { name: this.#name, source: this.#source, nodes, defined: this.#defined };
  }

  /** The next text or action; the word where it ends or turns a body; undefined for a definition. */
  #node(): TemplateNode | 'end' | 'else' | undefined {
    if (this.#depth > MAX_DEPTH) throw this.failure('max nesting depth exceeded');
    this.#depth += 1;
    const node = this.#nodeHere();
    this.#depth -= 1;
    return node;
  }

  #nodeHere(): TemplateNode | 'end' | 'else' | undefined {
    const token = this.next();
    if (token.type === 'text') return { type: 'text', text: token.text };
    this.skipSpace();
    const word = this.peek();
    const keyword = word?.type === 'word' && KEYWORDS.has(word.text) ? word.text : undefined;
    if (keyword === undefined) {
      const pipe = this.pipe('command');
      this.close('command');
      return { type: 'action', pipe };
    }
    this.at += 1;
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        return this.#control(keyword);
      case 'end':
        this.close('end');
        return 'end';
      case 'else':
        return 'else';
      case 'break':
      case 'continue':
        if (this.#rangeDepth === 0) throw this.failure(`{{${keyword}}} outside {{range}}`);
        this.close(keyword);
        return { type: keyword };
      case 'define':
        this.#define();
        return undefined;
      case 'block': {
        const { name, at } = this.#templateName('block clause');
        const pipe = this.pipe('block clause');
        this.close('block clause');
        this.#defineAs(name);
        return { type: 'template', at, name, pipe };
      }
      default:
        return this.#call();
    }
  }

  #control(type: 'if' | 'with' | 'range'): TemplateNode {
    const scope = this.variables.length;
    const pipe = this.pipe(type);
    this.close(type);
    if (type === 'range') this.#rangeDepth += 1;
    const { nodes: body, ending } = this.#body();
    if (type === 'range') this.#rangeDepth -= 1;
    const otherwise = ending === 'else' ? this.#otherwise(type) : [];
    this.variables.length = scope;
    return { type, pipe, body, otherwise };
  }

  /** What follows `{{else`: the rest of an `else if`, or a body. */
  #otherwise(type: 'if' | 'with' | 'range'): readonly TemplateNode[] {
    this.skipSpace();
    const next = this.peek();
    if (next?.type === 'word' && next.text === type && type !== 'range') {
      if (this.#depth > MAX_DEPTH) throw this.failure('max nesting depth exceeded');
      this.at += 1;
      this.#depth += 1;
      const node = this.#control(type);
      this.#depth -= 1;
      return [node];
    }
    this.close('else');
    const { nodes, ending } = this.#body();
    if (ending === 'else') throw this.failure('expected end; found {{else}}');
    return nodes;
  }

  #body(): Body {
    const nodes: TemplateNode[] = [];
    for (;;) {
      if (this.at >= this.tokens.length) throw this.failure('unexpected EOF');
      const node = this.#node();
      if (typeof node === 'string') return { nodes, ending: node };
      if (node !== undefined) nodes.push(node);
    }
  }

  #define(): void {
    const { name } = this.#templateName('define clause');
    this.close('define clause');
    this.#defineAs(name);
  }

  #defineAs(name: string): void {
    const outer = this.variables;
    this.variables = ['$'];
    const { nodes, ending } = this.#body();
    if (ending === 'else') throw this.failure('unexpected {{else}} in define clause');
    this.variables = outer;
    this.#defined.set(name, nodes);
  }

  #call(): TemplateNode {
    const { name, at } = this.#templateName('template clause');
    this.skipSpace();
    const pipe = this.peek()?.type === 'close' ? undefined : this.pipe('template clause');
    this.close('template clause');
    return { type: 'template', at, name, pipe };
  }

  #templateName(context: string): { readonly name: string; readonly at: number } {
    this.skipSpace();
    const token = this.next();
    if (token.type !== 'string') throw this.unexpected(token, context);
    return { name: String(token.value), at: token.at };
  }
}
