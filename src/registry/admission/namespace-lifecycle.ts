import type { KubeObject } from '../../api/meta.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { forbidden, notFound } from '../status-errors.ts';
import type { Lookups } from '../strategies/strategy.ts';

/** Namespaces that nobody may delete. */
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/**
 * New objects need a namespace that exists and stays. Throws 404 `namespaces "x" not found`, or 403 with the cause
 * NamespaceTerminating, by which controllers know that there is no use in trying again (NamespaceLifecycle admission).
 */
export function admitToNamespace(kind: ServedKind, object: KubeObject, lookups: Lookups): void {
  const name = object.metadata.namespace ?? '';
  const namespace = lookups.namespace(name);
  if (namespace === null) throw notFound({ group: '', resource: 'namespaces' }, name);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    groupResource(kind),
    object.metadata.name ?? '',
    `unable to create new content in namespace ${name} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${name} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}

/** Throws 403 for a namespace that may not be deleted. */
export function refuseImmortal(object: KubeObject): void {
  const name = object.metadata.name ?? '';
  if (IMMORTAL.has(name)) {
    throw forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted');
  }
}
