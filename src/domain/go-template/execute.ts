import type { Json } from '../../api/meta.ts';
import { goPrinted, isGoInteger, isList, isMap, sortedEntries } from '../go-values/print.ts';
import { goQuote } from '../go-values/quote.ts';
import { ExecutionError } from './execution-error.ts';
import { FunctionError } from './function-error.ts';
import { isTrue, type TemplateFunction } from './functions.ts';
import { lineAt } from './lex.ts';
import type { CallNode, Command, ControlNode, Operand, Pipe, TemplateNode } from './nodes.ts';
import type { ParsedTemplate } from './parse.ts';

/** A value while a template runs; undefined is Go's missing value. */
type Value = Json | undefined;

/** How a template is executed. */
export interface ExecutionOptions {
  /** Whether a key that is not there has no value (kubectl's default) or is an error. */
  readonly allowMissing: boolean;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
}

/** What a template writes for a value. Throws ExecutionError. */
export function executeTemplate(template: ParsedTemplate, data: Json, options: ExecutionOptions): string {
  const execution = new Execution(template, options);
  try {
    execution.nodes(template.nodes, data, [{ name: '$', value: data }]);
  } catch (error) {
    // The stack holds fewer calls when each of them goes through many bodies.
    if (error instanceof RangeError) throw execution.exhausted('nests too deeply');
    throw error;
  }
  return execution.written;
}

interface Variable {
  readonly name: string;
  value: Value;
}

/** Ends the turn, or all turns, of the nearest range. */
class LoopExit extends Error {
  readonly word: 'break' | 'continue';
  constructor(word: 'break' | 'continue') {
    super(word);
    this.word = word;
  }
}

/** Where a failure is said to be. */
interface Place {
  readonly at: number;
  readonly source: string;
}

/** Deeper calls of templates by templates are refused, and bodies within bodies, which are fewer where they call. */
const MAX_DEPTH = 1000;
const MAX_BODY_DEPTH = 1500;
/**
 * What a template may take at most: nodes and turns of loops, and characters that it writes or makes. Go's library goes
 * on until somebody stops it or memory is used up. A list of 100,000 pods with fifty fields each takes half.
 */
const MAX_TURNS = 10_000_000;
const MAX_TEXT = 200_000_000;

class Execution {
  readonly #template: ParsedTemplate;
  readonly #options: ExecutionOptions;
  #templateName: string;
  #depth = 0;
  #bodyDepth = 0;
  #turns = 0;
  #made = 0;
  written = '';

  constructor(template: ParsedTemplate, options: ExecutionOptions) {
    this.#template = template;
    this.#options = options;
    this.#templateName = template.name;
  }

  nodes(nodes: readonly TemplateNode[], dot: Value, scope: Variable[]): void {
    const outer = scope.length;
    this.#bodyDepth += 1;
    if (this.#bodyDepth > MAX_BODY_DEPTH) throw this.exhausted('nests too deeply');
    for (const node of nodes) {
      this.#turn();
      this.#node(node, dot, scope);
    }
    this.#bodyDepth -= 1;
    scope.length = outer;
  }

  #turn(): void {
    this.#turns += 1;
    if (this.#turns > MAX_TURNS) throw this.exhausted(`takes more than ${MAX_TURNS} steps`);
  }

  /** Counts text that is about to be kept. */
  #keep(text: string): string {
    this.#made += text.length;
    if (this.#made > MAX_TEXT) throw this.exhausted(`makes more than ${MAX_TEXT} characters`);
    return text;
  }

  /** The failure of a template that wants more than it may take. */
  exhausted(why: string): ExecutionError {
    return new ExecutionError(
      `template: ${this.#template.name}: executing ${goQuote(this.#templateName)}: the template ${why}`,
      this.written,
    );
  }

  #node(node: TemplateNode, dot: Value, scope: Variable[]): void {
    switch (node.type) {
      case 'text':
        this.written += this.#keep(node.text);
        return;
      case 'action': {
        const value = this.#pipe(node.pipe, dot, scope);
        if (node.pipe.variables.length === 0) this.written += this.#keep(printed(value));
        return;
      }
      case 'if':
      case 'with':
      case 'range': {
        if (node.type === 'range') {
          this.#range(node, dot, scope);
          return;
        }
        const outer = scope.length;
        const value = this.#pipe(node.pipe, dot, scope);
        if (isTrue(value)) this.nodes(node.body, node.type === 'with' ? value : dot, scope);
        else this.nodes(node.otherwise, dot, scope);
        scope.length = outer;
        return;
      }
      case 'template':
        this.#call(node, dot, scope);
        return;
      default:
        throw new LoopExit(node.type);
    }
  }

  #range(node: ControlNode, dot: Value, scope: Variable[]): void {
    const outer = scope.length;
    const { pipe } = node;
    const value = this.#value(pipe, dot, scope);
    const entries = entriesOf(value);
    if (entries === undefined) {
      throw this.#failure(pipe, `range can't iterate over ${goPrinted(value)}`);
    }
    let turns = 0;
    const outerBodyDepth = this.#bodyDepth;
    for (const [key, item] of entries) {
      turns += 1;
      this.#turn();
      const values = pipe.variables.length === 2 ? [key, item] : [isGoNumber(value) ? key : item];
      if (pipe.assigns) {
        for (const [at, name] of pipe.variables.entries()) assign(scope, name, values[at]);
      } else {
        for (const [at, name] of pipe.variables.entries()) scope.push({ name, value: values[at] });
      }
      try {
        this.nodes(node.body, item, scope);
      } catch (error) {
        if (!(error instanceof LoopExit)) throw error;
        this.#bodyDepth = outerBodyDepth;
        if (error.word === 'break') break;
      } finally {
        scope.length = outer;
      }
    }
    if (turns === 0) this.nodes(node.otherwise, dot, scope);
    scope.length = outer;
  }

  #call(node: CallNode, dot: Value, scope: Variable[]): void {
    const nodes = this.#template.defined.get(node.name);
    const pipe = node.pipe === undefined ? '' : ` ${node.pipe.source}`;
    const place = { at: node.at, source: `{{template ${goQuote(node.name)}${pipe}}}` };
    if (nodes === undefined) throw this.#failure(place, `template ${goQuote(node.name)} not defined`);
    if (this.#depth === MAX_DEPTH) {
      throw this.#failure(place, `exceeded maximum template depth (${MAX_DEPTH})`);
    }
    const value = node.pipe === undefined ? undefined : this.#pipe(node.pipe, dot, scope);
    const outer = this.#templateName;
    this.#templateName = node.name;
    this.#depth += 1;
    this.nodes(nodes, value, [{ name: '$', value }]);
    this.#depth -= 1;
    this.#templateName = outer;
  }

  /** The value of a pipe, which its variables take as well. */
  #pipe(pipe: Pipe, dot: Value, scope: Variable[]): Value {
    const value = this.#value(pipe, dot, scope);
    for (const name of pipe.variables) {
      if (pipe.assigns) assign(scope, name, value);
      else scope.push({ name, value });
    }
    return value;
  }

  #value(pipe: Pipe, dot: Value, scope: Variable[]): Value {
    let final: readonly Value[] = [];
    for (const command of pipe.commands) final = [this.#command(command, dot, scope, final)];
    return final[0];
  }

  #command(command: Command, dot: Value, scope: Variable[], piped: readonly Value[]): Value {
    const [first, ...rest] = command.operands;
    if (first === undefined) return undefined;
    if (first.type === 'function') return this.#function(command, first.name, dot, scope, piped);
    if (rest.length > 0 || piped.length > 0) {
      if (first.type === 'field' || first.type === 'variable' || first.type === 'pipe') {
        this.#operand(first, dot, scope);
        const name = first.type === 'field' ? first.path.at(-1) : undefined;
        if (name !== undefined) {
          throw this.#failure(first, `${name} is not a method but has arguments`);
        }
      }
      throw this.#failure(first, `can't give argument to non-function ${first.source}`);
    }
    if (first.type === 'nil') throw this.#failure(first, 'nil is not a command');
    return this.#operand(first, dot, scope);
  }

  #function(command: Command, name: string, dot: Value, scope: Variable[], piped: readonly Value[]): Value {
    const [operand = command, ...rest] = command.operands;
    const called = this.#options.functions.get(name);
    if (called === undefined) throw this.#failure(operand, `${goQuote(name)} is not a defined function`);
    const { least, most } = called;
    const count = rest.length + piped.length;
    if (count < least || count > most) {
      const wanted = least === most ? String(least) : `at least ${least}`;
      throw this.#failure(operand, `wrong number of args for ${name}: want ${wanted} got ${count}`);
    }
    if (name === 'and' || name === 'or') {
      // The first that decides is the answer; what stands behind it is not looked at.
      let value: Value;
      for (const next of rest) {
        value = this.#argument(next, dot, scope);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return piped.length > 0 ? piped[0] : value;
    }
    const values = [...rest.map((one) => this.#argument(one, dot, scope)), ...piped];
    try {
      const value = called.call(values);
      return typeof value === 'string' ? this.#keep(value) : value;
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      throw this.#failure(command, `error calling ${name}: ${error.message}`);
    }
  }

  #argument(operand: Operand, dot: Value, scope: Variable[]): Value {
    if (operand.type === 'function') {
      const command = { at: operand.at, source: operand.source, operands: [operand] };
      return this.#function(command, operand.name, dot, scope, []);
    }
    return this.#operand(operand, dot, scope);
  }

  #operand(operand: Operand, dot: Value, scope: Variable[]): Value {
    switch (operand.type) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'bool':
      case 'number':
      case 'string':
        return operand.value;
      case 'field':
        return this.#fields(operand, dot, operand.path);
      case 'variable':
        return this.#fields(
          operand,
          scope.findLast(({ name }) => name === operand.name)?.value,
          operand.path,
        );
      case 'pipe': {
        const value = this.#pipe(operand.pipe, dot, scope);
        return this.#fields(lastOperand(operand), value, operand.path);
      }
      case 'function':
        return undefined;
    }
  }

  #fields(place: Place, start: Value, path: readonly string[]): Value {
    let value = start;
    for (const name of path) {
      if (value === undefined) {
        if (!this.#options.allowMissing)
          throw this.#failure(place, `nil data; no entry for key ${goQuote(name)}`);
        return undefined;
      }
      if (value === null) throw this.#failure(place, `nil pointer evaluating interface {}.${name}`);
      if (!isMap(value)) {
        throw this.#failure(place, `can't evaluate field ${name} in type interface {}`);
      }
      const member: Value = Object.hasOwn(value, name) ? value[name] : undefined;
      if (member === undefined && !this.#options.allowMissing) {
        throw this.#failure(place, `map has no entry for key ${goQuote(name)}`);
      }
      value = member;
    }
    return value;
  }

  #failure(place: Place, message: string): ExecutionError {
    const { source, name } = this.#template;
    const column = Buffer.byteLength(source.slice(source.lastIndexOf('\n', place.at - 1) + 1, place.at));
    const shown = place.source.length > 20 ? `${place.source.slice(0, 20)}...` : place.source;
    return new ExecutionError(
      `template: ${name}:${lineAt(source, place.at)}:${column}: executing ${goQuote(this.#templateName)} at <${shown}>: ${message}`,
      this.written,
    );
  }
}

/** As in Go, a field of what stands in parentheses fails where their last operand is. */
function lastOperand(operand: Operand): Operand {
  if (operand.type !== 'pipe') return operand;
  const last = operand.pipe.commands.at(-1)?.operands.at(-1);
  return last === undefined ? operand : lastOperand(last);
}

function isGoNumber(value: Value): value is number {
  return typeof value === 'number' && isGoInteger(value);
}

/** Keys and values in the order in which a range takes them; undefined for what has none. */
function entriesOf(value: Value): Iterable<readonly [Json, Json]> | undefined {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.entries();
  if (isMap(value)) return sortedEntries(value);
  if (isGoNumber(value)) return numbersBelow(value);
  return undefined;
}

function* numbersBelow(end: number): Generator<readonly [Json, Json]> {
  for (let at = 0; at < end; at += 1) yield [at, at];
}

function assign(scope: readonly Variable[], name: string, value: Value): void {
  const variable = scope.findLast((one) => one.name === name);
  if (variable !== undefined) variable.value = value;
}

function printed(value: Value): string {
  return value === undefined || value === null ? '<no value>' : goPrinted(value);
}
