import { StatusError } from '../../api/status.ts';
import { StoreError } from '../../store/store.ts';

/** One thing that a running server does besides its work: called often, does something now and then. */
export type Chore = () => Promise<void>;

/**
 * All chores, one after the other. What the store or the API refuses is told, and tried again at the next call:
 * a server does not end because another process was writing for long. Rejects with any other failure.
 */
export function upkeep(chores: readonly Chore[], onRefusal: (error: Error) => void): Chore {
  return async () => {
    for (const chore of chores) {
      try {
        await chore();
      } catch (error) {
        if (!(error instanceof StatusError || error instanceof StoreError)) throw error;
        onRefusal(error);
      }
    }
  };
}
