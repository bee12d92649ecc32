import type { Json } from '../../api/meta.ts';
import { goPrinted, goTypeName, isGoInteger, isList, isMap, sortedEntries } from '../go-values/print.ts';
import { JsonPathError } from './jsonpath-error.ts';
import type { Action, Filter, Slice, Step } from './nodes.ts';

/** What a step may find: a JSON value, or a number of a template, which is a float when it is written like one. */
type Found = Json | FloatLiteral;

/** `3.0` in a template: no integer of an object equals it. */
interface FloatLiteral {
  readonly float: number;
  readonly isFloatLiteral: true;
}

/** How a template is answered. */
export interface EvaluationOptions {
  /** Whether a field that is not there finds nothing (kubectl's default) or is an error. */
  readonly allowMissing: boolean;
}

/**
 * What each action of a template finds in a value, in order: the actions between `range` and `end` once per value that
 * the range finds. Members of a map are visited in the order of their keys. Throws JsonPathError.
 */
export function evaluateJsonPath(
  actions: readonly Action[],
  value: Json,
  options: EvaluationOptions,
): readonly (readonly Json[])[] {
  return new Evaluation(actions, options).all(value);
}

/** Ranges within ranges: what people write takes a few. */
const MAX_RANGES = 500;
/** Values that are found on the way: so many, or so many for each one that there is, whichever is more. */
const MAX_FOUND = 2_000_000;
const MAX_FOUND_FOR_EACH = 20;

class Evaluation {
  readonly #actions: readonly Action[];
  readonly #options: EvaluationOptions;
  readonly #results: (readonly Json[])[] = [];
  /** Index of the last `end` that was reached. */
  #lastEnd = -1;
  #found = 0;
  #mostFound = MAX_FOUND;
  #root: Json = null;

  constructor(actions: readonly Action[], options: EvaluationOptions) {
    this.#actions = actions;
    this.#options = options;
  }

  all(value: Json): readonly (readonly Json[])[] {
    this.#root = value;
    this.#block(0, value, 0, true);
    return this.#results;
  }

  /** Answers the actions from `start` to the `end` of the range that they are in, or to the end of the template. */
  #block(start: number, current: Json | undefined, depth: number, keep: boolean): void {
    if (depth > MAX_RANGES) throw new JsonPathError(`more than ${MAX_RANGES} ranges in each other`);
    for (let at = start; at < this.#actions.length; at += 1) {
      const action = this.#actions[at] ?? [];
      this.#count(1);
      const found = this.#walk(action, current === undefined ? [] : [current], depth);
      if (has(action, 'end')) {
        this.#lastEnd = at;
        return;
      }
      if (!has(action, 'range')) {
        if (keep) this.#results.push(found.map(plain));
        continue;
      }
      for (const value of found) this.#block(at + 1, plain(value), depth + 1, keep);
      // A range over nothing still looks for its end.
      if (found.length === 0) this.#block(at + 1, undefined, depth + 1, false);
      // Where no end was reached, the actions behind `range` follow once more, outside of it.
      if (this.#lastEnd > at) at = this.#lastEnd;
    }
  }

  #walk(action: Action, input: readonly Found[], depth: number): readonly Found[] {
    let values = input;
    for (const step of action) values = this.#step(step, values, depth);
    return values;
  }

  #count(found: number): void {
    this.#found += found;
    if (this.#found <= this.#mostFound) return;
    if (this.#mostFound === MAX_FOUND) {
      this.#mostFound = Math.max(MAX_FOUND + 1, withDescendants(this.#root).length * MAX_FOUND_FOR_EACH);
    }
    if (this.#found > this.#mostFound) {
      throw new JsonPathError(`more than ${this.#mostFound} values on the way`);
    }
  }

  /** What is found in each of several values, in one list. */
  #inEach(input: readonly Found[], find: (value: Found) => readonly Found[]): readonly Found[] {
    const all: Found[] = [];
    for (const value of input) {
      const found = find(value);
      this.#count(found.length);
      for (const one of found) all.push(one);
    }
    return all;
  }

  #step(step: Step, input: readonly Found[], depth: number): readonly Found[] {
    switch (step.type) {
      case 'text':
        return [step.text];
      case 'number':
        return [step.isInteger ? step.value : { float: step.value, isFloatLiteral: true }];
      case 'bool':
        return [step.value];
      case 'word':
        return this.#word(step.word, input, depth);
      case 'field':
        return this.#field(step.name, input);
      case 'every':
        return this.#inEach(input, childrenOf);
      case 'descend':
        return this.#inEach(input, withDescendants);
      case 'slice':
        return this.#inEach(input, (value) => sliced(plain(value), step.slice));
      case 'filter':
        return this.#inEach(input, (value) => this.#filtered(plain(value), step.filter, depth));
      case 'union':
        return step.members.flatMap((member) => this.#walk(member, input, depth));
    }
  }

  #word(word: string, input: readonly Found[], depth: number): readonly Found[] {
    if (word === 'end' && depth === 0) throw new JsonPathError('not in range, nothing to end');
    if (word !== 'end' && word !== 'range') throw new JsonPathError(`unrecognized identifier ${word}`);
    return input;
  }

  #field(name: string, input: readonly Found[]): readonly Found[] {
    const found = input.flatMap((value) => {
      const map = plain(value);
      return isMap(map) && Object.hasOwn(map, name) ? [map[name] ?? null] : [];
    });
    if (found.length === 0 && !this.#options.allowMissing) throw new JsonPathError(`${name} is not found`);
    return found;
  }

  #filtered(value: Json, { left, comparison }: Filter, depth: number): readonly Json[] {
    if (!isList(value)) {
      throw new JsonPathError(`${goPrinted(value)} is not array or slice and cannot be filtered`);
    }
    return value.filter((item) => {
      if (comparison === undefined) return this.#exists(left, item, depth);
      const lefts = this.#walk(left, [item], depth);
      if (lefts.length === 0) return false;
      const rights = this.#walk(comparison.right, [item], depth);
      if (lefts.length > 1 || rights.length > 1) {
        throw new JsonPathError('can only compare one element at a time');
      }
      const [a, b] = [lefts[0], rights[0]];
      return a !== undefined && b !== undefined && holds(a, comparison.operator, b);
    });
  }

  /** Whether an action finds something. One that fails has found what it had before the step that failed. */
  #exists(action: Action, item: Json, depth: number): boolean {
    let values: readonly Found[] = [item];
    for (const step of action) {
      try {
        values = this.#step(step, values, depth);
      } catch (error) {
        if (!(error instanceof JsonPathError)) throw error;
        return step.type !== 'field' && values.length > 0;
      }
    }
    return values.length > 0;
  }
}

function has(action: Action, word: 'range' | 'end'): boolean {
  return action.some((step) => step.type === 'word' && step.word === word);
}

function isFloatLiteral(value: Found): value is FloatLiteral {
  return typeof value === 'object' && value !== null && 'isFloatLiteral' in value;
}

function plain(value: Found): Json {
  return isFloatLiteral(value) ? value.float : value;
}

/** A list's items, a map's members by key, and the bytes of a text, which Go takes for a list as well. */
function childrenOf(found: Found): readonly Json[] {
  const value = plain(found);
  if (isList(value)) return value;
  if (isMap(value)) return sortedEntries(value).map(([, member]) => member);
  return typeof value === 'string' ? [...new TextEncoder().encode(value)] : [];
}

/** The value and what is below it, itself first; only what has something below it. */
function withDescendants(found: Found): readonly Json[] {
  const all: Json[] = [];
  addWithDescendants(plain(found), all);
  return all;
}

function addWithDescendants(value: Json, all: Json[]): void {
  if (typeof value === 'string' ? value !== '' : isList(value) && value.length > 0) all.push(value);
  if (typeof value === 'string') return;
  if (isList(value)) for (const item of value) addWithDescendants(item, all);
  else if (isMap(value)) {
    const entries = sortedEntries(value);
    if (entries.length > 0) all.push(value);
    for (const [, member] of entries) addWithDescendants(member, all);
  }
}

function sliced(value: Json, { from, to, by, single }: Slice): readonly Json[] {
  if (value === null) return [];
  if (!isList(value)) throw new JsonPathError(`${goTypeName(value)} is not array or slice`);
  const { length } = value;
  const absolute = (index: number): number => (index < 0 ? index + length : index);
  const start = absolute(from ?? 0);
  const end = single ? start + 1 : absolute(to ?? length);
  const outOfBounds = (index: number): JsonPathError =>
    new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
  if (start !== end || single) {
    if (start < 0 || start >= length) throw outOfBounds(start);
    if (end < 0 || end > length) throw outOfBounds(end - 1);
  }
  if (start > end) {
    throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
  }
  const step = by ?? 1;
  if (step <= 0) throw new JsonPathError('step must be > 0');
  return value.slice(start, end).filter((_, at) => at % step === 0);
}

const COMPARISONS: Readonly<Record<string, (a: Comparable, b: Comparable) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
type Comparable = string | number | boolean;

/** Compares as Go's templates do: only values of the same type, and no order among booleans. */
function holds(a: Found, operator: string, b: Found): boolean {
  const compare = COMPARISONS[operator];
  if (compare === undefined) throw new JsonPathError(`unrecognized filter operator ${operator}`);
  const isEquality = operator === '==' || operator === '!=';
  const [left, right] = [comparable(a), comparable(b)];
  if (left === undefined || right === undefined) throw new JsonPathError('invalid type for comparison');
  if (left.type !== right.type) throw new JsonPathError('incompatible types for comparison');
  if (left.type === 'bool' && !isEquality) throw new JsonPathError('invalid type for comparison');
  return compare(left.value, right.value);
}

function comparable(found: Found): { readonly type: string; readonly value: Comparable } | undefined {
  if (isFloatLiteral(found)) return { type: 'float', value: found.float };
  switch (typeof found) {
    case 'string':
      return { type: 'string', value: found };
    case 'boolean':
      return { type: 'bool', value: found };
    case 'number':
      return { type: isGoInteger(found) ? 'int' : 'float', value: found };
    default:
      return undefined;
  }
}
