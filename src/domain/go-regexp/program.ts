import type { CharacterSet } from './character-set.ts';
import type { Place, RegexpNode } from './nodes.ts';
import { GoRegexpError } from './regexp-error.ts';

/** What a step of a program does. */
export const CHARACTER = 0;
export const SET = 1;
export const SPLIT = 2;
export const PLACE = 3;
export const MATCH = 4;

/** The order in which steps name the places that they ask for. */
export const PLACES: readonly Place[] = ['beginText', 'endText', 'beginLine', 'endLine', 'word', 'noWord'];

/**
 * An expression as steps, each with what it does, an argument (a code point, the number of a set or place, the second
 * way of a split) and the step that follows. Step 0 matches.
 */
export interface Program {
  readonly start: number;
  readonly does: Uint8Array;
  readonly argument: Int32Array;
  readonly next: Int32Array;
  readonly sets: readonly CharacterSet[];
}

/** Go's bound on an expression, in steps. */
const MOST_STEPS = 3_355_443;

/** Lays out the steps of an expression, counted repeats written out. Throws GoRegexpError when they are too many. */
export function programOf(node: RegexpNode, source: string): Program {
  const size = sizeOf(node) + 1;
  if (size > MOST_STEPS) throw new GoRegexpError('expression too large', source);
  const layout = new Layout(size);
  const start = layout.lay(node, 0);
  return {
    start,
    does: layout.does,
    argument: layout.argument,
    next: layout.next,
    sets: layout.sets,
  };
}

/** How many steps an expression takes. */
function sizeOf(node: RegexpNode): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'concat':
      return node.items.reduce((sum, item) => sum + sizeOf(item), 0);
    case 'either':
      return node.branches.reduce((sum, branch) => sum + sizeOf(branch) + 1, -1);
    case 'repeat': {
      const item = sizeOf(node.item);
      return Number.isFinite(node.max)
        ? node.max * item + (node.max - node.min)
        : Math.max(node.min, 1) * item + 1;
    }
    default:
      return 1;
  }
}

class Layout {
  readonly does: Uint8Array;
  readonly argument: Int32Array;
  readonly next: Int32Array;
  readonly sets: CharacterSet[] = [];
  private readonly numbers = new Map<CharacterSet, number>();
  private used = 1;

  constructor(size: number) {
    this.does = new Uint8Array(size);
    this.argument = new Int32Array(size);
    this.next = new Int32Array(size);
    this.does[0] = MATCH;
  }

  /** Lays the steps of a node before the step that follows it; returns the first of them. */
  lay(node: RegexpNode, then: number): number {
    switch (node.kind) {
      case 'empty':
        return then;
      case 'character':
        return this.step(CHARACTER, node.code, then);
      case 'set':
        return this.step(SET, this.numberOf(node.set), then);
      case 'place':
        return this.step(PLACE, PLACES.indexOf(node.place), then);
      case 'concat':
        return node.items.reduceRight((next, item) => this.lay(item, next), then);
      case 'either':
        return node.branches
          .map((branch) => this.lay(branch, then))
          .reduce((first, second) => this.step(SPLIT, second, first));
      case 'repeat':
        return this.repeat(node.item, node.min, node.max, then);
    }
  }

  private repeat(item: RegexpNode, min: number, max: number, then: number): number {
    let next = then;
    let required = min;
    if (!Number.isFinite(max)) {
      const loop = this.step(SPLIT, then, 0);
      const again = this.lay(item, loop);
      this.next[loop] = again;
      // The last required one is the one that repeats: writing it twice would double with each repeat around it.
      next = min > 0 ? again : loop;
      required = min - 1;
    } else {
      for (let optional = max - min; optional > 0; optional--) {
        next = this.step(SPLIT, then, this.lay(item, next));
      }
    }
    for (; required > 0; required--) next = this.lay(item, next);
    return next;
  }

  private step(does: number, argument: number, next: number): number {
    const at = this.used++;
    this.does[at] = does;
    this.argument[at] = argument;
    this.next[at] = next;
    return at;
  }

  private numberOf(set: CharacterSet): number {
    let number = this.numbers.get(set);
    if (number === undefined) {
      number = this.sets.push(set) - 1;
      this.numbers.set(set, number);
    }
    return number;
  }
}
