import type { ControllerRevision, DaemonSet } from './apps.ts';
import type { Event, Namespace, Node, Pod } from './core.ts';
import type { KindRef } from './meta.ts';

/** The Kubernetes release whose behaviour is followed. */
export const KUBERNETES_VERSION = 'v1.37.2';

/** apps/v1 DaemonSet. */
export const DAEMON_SET: KindRef<DaemonSet> = { group: 'apps', version: 'v1', kind: 'DaemonSet' };
/** apps/v1 ControllerRevision. */
export const CONTROLLER_REVISION: KindRef<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
};
/** v1 Pod. */
export const POD: KindRef<Pod> = { group: '', version: 'v1', kind: 'Pod' };
/** v1 Node. */
export const NODE: KindRef<Node> = { group: '', version: 'v1', kind: 'Node' };
/** v1 Namespace. */
export const NAMESPACE: KindRef<Namespace> = { group: '', version: 'v1', kind: 'Namespace' };
/** v1 Event. */
export const EVENT: KindRef<Event> = { group: '', version: 'v1', kind: 'Event' };

/** Label that ties a pod or a ControllerRevision to a template (upstream DefaultDaemonSetUniqueLabelKey). */
export const CONTROLLER_REVISION_HASH = 'controller-revision-hash';
/** Label with the template generation on pods. */
export const POD_TEMPLATE_GENERATION = 'pod-template-generation';
/** Annotation that carries a DaemonSet's template generation. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
/** Annotation in which client-side apply keeps the last applied manifest. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Taint keys that the control plane sets from conditions, and that daemon pods tolerate. */
export const TAINT_NOT_READY = 'node.kubernetes.io/not-ready';
export const TAINT_UNREACHABLE = 'node.kubernetes.io/unreachable';
export const TAINT_DISK_PRESSURE = 'node.kubernetes.io/disk-pressure';
export const TAINT_MEMORY_PRESSURE = 'node.kubernetes.io/memory-pressure';
export const TAINT_PID_PRESSURE = 'node.kubernetes.io/pid-pressure';
export const TAINT_UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
export const TAINT_NETWORK_UNAVAILABLE = 'node.kubernetes.io/network-unavailable';
export const TAINT_OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** Finalizers of the garbage collector's deletion policies. */
export const FINALIZER_FOREGROUND = 'foregroundDeletion';
export const FINALIZER_ORPHAN = 'orphan';
