import type { ChangeBatch, Client, ListOptions } from '../../api/client.ts';
import type { KindRef, KubeObject, ObjectList } from '../../api/meta.ts';
import { refusal } from '../../registry/status-errors.ts';
import { nextTurn } from '../../runtime/timer.ts';

/** Objects, or changes, that are read before others have their turn: a few milliseconds of work. */
const PAGE = 250;

/**
 * A client for the loops that share their process with a server. Reading what is long is done in parts, between which
 * requests are answered: whole lists are read page by page, all pages at one revision. When the signal aborts,
 * reading on throws StatusError ServiceUnavailable.
 */
export function clientInTurns(client: Client, signal: AbortSignal): Client {
  async function turn(): Promise<void> {
    await nextTurn();
    if (signal.aborted) throw refusal(503, 'ServiceUnavailable', 'the server is shutting down');
  }

  async function list<T extends KubeObject>(
    kind: KindRef<T>,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    if ((options.limit ?? 0) > 0) return client.list(kind, options);
    let page = await client.list(kind, { ...options, limit: PAGE });
    const items = [...page.items];
    while (page.continue !== undefined) {
      await turn();
      page = await client.list(kind, { ...options, limit: PAGE, continue: page.continue });
      items.push(...page.items);
    }
    return { items, resourceVersion: page.resourceVersion };
  }

  async function changes(after: string, limit = PAGE): Promise<ChangeBatch> {
    const batch = await client.changes(after, Math.min(limit, PAGE));
    if (batch.more) await turn();
    return batch;
  }

  return { ...client, list, changes };
}
