import { checkDatabase, type DatabaseCheck } from './check-database.ts';
import { toStoreError } from './sqlite-errors.ts';
import { openExisting } from './sqlite-existing.ts';

/**
 * Looks whether a store file is in order. Nothing of it is changed, and others may use it meanwhile.
 *
 * @param file the path as the user gave it; shown in messages
 * @throws StoreError when the file is missing, cannot be read or is no store of ours
 */
export function checkStore(file: string): DatabaseCheck {
  try {
    const db = openExisting(file);
    try {
      return checkDatabase(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw toStoreError(file, error);
  }
}
