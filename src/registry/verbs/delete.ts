import type { Preconditions, PropagationPolicy } from '../../api/client.ts';
import type { KubeObject, ObjectKey } from '../../api/meta.ts';
import { FINALIZER_FOREGROUND, FINALIZER_ORPHAN } from '../../api/well-known.ts';
import { formatRfc3339, parseRfc3339 } from '../../domain/rfc3339.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { conflict, notFound } from '../status-errors.ts';
import { withMetadata } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import type { Transition } from './transition.ts';
import { isGone } from './update.ts';

/** A DELETE as it reaches the verb: metav1.DeleteOptions. */
export interface DeleteRequest {
  readonly key: ObjectKey;
  readonly preconditions?: Preconditions | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: PropagationPolicy | undefined;
}

/**
 * DELETE. An object goes at once unless a grace period or finalizers hold it: then it gets a deletionTimestamp, and
 * `deleting` or (when it had one already and this changes nothing) `pending` says so. Throws StatusError.
 */
export function remove(
  kind: ServedKind,
  request: DeleteRequest,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  if (existing === null) throw notFound(groupResource(kind), request.key.name);
  kind.strategy.refuseDeletion?.(existing, kind);
  requirePreconditions(kind, request.preconditions, existing);
  const graced = withGrace(kind, request, existing, context);
  if (graced === 'pending') return { did: 'pending', object: existing, warnings: [] };
  // Finalizers for dependents can be set by the first deletion only: later ones find it pending, or shorten its grace.
  const held = withPolicy(graced, request.propagationPolicy);
  if (held.metadata.deletionTimestamp === undefined) {
    const holds = (held.metadata.finalizers ?? []).length > 0 || kind.strategy.holdsDeletion?.(held) === true;
    if (!holds) return { did: 'deleted', object: existing, warnings: [] };
    return { did: 'deleting', object: marked(kind, held, context), warnings: [] };
  }
  if (isGone(kind, held)) return { did: 'deleted', object: held, warnings: [] };
  return { did: held === existing ? 'pending' : 'deleting', object: held, warnings: [] };
}

function requirePreconditions(
  kind: ServedKind,
  asked: Preconditions | undefined,
  existing: KubeObject,
): void {
  const { uid = '', resourceVersion = '', name = '' } = existing.metadata;
  // Upstream names the kind here where it names the resource everywhere else.
  const named = { group: kind.info.group, resource: kind.info.kind };
  if (asked?.uid !== undefined && asked.uid !== uid) {
    throw conflict(
      named,
      name,
      `the UID in the precondition (${asked.uid}) does not match the UID in record (${uid}). ` +
        'The object might have been deleted and then recreated',
    );
  }
  if (asked?.resourceVersion !== undefined && asked.resourceVersion !== resourceVersion) {
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${asked.resourceVersion}) does not match the ResourceVersion ` +
        `in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** Starts or shortens the grace period of kinds that have one; `pending` when there is nothing to shorten. */
function withGrace(
  kind: ServedKind,
  request: DeleteRequest,
  existing: KubeObject,
  context: WriteContext,
): KubeObject | 'pending' {
  const { gracePeriodSeconds } = kind.strategy;
  if (gracePeriodSeconds === undefined) return existing;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation = 0 } = existing.metadata;
  if (deletionTimestamp === undefined) {
    const seconds = gracePeriodSeconds(existing, request.gracePeriodSeconds);
    return withMetadata(existing, {
      ...existing.metadata,
      deletionTimestamp: formatRfc3339(context.now + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
      ...(generation > 0 ? { generation: generation + 1 } : {}),
    });
  }
  if (deletionGracePeriodSeconds === undefined) return existing;
  const asked = request.gracePeriodSeconds;
  if (asked === undefined || asked >= deletionGracePeriodSeconds) return 'pending';
  const started = (parseRfc3339(deletionTimestamp) ?? context.now) - deletionGracePeriodSeconds * 1000;
  return withMetadata(existing, {
    ...existing.metadata,
    deletionTimestamp: formatRfc3339(started + asked * 1000),
    deletionGracePeriodSeconds: asked,
  });
}

/**
 * The finalizers by which the garbage collector carries out a policy. Without a policy an object keeps what it has
 * (every kind's own default is background: no finalizer).
 */
function withPolicy(object: KubeObject, policy: PropagationPolicy | undefined): KubeObject {
  const { finalizers = [], ...rest } = object.metadata;
  if (policy === undefined) return object;
  const others = finalizers.filter((name) => name !== FINALIZER_ORPHAN && name !== FINALIZER_FOREGROUND);
  const wanted =
    policy === 'Orphan' ? [FINALIZER_ORPHAN] : policy === 'Foreground' ? [FINALIZER_FOREGROUND] : [];
  const next = [...others, ...wanted];
  if (next.length === finalizers.length && next.every((name, index) => name === finalizers[index]))
    return object;
  return withMetadata(object, next.length === 0 ? rest : { ...rest, finalizers: next });
}

/** The deletionTimestamp of kinds without grace, and what the kind itself changes. */
function marked(kind: ServedKind, object: KubeObject, context: WriteContext): KubeObject {
  const { generation = 0 } = object.metadata;
  const stamped = withMetadata(object, {
    ...object.metadata,
    deletionTimestamp: formatRfc3339(context.now),
    deletionGracePeriodSeconds: 0,
    ...(generation > 0 ? { generation: generation + 1 } : {}),
  });
  return kind.strategy.markDeleted?.(stamped, context) ?? stamped;
}
