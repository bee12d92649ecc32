import { MARK, type NodeState } from './node-marks.ts';
import { SortedByName } from './sorted-by-name.ts';

/** How many nodes carry each mark, and for some marks, which. */
export interface NodeTally {
  /** How many nodes carry this one mark. */
  count(mark: number): number;
  /** The nodes that carry this one mark, in order of their names. Only for marks whose nodes are listed. */
  nodes(mark: ListedMark): Iterable<NodeState>;
}

/** Marks whose nodes a sync may have to visit. */
const LISTED = [
  MARK.unsettled,
  MARK.awaited,
  MARK.oldAvailable,
  MARK.oldUnavailable,
  MARK.oldMisplaced,
  MARK.oldStranded,
  MARK.replaced,
  MARK.replacing,
] as const;

type ListedMark = (typeof LISTED)[number];

/** A tally that changes with the marks of nodes. */
export class MutableNodeTally implements NodeTally {
  /** By the mark's bit position. */
  readonly #counts = new Int32Array(Object.keys(MARK).length);
  readonly #listed = new Map<number, SortedByName<NodeState>>(
    LISTED.map((mark) => [mark, new SortedByName<NodeState>()]),
  );

  /** Takes over that a node had the marks `before` (0 for an unknown node) and has those of `after` now. */
  change(node: NodeState, before: number, after: number): void {
    for (let left = before ^ after; left !== 0; left &= left - 1) {
      const mark = left & -left;
      const isAdded = (after & mark) !== 0;
      const position = positionOf(mark);
      this.#counts[position] = (this.#counts[position] ?? 0) + (isAdded ? 1 : -1);
      const listed = this.#listed.get(mark);
      if (isAdded) listed?.add(node);
      else listed?.delete(node);
    }
  }

  /** Adds nodes that nobody has to visit: none of the marks may be a listed one. */
  addResting(marks: number, count: number): void {
    for (let left = marks; left !== 0; left &= left - 1) {
      const position = positionOf(left & -left);
      this.#counts[position] = (this.#counts[position] ?? 0) + count;
    }
  }

  /** Whether there is any node that a sync may have to visit. */
  hasListed(): boolean {
    return LISTED.some((mark) => this.count(mark) > 0);
  }

  count(mark: number): number {
    return this.#counts[positionOf(mark)] ?? 0;
  }

  nodes(mark: ListedMark): Iterable<NodeState> {
    return this.#listed.get(mark) ?? [];
  }
}

function positionOf(mark: number): number {
  return 31 - Math.clz32(mark);
}
