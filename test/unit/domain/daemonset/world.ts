import type { ControllerRevision, DaemonSet, DaemonSetSpec, IntOrString } from '../../../../src/api/apps.ts';
import type { Node, Pod, PodSpec, PodStatus, Taint } from '../../../../src/api/core.ts';
import type { ObjectMeta } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import type { BackoffEntry, Decision, TemplateHash } from '../../../../src/domain/daemonset/observed.ts';
import { planDaemonSet } from '../../../../src/domain/daemonset/plan.ts';
import { targetNodeName } from '../../../../src/domain/daemonset/pod-template.ts';
import { controllerReference } from '../../../../src/domain/owner-references.ts';
import { formatRfc3339 } from '../../../../src/domain/rfc3339.ts';

/** When worlds begin: milliseconds since the epoch. */
export const START = Date.UTC(2026, 0, 1);

export function node(
  name: string,
  parts: { labels?: Record<string, string>; taints?: readonly Taint[] } = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: parts.labels ?? {} },
    spec: { ...(parts.taints !== undefined && { taints: parts.taints }) },
  };
}

export function nodes(count: number, parts: Parameters<typeof node>[1] = {}, first = 0): readonly Node[] {
  return Array.from({ length: count }, (_, index) => node(`node-${index + first}`, parts));
}

export function rolling(
  maxUnavailable: IntOrString,
  maxSurge: IntOrString = 0,
): NonNullable<DaemonSetSpec['updateStrategy']> {
  return { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge } };
}

export const ON_DELETE: NonNullable<DaemonSetSpec['updateStrategy']> = { type: 'OnDelete' };

/** A DaemonSet `fluentd` that selects `name: fluentd`, OnDelete unless said otherwise. */
export function daemonSet(spec: Partial<DaemonSetSpec> = {}, pod: Partial<PodSpec> = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'fluentd', namespace: 'logging', uid: 'uid-fluentd', generation: 1 },
    spec: {
      selector: { matchLabels: { name: 'fluentd' } },
      template: {
        metadata: { labels: { name: 'fluentd' } },
        spec: { containers: [{ name: 'fluentd', image: 'fluentd:1' }], ...pod },
      },
      updateStrategy: ON_DELETE,
      revisionHistoryLimit: 2,
      ...spec,
    },
  };
}

/** The pod's Ready condition, True since `since` (milliseconds since the epoch), or False. */
export function readiness(ready: boolean, since = START): PodStatus {
  const status = ready ? 'True' : 'False';
  return {
    phase: 'Running',
    conditions: [{ type: 'Ready', status, lastTransitionTime: formatRfc3339(since) }],
  };
}

/** A test's hash of a template: short, and different for different images. */
export const imageHash: TemplateHash = (template, collisionCount) =>
  `${template.spec.containers.map(({ image }) => image).join('-')}${collisionCount ?? ''}`.replaceAll(
    ':',
    '',
  );

/** What one sync did, in the form in which tests speak of it. */
export interface SyncResult {
  readonly decisions: readonly Decision[];
  /** Names of nodes. */
  readonly creates: readonly string[];
  /** Names of pods. */
  readonly deletes: readonly string[];
  readonly events: readonly string[];
}

/**
 * A cluster of one DaemonSet, small enough to think about: decisions are applied at once, a deleted pod is gone, and
 * nothing else happens unless the test says so.
 */
export class World {
  daemonSet: DaemonSet;
  nodes: readonly Node[];
  pods: readonly Pod[] = [];
  revisions: readonly ControllerRevision[] = [];
  now = START;
  readonly backoff = new Map<string, BackoffEntry>();
  #created = 0;

  constructor(ds: DaemonSet, clusterNodes: readonly Node[]) {
    this.daemonSet = ds;
    this.nodes = clusterNodes;
  }

  /** Adds an own pod on a node; `meta` and `status` override. */
  addPod(
    nodeName: string,
    parts: { meta?: Partial<ObjectMeta>; status?: PodStatus; spec?: Partial<PodSpec> } = {},
  ): Pod {
    this.#created += 1;
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `pod-${this.#created}`,
        namespace: 'logging',
        uid: `uid-pod-${this.#created}`,
        creationTimestamp: formatRfc3339(this.now),
        labels: { name: 'fluentd' },
        ownerReferences: [controllerReference(this.daemonSet, DAEMON_SET)],
        ...parts.meta,
      },
      spec: { nodeName, containers: [], ...parts.spec },
      status: parts.status ?? { phase: 'Running' },
    };
    this.pods = [...this.pods, pod];
    return pod;
  }

  plan(): readonly Decision[] {
    const { daemonSet: ds, nodes: clusterNodes, pods, revisions, now, backoff } = this;
    return planDaemonSet({ daemonSet: ds, nodes: clusterNodes, pods, revisions, now, backoff }, imageHash);
  }

  /** One sync: plans and applies. */
  sync(): SyncResult {
    const decisions = this.plan();
    for (const decision of decisions) this.#apply(decision);
    return {
      decisions,
      creates: of(decisions, 'createPod').map(({ nodeName }) => nodeName),
      deletes: of(decisions, 'deletePod').map(({ pod }) => pod.metadata.name ?? ''),
      events: of(decisions, 'recordEvent').map(({ reason }) => reason),
    };
  }

  /** The numbers of creates and deletes of the next syncs, as `c/d`; after each sync with `R` all pods get ready. */
  rhythm(syncs: readonly ('' | 'R')[]): string {
    return syncs
      .map((mark) => {
        const { creates, deletes } = this.sync();
        if (mark === 'R') this.markReady();
        return `${creates.length}/${deletes.length}${mark}`;
      })
      .join(' ');
  }

  /** Binds pods to their nodes and makes them ready since now; all of them, or those that the test picks. */
  markReady(pick: (pod: Pod) => boolean = () => true, ready = true): void {
    this.pods = this.pods.map((pod) => {
      const isReady = pod.status?.conditions?.[0]?.status === 'True';
      if (!pick(pod) || isReady === ready) return pod;
      const nodeName = targetNodeName(pod) ?? '';
      return { ...pod, spec: { ...pod.spec, nodeName }, status: readiness(ready, this.now) };
    });
  }

  /** Changes the template's image, as a user would: a new generation. */
  setImage(image: string): void {
    this.setSpec({
      template: { ...this.daemonSet.spec.template, spec: { containers: [{ name: 'fluentd', image }] } },
    });
  }

  setSpec(spec: Partial<DaemonSetSpec>): void {
    const { metadata } = this.daemonSet;
    this.daemonSet = {
      ...this.daemonSet,
      metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 },
      spec: { ...this.daemonSet.spec, ...spec },
    };
  }

  podsOn(nodeName: string): readonly Pod[] {
    return this.pods.filter((pod) => targetNodeName(pod) === nodeName);
  }

  #apply(decision: Decision): void {
    switch (decision.do) {
      case 'createPod': {
        this.#created += 1;
        const metadata = {
          ...decision.pod.metadata,
          name: `pod-${this.#created}`,
          uid: `uid-pod-${this.#created}`,
        };
        const created = { ...metadata, creationTimestamp: formatRfc3339(this.now) };
        this.pods = [...this.pods, { ...decision.pod, metadata: created, status: { phase: 'Pending' } }];
        break;
      }
      case 'deletePod':
        this.pods = this.pods.filter((pod) => pod.metadata.name !== decision.pod.metadata.name);
        break;
      case 'adoptPod':
        this.#editPod(decision.pod, { ownerReferences: [controllerReference(this.daemonSet, DAEMON_SET)] });
        break;
      case 'releasePod':
        this.#editPod(decision.pod, { ownerReferences: [] });
        break;
      case 'relabelPod': {
        const labels = { ...decision.pod.metadata.labels, 'controller-revision-hash': decision.hash };
        this.#editPod(decision.pod, { labels });
        break;
      }
      case 'createRevision':
        this.revisions = [...this.revisions, decision.revision];
        break;
      case 'deleteRevision':
        this.revisions = this.revisions.filter(
          ({ metadata }) => metadata.name !== decision.revision.metadata.name,
        );
        break;
      case 'renumberRevision':
        this.#editRevision(decision.revision, { revision: decision.number });
        break;
      case 'labelRevision': {
        const labels = { ...decision.revision.metadata.labels, 'controller-revision-hash': decision.hash };
        this.#editRevision(decision.revision, { metadata: { ...decision.revision.metadata, labels } });
        break;
      }
      case 'adoptRevision':
      case 'releaseRevision': {
        const owners =
          decision.do === 'adoptRevision' ? [controllerReference(this.daemonSet, DAEMON_SET)] : [];
        const metadata = { ...decision.revision.metadata, ownerReferences: owners };
        this.#editRevision(decision.revision, { metadata });
        break;
      }
      case 'updateStatus':
        this.daemonSet = { ...this.daemonSet, status: decision.status };
        break;
      case 'setBackoff':
        this.backoff.set(decision.key, decision.entry);
        break;
      case 'recordEvent':
      case 'requeue':
      case 'fail':
        break;
    }
  }

  #editPod(target: Pod, meta: Partial<ObjectMeta>): void {
    this.pods = this.pods.map((pod) =>
      pod.metadata.name === target.metadata.name ? { ...pod, metadata: { ...pod.metadata, ...meta } } : pod,
    );
  }

  #editRevision(target: ControllerRevision, change: Partial<ControllerRevision>): void {
    this.revisions = this.revisions.map((revision) =>
      revision.metadata.name === target.metadata.name ? { ...revision, ...change } : revision,
    );
  }
}

/** The decisions of one kind. */
export function of<K extends Decision['do']>(
  decisions: readonly Decision[],
  kind: K,
): readonly Extract<Decision, { do: K }>[] {
  return decisions.filter((decision): decision is Extract<Decision, { do: K }> => decision.do === kind);
}
