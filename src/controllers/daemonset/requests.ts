import type { DaemonSet } from '../../api/apps.ts';
import type { WriteRequest } from '../../api/client.ts';
import type { Json, KubeObject } from '../../api/meta.ts';
import { CONTROLLER_REVISION, CONTROLLER_REVISION_HASH, DAEMON_SET, POD } from '../../api/well-known.ts';
import type { Decision } from '../../domain/daemonset/observed.ts';
import { controllerReference } from '../../domain/owner-references.ts';
import { kindRefOf } from '../../runtime/kind-key.ts';
import { deletion, keyOf, statusUpdate } from '../../runtime/write-requests.ts';

/** Decisions that are writes, and those that put ownership and history in order before any pod is touched. */
export type WriteDecision = Exclude<
  Decision,
  { readonly do: 'recordEvent' | 'setBackoff' | 'requeue' | 'fail' }
>;

/** Whether a decision is a write to the API. */
export function isWrite(decision: Decision): decision is WriteDecision {
  const { do: what } = decision;
  return what !== 'recordEvent' && what !== 'setBackoff' && what !== 'requeue' && what !== 'fail';
}

/** The request that carries a decision out, as upstream's controller would send it. */
export function requestFor(decision: WriteDecision, daemonSet: DaemonSet): WriteRequest {
  const namespace = daemonSet.metadata.namespace ?? '';
  switch (decision.do) {
    case 'createPod':
      return { verb: 'create', kind: POD, namespace, object: decision.pod };
    case 'deletePod':
      return deletion(decision.pod);
    case 'adoptPod':
      return adopt(decision.pod, daemonSet);
    case 'releasePod':
      return release(decision.pod, daemonSet);
    case 'relabelPod':
      return patch(decision.pod, { labels: { [CONTROLLER_REVISION_HASH]: decision.hash } });
    case 'createRevision':
      return { verb: 'create', kind: CONTROLLER_REVISION, namespace, object: decision.revision };
    case 'deleteRevision':
      return deletion(decision.revision);
    case 'adoptRevision':
      return adopt(decision.revision, daemonSet);
    case 'releaseRevision':
      return release(decision.revision, daemonSet);
    case 'labelRevision':
      return patch(decision.revision, { labels: { [CONTROLLER_REVISION_HASH]: decision.hash } });
    case 'renumberRevision':
      return patch(decision.revision, {}, { revision: decision.number });
    case 'updateStatus':
      return statusUpdate({ ...daemonSet, status: decision.status });
    default:
      return decision satisfies never;
  }
}

/** A strategic merge into exactly this object, whatever else has changed in it. */
function patch(
  object: KubeObject,
  metadata: { readonly [field: string]: Json },
  rest: { readonly [field: string]: Json } = {},
): WriteRequest {
  const { uid = null } = object.metadata;
  return {
    verb: 'patch',
    kind: kindRefOf(object),
    key: keyOf(object),
    patchType: 'strategic',
    patch: { ...rest, metadata: { ...metadata, uid } },
  };
}

function adopt(object: KubeObject, daemonSet: DaemonSet): WriteRequest {
  return patch(object, { ownerReferences: [{ ...controllerReference(daemonSet, DAEMON_SET) }] });
}

function release(object: KubeObject, daemonSet: DaemonSet): WriteRequest {
  return patch(object, { ownerReferences: [{ $patch: 'delete', uid: daemonSet.metadata.uid ?? '' }] });
}
