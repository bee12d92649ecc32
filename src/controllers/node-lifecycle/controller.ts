import type { WriteRequest } from '../../api/client.ts';
import type { Node, Pod } from '../../api/core.ts';
import type { Json } from '../../api/meta.ts';
import { NODE, POD } from '../../api/well-known.ts';
import { isPodReady } from '../../domain/conditions.ts';
import { withCondition } from '../../domain/with-condition.ts';
import { type Controller, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { keyText, mergePatch, statusUpdate } from '../../runtime/write-requests.ts';
import { conditionTaints, isNodeReady } from './condition-taints.ts';
import { nodeMetadataPatch } from './node-metadata.ts';

const nothing: readonly string[] = [];
const hasReported = (node: Node | undefined): node is Node =>
  node?.status?.conditions?.some(({ type }) => type === 'Ready') === true;
const isNotReady = (node: Node | undefined): node is Node => hasReported(node) && !isNodeReady(node);

/**
 * Taints nodes by their conditions, completes their metadata, and takes the readiness of pods away whose node is not ready. Simulated kubelets
 * send no heartbeats, so no node becomes unreachable by silence: a node's own Ready condition is all that counts.
 */
export function nodeLifecycleController(): Controller {
  return {
    name: 'node-controller',
    batch: 500,
    watches: [
      watch(NODE, (_previous, current) => (current === undefined ? nothing : [keyText(current)])),
      watch(POD, (_previous, current, lister) => {
        const nodeName = current?.spec.nodeName ?? '';
        if (current === undefined || nodeName === '' || !isPodReady(current)) return nothing;
        return isNotReady(lister.get(NODE, { namespace: '', name: nodeName })) ? [nodeName] : nothing;
      }),
    ],
    async reconcile(keys, { client, lister, recorder, now }) {
      const requests: WriteRequest[] = [];
      const nodeCount = lister.list(NODE).length;
      const podOf = new Map<WriteRequest, Pod>();
      for (const name of keys) {
        const node = lister.get(NODE, { namespace: '', name });
        if (node === undefined) continue;
        if (!hasReported(node)) continue;
        const patch = nodePatch(node, nodeCount, now);
        if (patch !== undefined) requests.push(mergePatch(node, patch));
        if (!isNotReady(node)) continue;
        for (const pod of lister.podsOnNode(name)) {
          if (!isPodReady(pod)) continue;
          const request = statusUpdate(withoutReadiness(pod, now));
          podOf.set(request, pod);
          requests.push(request);
        }
      }
      if (requests.length === 0) return [];
      const outcomes = await client.commit(requests);
      for (const [index, request] of requests.entries()) {
        const pod = podOf.get(request);
        if (pod !== undefined && outcomes[index]?.ok === true) {
          recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
        }
      }
      retryRefused(outcomes);
      return [];
    },
  };
}

function nodePatch(
  node: Node,
  nodeCount: number,
  now: number,
): { readonly [field: string]: Json } | undefined {
  const taints = conditionTaints(node, now);
  const metadata = nodeMetadataPatch(node, nodeCount);
  if (taints === undefined && metadata === undefined) return undefined;
  return {
    ...(metadata === undefined ? {} : { metadata }),
    ...(taints === undefined ? {} : { spec: { taints: taints.length === 0 ? null : taints.map(taintJson) } }),
  };
}

function withoutReadiness(pod: Pod, now: number): Pod {
  const conditions = withCondition(pod.status?.conditions, { type: 'Ready', status: 'False' }, now);
  return { ...pod, status: { ...pod.status, conditions } };
}

function taintJson({
  key,
  value,
  effect,
  timeAdded,
}: NonNullable<NonNullable<Node['spec']>['taints']>[number]): Json {
  return {
    key,
    ...(value === undefined ? {} : { value }),
    effect,
    ...(timeAdded === undefined ? {} : { timeAdded }),
  };
}
