import type { Condition, Operation } from './history.ts';

/**
 * Holds a history to one order of its operations: an order in which each operation takes effect at one moment between
 * its call and its return, and is answered as a single key–value register would answer it. Keys are independent, so
 * that each is looked at alone (linearizability is local). Within a key the search is that of Wing and Gong, with the
 * memory of Lowe: a set of operations that leads to a value is gone into once.
 *
 * @returns one line for each key without such an order; none for a linearizable history
 */
export function violations(history: readonly Operation[]): readonly string[] {
  const keys = [...new Set(history.map(({ key }) => key))];
  return keys.flatMap((key) => {
    const operations = history.filter((operation) => operation.key === key);
    const reached = longestOrder(operations);
    if (reached === operations.length) return [];
    return [`${key}: no order explains more than ${reached} of ${operations.length} operations`];
  });
}

/** A search's place: the operations that have their place in the order already, and the value after them. */
interface Place {
  /** Index of the first operation (by call) that has no place yet. */
  readonly first: number;
  /** Those behind it that have one, ascending. */
  readonly later: readonly number[];
  readonly value: string | null;
}

/** How many operations of one key, at most, can be put in order; all of them when the history is linearizable. */
function longestOrder(history: readonly Operation[]): number {
  // A read without an answer says nothing.
  const told = history.filter(({ asked, answer }) => !(asked.do === 'read' && answer === 'none'));
  const operations = told.toSorted((a, b) => a.called - b.called);
  const silent = history.length - told.length;
  const seen = new Set<string>();
  const stack: Place[] = [{ first: 0, later: [], value: null }];
  let longest = 0;
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    longest = Math.max(longest, place.first + place.later.length);
    if (longest === operations.length) break;
    for (const index of candidates(operations, place)) {
      const operation = operations[index];
      if (operation === undefined) continue;
      for (const value of valuesAfter(operation, place.value)) {
        const next = put(place, index, value);
        const name = `${next.first} ${next.later.join()} ${JSON.stringify(value)}`;
        if (seen.has(name)) continue;
        seen.add(name);
        stack.push(next);
      }
    }
  }
  return longest + silent;
}

/** The operations that may be next: those without a place that were called before any of the others had returned. */
function candidates(operations: readonly Operation[], { first, later }: Place): readonly number[] {
  const open: number[] = [];
  let earliestReturn = Infinity;
  for (let index = first; index < operations.length; index += 1) {
    const operation = operations[index];
    if (operation === undefined || operation.called > earliestReturn) break;
    if (later.includes(index)) continue;
    open.push(index);
    earliestReturn = Math.min(earliestReturn, operation.returned);
  }
  return open.filter((index) => (operations[index]?.called ?? 0) <= earliestReturn);
}

function put({ first, later }: Place, index: number, value: string | null): Place {
  if (index !== first) return { first, later: [...later, index].sort((a, b) => a - b), value };
  let next = first + 1;
  let rest = later;
  while (rest[0] === next) {
    rest = rest.slice(1);
    next += 1;
  }
  return { first: next, later: rest, value };
}

/** The values that a register may have after an operation; none when it could not have answered so. */
function valuesAfter({ asked, answer }: Operation, value: string | null): readonly (string | null)[] {
  if (asked.do === 'read')
    return answer !== 'none' && 'value' in answer && answer.value === value ? [value] : [];
  const held = holds(asked.when, value) && (asked.to !== null || value !== null);
  // An operation without an answer may have done nothing, whatever held.
  if (answer === 'none') return held ? [asked.to, value] : [value];
  if (!('done' in answer) || answer.done !== held) return [];
  return [held ? asked.to : value];
}

function holds(when: Condition, value: string | null): boolean {
  if (when.is === 'absent') return value === null;
  return when.is === 'present' ? value !== null : value === when.value;
}
