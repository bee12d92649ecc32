import type { Taint } from '../../../api/core.ts';
import { TAINT_NETWORK_UNAVAILABLE, TAINT_NOT_READY, TAINT_UNREACHABLE } from '../../../api/well-known.ts';

/** Labels that a kubelet or a cloud provider puts on its node, and puts back when they are gone. */
const MACHINE_KEYS =
  /^(?:(?:beta\.)?kubernetes\.io\/(?:hostname|os|arch|instance-type)|(?:node|topology|failure-domain\.beta)\.kubernetes\.io\/.*)$/;

/** Whether a label is one that people give to nodes, so that changing it makes sense. */
export function isPlainLabelKey(key: string): boolean {
  return !MACHINE_KEYS.test(key);
}

/** Taints that nobody but the control plane sets and takes away, and what it waits for to do so. */
const MACHINE_TAINTS: ReadonlyMap<string, string> = new Map([
  [TAINT_NOT_READY, 'the node is ready'],
  [TAINT_UNREACHABLE, 'the node can be reached again'],
  [TAINT_NETWORK_UNAVAILABLE, "the node's network is set up"],
  ['node.cloudprovider.kubernetes.io/uninitialized', 'the cloud provider has set the node up'],
]);

/** When the control plane takes a taint away by itself: `the node is ready`; undefined for taints of people. */
export function endOfTaint({ key }: Taint): string | undefined {
  return MACHINE_TAINTS.get(key);
}
