import type { CommitResult, Entry, Store } from '../store/store.ts';

/** Puts a value in the place of `entry`, as it was read under the key (null: nothing), unless somebody else has meanwhile. */
export function replaceEntry(
  store: Store,
  key: string,
  entry: Entry | null,
  value: string,
): Promise<CommitResult> {
  const expect =
    entry === null
      ? ({ kind: 'absent' } as const)
      : ({ kind: 'at', modRevision: entry.modRevision } as const);
  return store.commit([{ op: 'put', key, value, terms: [], expect }]);
}
