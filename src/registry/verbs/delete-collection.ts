import type { Client, ListOptions, PropagationPolicy, WriteOutcome } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';

/** How many objects one commit deletes. */
const AT_ONCE = 1_000;

/** Options that hold for each deletion. */
export interface DeleteCollectionOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: PropagationPolicy;
  readonly dryRun?: boolean;
}

/**
 * DELETE of a collection: everything that a list with these options finds, each as if it were deleted alone. What is
 * gone in the meantime counts as deleted and is left out of the outcomes; other refusals are among them.
 */
export async function deleteCollection(
  client: Client,
  kind: KindRef,
  selection: Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>,
  options: DeleteCollectionOptions = {},
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  let from: string | undefined;
  do {
    const page = await client.list(kind, {
      ...selection,
      limit: AT_ONCE,
      ...(from === undefined ? {} : { continue: from }),
    });
    const deleted = await client.commit(
      page.items.map((object) => ({ verb: 'delete', kind, key: keyOf(object), ...options })),
    );
    for (const outcome of deleted) {
      if (outcome.ok || outcome.error.reason !== 'NotFound') outcomes.push(outcome);
    }
    from = page.continue;
  } while (from !== undefined);
  return outcomes;
}

function keyOf({ metadata: { namespace = '', name = '' } }: KubeObject) {
  return { namespace, name };
}
