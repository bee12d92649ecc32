import type { ChangeBatch, Client } from '../../api/client.ts';
import { refusal } from '../../registry/status-errors.ts';
import { nextTurn } from '../../runtime/timer.ts';
import { listInTurns } from '../../server/list-in-turns.ts';

/** Changes that are read before others have their turn. */
const PORTION = 500;

/**
 * A client for the loops that share their process with a server: what is long to read is read in parts, between which
 * requests are answered. When the signal aborts, reading on throws StatusError ServiceUnavailable.
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

  return { ...client, list: (kind, options) => listInTurns(client, kind, options, turn), changes };
}
