import type { Client, ListOptions } from '../api/client.ts';
import type { KindRef, KubeObject, ObjectList } from '../api/meta.ts';
import { nextTurn } from '../runtime/timer.ts';

/** Objects that are read before others have their turn: some milliseconds of work. */
const PAGE = 500;

/**
 * Lists what the options select, as `client.list` does. A list without a limit is read page by page, all pages at one
 * revision, with a turn of the event loop in between, so that who asks for little does not wait for who asks for all.
 * `betweenPages` may throw to end it early. Throws what the client throws.
 */
export async function listInTurns<T extends KubeObject>(
  client: Client,
  kind: KindRef<T>,
  options: ListOptions = {},
  betweenPages: () => Promise<void> = nextTurn,
): Promise<ObjectList<T>> {
  if ((options.limit ?? 0) > 0) return client.list(kind, options);
  let page = await client.list(kind, { ...options, limit: PAGE });
  if (page.continue === undefined) return page;
  const items = [...page.items];
  while (page.continue !== undefined) {
    await betweenPages();
    page = await client.list(kind, { ...options, limit: PAGE, continue: page.continue });
    items.push(...page.items);
  }
  return { items, resourceVersion: page.resourceVersion };
}
