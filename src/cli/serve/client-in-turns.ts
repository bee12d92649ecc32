import type { ChangeBatch, Client, WriteOutcome, WriteRequest } from '../../api/client.ts';
import { refusal } from '../../registry/status-errors.ts';
import { nextTurn } from '../../runtime/timer.ts';
import { listInTurns } from '../../server/list-in-turns.ts';

/** Changes that are read before others have their turn. */
const PORTION = 500;
/** Writes that are committed before others have their turn: some milliseconds of work, and one flush to the disk. */
const WRITES = 100;

/**
 * A client for the loops that share their process with a server: what takes long to read or to write is done in parts,
 * between which requests are answered. When the signal aborts, reading on throws StatusError ServiceUnavailable.
 */
export function clientInTurns(client: Client, signal: AbortSignal): Client {
  async function turn(): Promise<void> {
    await nextTurn();
    if (signal.aborted) throw refusal(503, 'ServiceUnavailable', 'the server is shutting down');
  }

  async function changes(after: string, limit = PORTION): Promise<ChangeBatch> {
    const batch = await client.changes(after, Math.min(limit, PORTION));
    if (batch.more) await turn();
    return batch;
  }

  async function commit(requests: readonly WriteRequest[]): Promise<readonly WriteOutcome[]> {
    const outcomes: WriteOutcome[] = [];
    for (let from = 0; from < requests.length; from += WRITES) {
      if (from > 0) await nextTurn();
      outcomes.push(...(await client.commit(requests.slice(from, from + WRITES))));
    }
    return outcomes;
  }

  return { ...client, commit, list: (kind, options) => listInTurns(client, kind, options, turn), changes };
}
