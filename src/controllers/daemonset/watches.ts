// Mirrors the event handlers of pkg/controller/daemon/daemon_controller.go (v1.37.2).
import type { ControllerRevision, DaemonSet } from '../../api/apps.ts';
import type { Node, Pod } from '../../api/core.ts';
import type { KubeObject, OwnerReference } from '../../api/meta.ts';
import { CONTROLLER_REVISION, DAEMON_SET, NODE, POD } from '../../api/well-known.ts';
import { isDeleting, isPodReady } from '../../domain/conditions.ts';
import { arePlacedAlike, nodeShouldRunDaemonPod } from '../../domain/daemonset/placement.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { controllerOf, isControlledBy } from '../../domain/owner-references.ts';
import { isEmptyLabelSelector, matchesLabelSelector } from '../../domain/selectors/labels.ts';
import { type Lister, type Watch, type WorkItem, watch } from '../../runtime/controller.ts';
import { keyText } from '../../runtime/write-requests.ts';

const nothing: readonly never[] = [];

/** What makes the controller look at a DaemonSet again. Deliberately, the deletion of a node does not. */
export const daemonSetWatches: readonly Watch[] = [
  watch(DAEMON_SET, (previous, current) => {
    const daemonSet = current ?? previous;
    return keysOf(daemonSet);
  }),
  watch(NODE, (previous, current, lister) =>
    current === undefined ? nothing : byNode(previous, current, lister),
  ),
  watch(POD, byPod),
  watch(CONTROLLER_REVISION, byRevision),
];

/** The DaemonSets that a new node, or one with other labels or taints, concerns. Nothing else of a node matters. */
function byNode(previous: Node | undefined, node: Node, lister: Lister): readonly string[] {
  if (previous !== undefined && arePlacedAlike(previous, node)) return nothing;
  const pods = lister.podsOnNode(node.metadata.name ?? '');
  return lister
    .list(DAEMON_SET)
    .filter((daemonSet) => {
      const hasPod = pods.length > 0 && pods.some((pod) => isControlledBy(pod, daemonSet.metadata.uid ?? ''));
      const { shouldRun, shouldContinueRunning } = nodeShouldRunDaemonPod(node, daemonSet);
      if (!hasPod) return shouldRun;
      return !shouldContinueRunning || (daemonSet.status?.numberMisscheduled ?? 0) > 0;
    })
    .map(keyText);
}

function byPod(previous: Pod | undefined, current: Pod | undefined, lister: Lister): readonly WorkItem[] {
  if (current === undefined || (previous === undefined && isDeleting(current))) {
    const gone = current ?? previous;
    return gone === undefined ? nothing : keysOf(ownerOf(gone, controllerOf(gone), lister));
  }
  const controller = controllerOf(current);
  const before = previous === undefined ? undefined : controllerOf(previous);
  const changedHands = previous !== undefined && before?.uid !== controller?.uid;
  const left = changedHands ? keysOf(ownerOf(current, before, lister)) : nothing;
  if (controller === undefined) {
    const isNews =
      previous === undefined || changedHands || !deepEqual(previous.metadata.labels, current.metadata.labels);
    return isNews && !isDeleting(current) ? [...left, ...matching(current, lister).map(keyText)] : left;
  }
  const daemonSet = ownerOf(current, controller, lister);
  if (daemonSet === undefined) return left;
  const key = keyText(daemonSet);
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  if (minReadySeconds > 0 && previous !== undefined && !isPodReady(previous) && isPodReady(current)) {
    const because = `minReadySeconds of ${key}`;
    const afterMs = (minReadySeconds + 1) * 1000;
    return [...left, key, { key, afterMs, wait: { kind: 'user', because } }];
  }
  return left.length === 0 ? [key] : [...left, key];
}

/** A new revision of one's own is no news: the sync that made it knows it. */
function byRevision(
  previous: ControllerRevision | undefined,
  current: ControllerRevision | undefined,
  lister: Lister,
): readonly string[] {
  const revision = current ?? previous;
  if (revision === undefined) return nothing;
  const controller = controllerOf(revision);
  if (current === undefined) return keysOf(ownerOf(revision, controller, lister));
  const before = previous === undefined ? undefined : controllerOf(previous);
  const changedHands = previous !== undefined && before?.uid !== controller?.uid;
  const keys = changedHands ? keysOf(ownerOf(revision, before, lister)) : nothing;
  if (controller !== undefined) {
    return previous === undefined ? keys : [...keys, ...keysOf(ownerOf(revision, controller, lister))];
  }
  const isNews =
    previous === undefined || changedHands || !deepEqual(previous.metadata.labels, current.metadata.labels);
  return isNews && !isDeleting(current) ? [...keys, ...matching(current, lister).map(keyText)] : keys;
}

/** The DaemonSet that a controller reference names, if it is still the same one. */
function ownerOf(
  object: KubeObject,
  reference: OwnerReference | undefined,
  lister: Lister,
): DaemonSet | undefined {
  if (reference?.kind !== DAEMON_SET.kind) return undefined;
  const { namespace = '' } = object.metadata;
  const daemonSet = lister.get(DAEMON_SET, { namespace, name: reference.name });
  return daemonSet?.metadata.uid === reference.uid ? daemonSet : undefined;
}

const keysOf = (daemonSet: DaemonSet | undefined): readonly string[] =>
  daemonSet === undefined ? nothing : [keyText(daemonSet)];

/** The DaemonSets that might adopt an object without a controller. */
function matching(orphan: KubeObject, lister: Lister): readonly DaemonSet[] {
  return lister
    .list(DAEMON_SET, orphan.metadata.namespace ?? '')
    .filter(
      ({ spec }) =>
        !isEmptyLabelSelector(spec.selector) && matchesLabelSelector(spec.selector, orphan.metadata.labels),
    );
}
