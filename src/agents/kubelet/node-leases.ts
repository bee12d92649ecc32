import type { WriteRequest } from '../../api/client.ts';
import type { Node } from '../../api/core.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { NODE } from '../../api/well-known.ts';
import { findCondition } from '../../domain/conditions.ts';
import { formatRfc3339Micro, parseRfc3339 } from '../../domain/rfc3339.ts';
import { type Controller, type Lister, watch } from '../../runtime/controller.ts';
import type { Random } from '../../runtime/random.ts';

/** coordination.k8s.io/v1 Lease, the fields of a node's. */
interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    /** Seconds. */
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
  };
}

const LEASE: KindRef<Lease> = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };
const NAMESPACE_OF_LEASES = 'kube-node-lease';

/** A kubelet renews its lease every ten seconds, a quarter of the lease's 40. */
const RENEW_MS = 10_000;
const RENEWALS_PER_LEASE = 4;
/** All kubelets together write at most so many leases a second: with more nodes each is renewed less often. */
const RENEWALS_PER_SECOND = 100;

const isReady = (node: Node): boolean => findCondition(node.status?.conditions, 'Ready')?.status === 'True';

/** How often each of so many nodes renews its lease, in milliseconds: every 10 s up to 1,000 nodes. */
export function renewalInterval(nodes: number): number {
  return Math.max(RENEW_MS, Math.ceil(nodes / RENEWALS_PER_SECOND) * 1000);
}

/**
 * The heartbeats of the simulated kubelets: a Lease in kube-node-lease for each ready node, renewed for as long as the
 * node is ready. Only for runs in real time, because they never end.
 */
export function nodeLeases(): Controller {
  /** Nodes whose next renewal comes early, so that those of many nodes that started together do not fall together. */
  const early = new Set<string>();
  /** Nodes that have their place in time. */
  const placed = new Set<string>();

  /** The write that brings a node's lease up to date; undefined while it is fresh and may stay as it is. */
  function renewal(node: Node, lister: Lister, everyMs: number, now: number): WriteRequest | undefined {
    const name = node.metadata.name ?? '';
    const key = { namespace: NAMESPACE_OF_LEASES, name };
    const lease = lister.get(LEASE, key);
    const renewed = parseRfc3339(lease?.spec?.renewTime);
    const isFresh = renewed !== undefined && renewed <= now && renewed > now - everyMs;
    if (isFresh && !early.has(name)) return undefined;
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds: (everyMs * RENEWALS_PER_LEASE) / 1000,
      renewTime: formatRfc3339Micro(now),
    };
    if (lease !== undefined) {
      const object: Lease = { ...lease, spec };
      return { verb: 'update', kind: LEASE, key, object };
    }
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '' }];
    const object: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, ownerReferences },
      spec,
    };
    return { verb: 'create', kind: LEASE, namespace: NAMESPACE_OF_LEASES, object };
  }

  /** When a node's next renewal is due, in milliseconds from now. */
  function nextIn(name: string, nodes: number, everyMs: number, random: Random): number {
    early.delete(name);
    if (placed.has(name)) return everyMs;
    placed.add(name);
    if (nodes <= RENEWALS_PER_SECOND) return everyMs;
    early.add(name);
    return random.int(everyMs) + 1;
  }

  return {
    name: 'node-lease-controller',
    batch: RENEWALS_PER_SECOND,
    watches: [
      watch(NODE, (previous, current) => {
        if (current === undefined) placed.delete(previous?.metadata.name ?? '');
        if (current === undefined || !isReady(current)) return [];
        return previous !== undefined && isReady(previous) ? [] : [current.metadata.name ?? ''];
      }),
    ],
    async reconcile(keys, { client, lister, random, now }) {
      const count = lister.list(NODE).length;
      const everyMs = renewalInterval(count);
      const nodes = keys.flatMap((name) => {
        const node = lister.get(NODE, { namespace: '', name });
        return node !== undefined && isReady(node) ? [node] : [];
      });
      const requests = nodes.flatMap((node) => renewal(node, lister, everyMs, now) ?? []);
      // What is refused, because somebody else has written the lease, has its turn at the next renewal.
      if (requests.length > 0) await client.commit(requests);
      const because = 'heartbeats go on';
      return nodes.map(({ metadata: { name = '' } }) => ({
        key: name,
        afterMs: nextIn(name, count, everyMs, random),
        wait: { kind: 'machinery', because },
      }));
    },
  };
}
