import type { Client, WriteRequest } from '../../api/client.ts';
import type { Namespace } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { EVENT, NAMESPACE } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { type Controller, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { deletion, keyOf } from '../../runtime/write-requests.ts';

/** The finalizer in `spec.finalizers` that holds a namespace until it is empty. */
const contentFinalizer = 'kubernetes';
const nothing: readonly string[] = [];
/** Deletions asked for in one reconcile. */
const deletionsPerReconcile = 1000;

/**
 * Empties namespaces that are being deleted, then lets them go. Pods keep their grace periods, and objects with
 * finalizers hold the namespace until somebody removes those.
 */
export function namespaceController(): Controller {
  return {
    name: 'namespace-controller',
    watches: [
      watch(NAMESPACE, (_previous, current) =>
        current !== undefined && isDeleting(current) ? [current.metadata.name ?? ''] : nothing,
      ),
      {
        kind: '*',
        // Only the last object to go, and new ones that slipped in, matter to a namespace on its way out.
        enqueue(previous, current, lister) {
          const name = (current ?? previous)?.metadata.namespace ?? '';
          if (name === '') return nothing;
          const namespace = lister.get(NAMESPACE, { namespace: '', name });
          return namespace !== undefined && isDeleting(namespace) ? [name] : nothing;
        },
      },
    ],
    async reconcile(keys, { client, lister }) {
      for (const name of keys) {
        const namespace = lister.get(NAMESPACE, { namespace: '', name });
        if (namespace === undefined || !isDeleting(namespace)) continue;
        const content = lister.inNamespace(name);
        if (content.length > 0) {
          const requests = content.filter((object) => !isDeleting(object)).slice(0, deletionsPerReconcile);
          if (requests.length > 0) retryRefused(await client.commit(requests.map(remove)));
          continue;
        }
        await deleteEvents(client, name);
        const finalizers = namespace.spec?.finalizers ?? [];
        if (!finalizers.includes(contentFinalizer)) continue;
        const rest = finalizers.filter((finalizer) => finalizer !== contentFinalizer);
        const object: Namespace = { ...namespace, spec: { ...namespace.spec, finalizers: rest } };
        retryRefused(
          await client.commit([
            { verb: 'update', kind: NAMESPACE, key: keyOf(namespace), subresource: 'finalize', object },
          ]),
        );
      }
      return [];
    },
  };
}

/** Events are in no cache: they are asked for, a page at a time. */
async function deleteEvents(client: Client, namespace: string): Promise<void> {
  for (;;) {
    const { items } = await client.list(EVENT, { namespace, limit: deletionsPerReconcile });
    if (items.length === 0) return;
    const outcomes = await client.commit(items.map(remove));
    if (!outcomes.some(({ ok }) => ok)) return;
  }
}

function remove(object: KubeObject): WriteRequest {
  return deletion(object, { propagationPolicy: 'Background' });
}
