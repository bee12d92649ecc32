import { commitHints } from './commit-hints.ts';
import { holds, normalTerms, requireDistinctKeys, requireReachable } from './commit-rules.ts';
import { compareKeys, type KeySpan, keySpan } from './key-order.ts';
import { lateEntry } from './late-entry.ts';
import { OrderedKeys } from './ordered-keys.ts';
import {
  type Change,
  type CommitResult,
  type Entry,
  type KeyRange,
  type Listing,
  type ListQuery,
  type Snapshot,
  type Store,
  StoreError,
  type Write,
} from './store.ts';

/** A key's state, with what the index knows of it. */
interface Row {
  readonly entry: Entry;
  readonly terms: readonly string[];
}

/** One write; `before` is the row that it replaced. */
interface Logged {
  readonly change: Change;
  readonly before: Row | null;
}

/**
 * A store in memory, for tests and plans: nothing of it outlives the process. It starts empty, or with the rows and
 * the revision of a snapshot; what happened before the snapshot counts as compacted.
 */
export function memoryStore(start: Snapshot = { revision: 0, rows: [] }): Store {
  const rows = new Map<string, Row>();
  const keys = OrderedKeys.fromSorted(start.rows.map((row) => row.entry.key));
  /** Made when a term is first asked for: most stores in memory never hear of one. */
  let keysOfTerm: Map<string, OrderedKeys> | undefined;
  const hints = commitHints();
  /** `log[i]` is the write with revision `compacted + 1 + i`. */
  let log: Logged[] = [];
  let compacted = start.revision;
  let closed = false;
  for (const row of start.rows) rows.set(row.entry.key, row);

  function keysWith(term: string): OrderedKeys | undefined {
    if (keysOfTerm === undefined) {
      keysOfTerm = new Map();
      for (const row of rows.values()) index(row, keysOfTerm);
    }
    return keysOfTerm.get(term);
  }

  const newest = (): number => compacted + log.length;

  function requireOpen(): void {
    if (closed) throw new StoreError('closed', 'the store was closed');
  }

  function write(request: Write): number {
    const { key } = request;
    const revision = newest() + 1;
    const before = rows.get(key) ?? null;
    let after: Row | null = null;
    if (request.op === 'put') {
      const createRevision = before?.entry.createRevision ?? revision;
      after = {
        entry: lateEntry(key, request.value, createRevision, revision),
        terms: normalTerms(request.terms),
      };
    }
    const hasOtherTerms = before === null || after === null || !sameTerms(before.terms, after.terms);
    if (keysOfTerm !== undefined && hasOtherTerms) {
      if (before !== null) unindex(before, keysOfTerm);
      if (after !== null) index(after, keysOfTerm);
    }
    if (after === null) {
      rows.delete(key);
      keys.delete(key);
    } else {
      rows.set(key, after);
      if (before === null) keys.add(key);
    }
    const change = { revision, key, entry: after?.entry ?? null, previous: before?.entry ?? null };
    log.push({ change, before });
    return revision;
  }

  /** The rows of the span, in order. */
  function* rowsNow(term: string | undefined, span: KeySpan): Generator<Row, void, undefined> {
    const candidates = term === undefined ? keys : keysWith(term);
    for (const key of candidates?.within(span) ?? []) {
      const row = rows.get(key);
      if (row !== undefined) yield row;
    }
  }

  /** The rows of the span as they were at a revision: those of now, with the changes since undone. */
  function rowsAt(term: string | undefined, span: KeySpan, at: number): readonly Row[] {
    const states = new Map<string, Row | null>();
    for (const { change, before } of log.slice(at - compacted)) {
      if (!states.has(change.key)) states.set(change.key, before);
    }
    const unchanged = [...rowsNow(term, span)].filter((row) => !states.has(row.entry.key));
    const undone = [...states.values()].filter(
      (row) =>
        row !== null && inSpan(row.entry.key, span) && (term === undefined || row.terms.includes(term)),
    );
    return [...unchanged, ...undone]
      .filter((row) => row !== null)
      .sort((a, b) => compareKeys(a.entry.key, b.entry.key));
  }

  function commit(writes: readonly Write[]): CommitResult {
    requireDistinctKeys(writes);
    const failed = writes.flatMap((request, position) => {
      const actual = rows.get(request.key)?.entry ?? null;
      return holds(request, actual?.modRevision ?? 0) ? [] : [{ index: position, actual }];
    });
    if (failed.length > 0) return { committed: false, failed };
    const revisions = writes.map(write);
    if (revisions.length > 0) hints.fire();
    return { committed: true, revisions };
  }

  function get(key: string): Entry | null {
    requireOpen();
    return rows.get(key)?.entry ?? null;
  }

  function list(range: KeyRange, { limit = 0, after, at = 0 }: ListQuery = {}): Listing {
    requireOpen();
    if (at !== 0) requireReachable(at, compacted, newest());
    const span = keySpan(range.prefix, after);
    const revision = at === 0 ? newest() : at;
    const found = revision === newest() ? rowsNow(range.term, span) : rowsAt(range.term, span, at);
    const entries: Entry[] = [];
    for (const { entry } of found) {
      if (limit > 0 && entries.length === limit) return { entries, revision, more: true };
      entries.push(entry);
    }
    return { entries, revision, more: false };
  }

  return {
    get: async (key) => get(key),
    async getMany(wanted) {
      requireOpen();
      return wanted.map((key) => rows.get(key)?.entry ?? null);
    },
    list: async (range, query) => list(range, query),
    atOnce: { get, list },
    async count(range: KeyRange) {
      requireOpen();
      if (range.prefix === '')
        return range.term === undefined ? keys.size : (keysWith(range.term)?.size ?? 0);
      let count = 0;
      for (const _ of rowsNow(range.term, keySpan(range.prefix))) count += 1;
      return count;
    },
    async commit(writes) {
      requireOpen();
      return commit(writes);
    },
    async changes(after, limit = 0) {
      requireOpen();
      requireReachable(after, compacted, newest());
      const start = after - compacted;
      return log.slice(start, limit > 0 ? start + limit : undefined).map((logged) => logged.change);
    },
    async revision() {
      requireOpen();
      return newest();
    },
    async compacted() {
      requireOpen();
      return compacted;
    },
    async compact(through) {
      requireOpen();
      if (through <= compacted) return;
      requireReachable(through, compacted, newest());
      log = log.slice(through - compacted);
      compacted = through;
    },
    async snapshot() {
      requireOpen();
      return { revision: newest(), rows: [...rowsNow(undefined, keySpan(''))] };
    },
    onCommit: (hint) => hints.add(hint),
    async close() {
      closed = true;
    },
  };
}

/**
 * A copy of a store in memory: the live entries with their revisions and terms, at the store's newest revision. The
 * copy knows no history from before (`changes` and `list` at an older revision throw `compacted`) and goes its own way.
 */
export async function forkToMemory(store: Store): Promise<Store> {
  return memoryStore(await store.snapshot());
}

function index({ entry, terms }: Row, keysOfTerm: Map<string, OrderedKeys>): void {
  for (const term of terms) {
    let set = keysOfTerm.get(term);
    if (set === undefined) {
      set = new OrderedKeys();
      keysOfTerm.set(term, set);
    }
    set.add(entry.key);
  }
}

function unindex({ entry, terms }: Row, keysOfTerm: Map<string, OrderedKeys>): void {
  for (const term of terms) {
    const set = keysOfTerm.get(term);
    set?.delete(entry.key);
    if (set?.size === 0) keysOfTerm.delete(term);
  }
}

/** Both lists are normal. */
function sameTerms(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((term, position) => term === b[position]));
}

function inSpan(key: string, { from, inclusive, end }: KeySpan): boolean {
  const order = compareKeys(key, from);
  return (order > 0 || (inclusive && order === 0)) && (end === null || compareKeys(key, end) < 0);
}
