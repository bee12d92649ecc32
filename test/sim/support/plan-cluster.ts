import type { DaemonSet } from '../../../src/api/apps.ts';
import type { Node, Pod } from '../../../src/api/core.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../src/api/well-known.ts';
import { revisionData } from '../../../src/domain/daemonset/revision-data.ts';
import { keyOf } from '../../../src/runtime/write-requests.ts';
import { planRollout } from '../../../src/sim/plan.ts';
import type { PlanReport } from '../../../src/sim/plan-report.ts';
import type { PlannedChange } from '../../../src/sim/rollout-run.ts';
import type { PlanOptions } from '../../../src/sim/simulate.ts';
import { DEFAULT_TIMING } from '../../../src/sim/timing.ts';

/** Long before the plans of these tests. */
const since = '2026-01-01T00:00:00Z';
/** When they start. */
const PLAN_START = Date.parse('2026-02-01T00:00:00Z');
/** The DaemonSet that they are about. */
const AGENT = { namespace: 'default', name: 'agent' };

/** A ready node with 4 cores and 16 GiB. */
export function planNode(
  name: string,
  more: { ready?: string; labels?: Record<string, string>; spec?: object; cpu?: string } = {},
): Node {
  const { ready = 'True', labels = {}, spec = {}, cpu = '4' } = more;
  const amounts = { cpu, memory: '16Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: since,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels },
    },
    spec: { ...spec },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [{ type: 'Ready', status: ready, lastTransitionTime: since }],
      addresses: [{ type: 'InternalIP', address: '10.128.0.1' }],
    },
  };
}

/** `node-01` … `node-NN`. */
export function planNodes(count: number): readonly Node[] {
  return Array.from({ length: count }, (_, index) => planNode(`node-${String(index + 1).padStart(2, '0')}`));
}

/** The DaemonSet `agent` with image `registry.example/agent:v1`, as a cluster has it after it was rolled out. */
export function agentSet(
  more: {
    strategy?: object;
    minReadySeconds?: number;
    container?: object;
    template?: object;
    labels?: object;
  } = {},
): DaemonSet {
  const strategy = more.strategy ?? {
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      ...AGENT,
      uid: 'uid-agent',
      generation: 1,
      creationTimestamp: since,
      annotations: { 'deprecated.daemonset.template.generation': '1' },
    },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      updateStrategy: strategy,
      ...(more.minReadySeconds === undefined ? {} : { minReadySeconds: more.minReadySeconds }),
      revisionHistoryLimit: 10,
      template: {
        metadata: { labels: { app: 'agent', ...more.labels } },
        spec: {
          containers: [
            {
              name: 'agent',
              image: 'registry.example/agent:v1',
              resources: { requests: { cpu: '100m', memory: '128Mi' } },
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
              ...more.container,
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
          ...more.template,
        },
      },
    },
  };
}

/** A DaemonSet's running pod on a node. */
export function agentPod(daemonSet: DaemonSet, node: string, ready = true): Pod {
  const { template } = daemonSet.spec;
  const status = ready ? 'True' : 'False';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${daemonSet.metadata.name}-${node}`,
      namespace: 'default',
      uid: `uid-${daemonSet.metadata.name}-${node}`,
      creationTimestamp: since,
      labels: {
        ...template.metadata?.labels,
        'controller-revision-hash': '5d8f9c7b6d',
        'pod-template-generation': '1',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name: 'agent',
          uid: 'uid-agent',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { ...template.spec, nodeName: node },
    status: {
      phase: 'Running',
      startTime: since,
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: type === 'Initialized' || type === 'PodScheduled' ? 'True' : status,
        lastTransitionTime: since,
      })),
    },
  };
}

/** A cluster in which the DaemonSet's pods run on all of these nodes, ready unless told otherwise. */
export function settledCluster(
  nodes: readonly Node[],
  daemonSet: DaemonSet = agentSet(),
  isReady: (node: string) => boolean = () => true,
): readonly KubeObject[] {
  const names = nodes.map(({ metadata }) => metadata.name ?? '');
  return [...nodes, daemonSet, ...names.map((name) => agentPod(daemonSet, name, isReady(name)))];
}

/** Another image for the DaemonSet's container. */
export function newImage(image: string, atMs = 0): PlannedChange {
  return patching(
    { spec: { template: { spec: { containers: [{ name: 'agent', image }] } } } },
    atMs,
    `image ${image}`,
  );
}

/** A strategic merge patch of the DaemonSet. */
export function patching(patch: object, atMs = 0, text = 'patch'): PlannedChange {
  return {
    atMs,
    text,
    async apply(client) {
      const [outcome] = await client.commit([
        { verb: 'patch', kind: DAEMON_SET, key: AGENT, patchType: 'strategic', patch: patch as never },
      ]);
      if (outcome?.ok === false) throw new Error(outcome.error.message);
    },
  };
}

/** Creates a DaemonSet. */
export function creating(daemonSet: DaemonSet): PlannedChange {
  const { uid: _uid, ...metadata } = daemonSet.metadata;
  return {
    atMs: 0,
    text: 'create',
    async apply(client) {
      const { namespace } = keyOf(daemonSet);
      const object = { ...daemonSet, metadata };
      const [outcome] = await client.commit([{ verb: 'create', kind: DAEMON_SET, namespace, object }]);
      if (outcome?.ok === false) throw new Error(outcome.error.message);
    },
  };
}

/** Puts the template of the first revision back. */
export function restoring(daemonSet: DaemonSet, atMs: number): PlannedChange {
  return patching(revisionData(daemonSet.spec.template) as object, atMs, 'undo');
}

/** Plans for the DaemonSet `agent` with the default timing: 12 seconds a pod. */
export function planFor(
  options: Partial<PlanOptions> & Pick<PlanOptions, 'objects' | 'changes'>,
): Promise<PlanReport> {
  return planRollout({
    target: AGENT,
    timing: DEFAULT_TIMING,
    faults: [],
    events: [],
    seed: 1,
    startedAt: PLAN_START,
    compare: [],
    ...options,
  });
}
