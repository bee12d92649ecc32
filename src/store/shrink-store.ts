import { statSync } from 'node:fs';
import { toStoreError } from './sqlite-errors.ts';
import { openExisting } from './sqlite-existing.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** What became of a store's file, in bytes. */
export interface Shrinking {
  readonly revision: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Forgets all history of a store, and gives the space that is free then back to the disk. Others may read meanwhile;
 * writers wait while the file is written anew.
 *
 * @param file the path as the user gave it; shown in messages
 * @throws StoreError
 */
export async function shrinkStore(file: string): Promise<Shrinking> {
  try {
    openExisting(file).close();
    const bytesBefore = statSync(file).size;
    const store = openSqliteStore(file);
    const revision = await store.revision();
    await store.compact(revision);
    await store.close();
    const db = openExisting(file);
    try {
      db.exec('VACUUM');
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
    return { revision, bytesBefore, bytesAfter: statSync(file).size };
  } catch (error) {
    throw toStoreError(file, error);
  }
}
