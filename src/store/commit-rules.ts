import { StoreError, type Write } from './store.ts';

/** Whether a write's precondition holds for a key that is at `modRevision`; 0 stands for an absent key. */
export function holds(write: Write, modRevision: number): boolean {
  switch (write.expect.kind) {
    case 'absent':
      return modRevision === 0 && write.op === 'put';
    case 'present':
      return modRevision !== 0;
    case 'at':
      return modRevision !== 0 && modRevision === write.expect.modRevision;
  }
}

/** Throws RangeError when a key occurs twice in the batch. */
export function requireDistinctKeys(writes: readonly Write[]): void {
  if (writes.length < 2) return;
  const seen = new Set<string>();
  for (const { key } of writes) {
    if (seen.has(key))
      throw new RangeError(`a batch may write a key once; it writes ${JSON.stringify(key)} twice`);
    seen.add(key);
  }
}

/** Terms without repetitions and in one order, so that equal sets are equal lists. */
export function normalTerms(terms: readonly string[]): readonly string[] {
  return isAscending(terms) ? terms : [...new Set(terms)].sort();
}

/** Most writers give their terms in order, and this is asked for every write. */
function isAscending(terms: readonly string[]): boolean {
  for (let at = 1; at < terms.length; at++) {
    if ((terms[at - 1] ?? '') >= (terms[at] ?? '')) return false;
  }
  return true;
}

/** Throws `compacted` or `future` when a store with this much history knows nothing of the revision `asked`. */
export function requireReachable(asked: number, compacted: number, newest: number): void {
  if (asked < compacted) {
    throw new StoreError(
      'compacted',
      `revision ${asked} was compacted away; the oldest one left is ${compacted}`,
    );
  }
  if (asked > newest) {
    throw new StoreError('future', `revision ${asked} does not exist yet; the newest one is ${newest}`);
  }
}
