import type { WriteRequest } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { NAMESPACE } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { type Controller, type Lister, type WorkItem, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';

const SERVICE_ACCOUNT: KindRef = { group: '', version: 'v1', kind: 'ServiceAccount' };
const CONFIG_MAP: KindRef<ConfigMap> = { group: '', version: 'v1', kind: 'ConfigMap' };

/** v1 ConfigMap, the fields that code reads. */
interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const ACCOUNT = 'default';
const ROOT_CERTIFICATES = 'kube-root-ca.crt';

/**
 * Gives every namespace what clients of an API server expect in it: the ServiceAccount `default` and the ConfigMap
 * `kube-root-ca.crt`. Only a served cluster has them: on a command line they would be in the way.
 *
 * @param certificates PEM text of the authority that the server's certificate comes from; '' without TLS
 */
export function namespaceContentsController(certificates: string): Controller {
  const nameOf = (object: KubeObject): string => object.metadata.name ?? '';
  /** The namespace of an object that was here and is gone or changed. */
  const restored =
    (name: string) =>
    (previous: KubeObject | undefined): readonly WorkItem[] =>
      previous !== undefined && nameOf(previous) === name ? [previous.metadata.namespace ?? ''] : [];

  function missing(name: string, lister: Lister): readonly WriteRequest[] {
    const requests: WriteRequest[] = [];
    if (lister.get(SERVICE_ACCOUNT, { namespace: name, name: ACCOUNT }) === undefined) {
      const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT } };
      requests.push({ verb: 'create', kind: SERVICE_ACCOUNT, namespace: name, object });
    }
    const existing = lister.get(CONFIG_MAP, { namespace: name, name: ROOT_CERTIFICATES });
    const data = { 'ca.crt': certificates };
    if (existing === undefined) {
      const metadata = { name: ROOT_CERTIFICATES };
      const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
      requests.push({ verb: 'create', kind: CONFIG_MAP, namespace: name, object });
    } else if (existing.data?.['ca.crt'] !== certificates) {
      const key = { namespace: name, name: ROOT_CERTIFICATES };
      const object: ConfigMap = { ...existing, data };
      requests.push({ verb: 'update', kind: CONFIG_MAP, key, object });
    }
    return requests;
  }

  return {
    name: 'namespace-contents-controller',
    batch: 100,
    watches: [
      watch(NAMESPACE, (_previous, current) =>
        current === undefined || isDeleting(current) ? [] : [nameOf(current)],
      ),
      watch(SERVICE_ACCOUNT, restored(ACCOUNT)),
      watch(CONFIG_MAP, restored(ROOT_CERTIFICATES)),
    ],
    async reconcile(keys, { client, lister }) {
      const requests = keys.flatMap((name) => {
        const namespace = lister.get(NAMESPACE, { namespace: '', name });
        return namespace === undefined || isDeleting(namespace) ? [] : missing(name, lister);
      });
      if (requests.length > 0) retryRefused(await client.commit(requests));
      return [];
    },
  };
}
