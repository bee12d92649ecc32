import { memoryStore } from '../../src/store/memory-store.ts';
import type { Change, Entry, Store } from '../../src/store/store.ts';
import { operator } from './operations.ts';

/** What a store must hold in which the operations of a seed were done without a crash. */
export interface Reference {
  /** The revision after operation `index`; does operations as far as they are needed. */
  revisionAfter(index: number): Promise<number>;
  /**
   * What is wrong with a store at its newest revision; empty when it is as it must be. `leftOut`: its log may lack
   * states that were replaced later.
   */
  differences(store: Store, leftOut?: boolean): Promise<readonly string[]>;
}

/** The reference of a seed, in memory. */
export function reference(seed: number): Reference {
  const store = memoryStore();
  const { perform } = operator(seed, withoutCompaction(store));
  /** `after[i]`: the revision after operation i. */
  const after: number[] = [];
  const log: Change[] = [];

  async function advance(): Promise<void> {
    await perform(after.length);
    log.push(...(await store.changes(log.length)));
    after.push(log.length);
  }

  return {
    async revisionAfter(index) {
      while (after.length <= index) await advance();
      return after[index] ?? 0;
    },
    async differences(subject, leftOut = false) {
      const { revision, rows } = await subject.snapshot();
      const wrong: string[] = [];
      const live = new Map<string, Entry>();
      for (const { key, entry } of log.slice(0, revision)) {
        if (entry === null) live.delete(key);
        else live.set(key, entry);
      }
      for (const { entry } of rows) {
        if (!sameEntry(live.get(entry.key) ?? null, entry))
          wrong.push(`${entry.key} is not as it was written`);
        live.delete(entry.key);
      }
      for (const key of live.keys()) wrong.push(`${key} is lost`);
      const compacted = await subject.compacted();
      const changes = await subject.changes(compacted);
      const whole = log.slice(compacted, revision);
      const expected = leftOut ? whole.filter((change) => isKept(change, changes)) : whole;
      if (changes.length !== expected.length)
        wrong.push(
          `the log has ${changes.length} writes after revision ${compacted}, not ${expected.length}`,
        );
      for (const [at, change] of changes.entries()) {
        const twin = expected[at];
        if (twin === undefined || !sameChange(twin, change, leftOut))
          wrong.push(`revision ${change.revision} differs`);
      }
      return wrong;
    },
  };
}

/** The store with its whole history: the reference answers for every revision. */
function withoutCompaction(store: Store): Store {
  return { ...store, compact: async () => {} };
}

function sameEntry(a: Entry | null, b: Entry | null): boolean {
  return (
    a?.key === b?.key &&
    a?.value === b?.value &&
    a?.createRevision === b?.createRevision &&
    a?.modRevision === b?.modRevision
  );
}

/** Whether a change is in the log, or should be: no later one in it goes on with the same life of the key. */
function isKept({ revision, key, entry }: Change, changes: readonly Change[]): boolean {
  if (changes.some((change) => change.revision === revision)) return true;
  const next = changes.find((change) => change.key === key && change.revision > revision);
  return entry === null || next?.entry?.createRevision !== entry.createRevision;
}

/** `leftOut`: the state before may be an older one of the same life, or none if the life began since. */
function sameChange(a: Change, b: Change, leftOut: boolean): boolean {
  return (
    a.revision === b.revision &&
    a.key === b.key &&
    sameEntry(a.entry, b.entry) &&
    (sameEntry(a.previous, b.previous) || (leftOut && isOlder(b.previous, a)))
  );
}

function isOlder(previous: Entry | null, { entry, previous: newer }: Change): boolean {
  if (entry === null || newer === null) return false;
  return (
    previous === null ||
    (previous.createRevision === newer.createRevision && previous.modRevision < newer.modRevision)
  );
}
