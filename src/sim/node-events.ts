import type { WriteRequest } from '../api/client.ts';
import type { Node } from '../api/core.ts';
import type { Condition, Json } from '../api/meta.ts';
import { NODE } from '../api/well-known.ts';
import { formatRfc3339 } from '../domain/rfc3339.ts';
import { changeTaints, parseTaintSpecs } from '../domain/taint-spec.ts';
import type { Lister } from '../runtime/controller.ts';
import { deletion, keyOf, mergePatch } from '../runtime/write-requests.ts';
import { ScenarioError } from './scenario-error.ts';
import { globPattern, someOf } from './wording.ts';

/** What a node turns into. `lost`: its kubelet falls silent. `removed`: its Node object goes. */
export const NODE_TURNS = ['not-ready', 'lost', 'ready', 'removed', 'cordoned', 'uncordoned'] as const;
export type NodeTurn = (typeof NODE_TURNS)[number];

/** Something that happens to nodes, `atMs` after the start. `nodes` is a name, or a pattern with `*`. */
export type NodeEvent =
  | { readonly atMs: number; readonly nodes: string; readonly turn: NodeTurn }
  /** As for `kubectl taint`: `key=value:Effect`, or `key:Effect-` to remove. */
  | { readonly atMs: number; readonly nodes: string; readonly taint: string }
  | { readonly atMs: number; readonly nodes: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly atMs: number; readonly add: Node };

/** The event as a mark in a timeline: `node worker-3 is lost`. */
export function eventText(event: NodeEvent): string {
  if ('add' in event) return `node ${event.add.metadata.name ?? ''} is added`;
  const { nodes } = event;
  if ('taint' in event) return `node ${nodes} is tainted ${event.taint}`;
  if ('labels' in event) {
    const labels = Object.entries(event.labels).map(([key, value]) => `${key}=${value}`);
    return `node ${nodes} is labelled ${labels.join(', ')}`;
  }
  return `node ${nodes} is ${event.turn === 'not-ready' ? 'not ready' : event.turn}`;
}

/**
 * The writes that make an event happen. Throws ScenarioError when there is no such node, or one that is to be added is
 * there already. `now`: milliseconds since the epoch.
 */
export function eventRequests(event: NodeEvent, lister: Lister, now: number): readonly WriteRequest[] {
  if ('add' in event) {
    const name = event.add.metadata.name ?? '';
    if (lister.get(NODE, { namespace: '', name }) !== undefined)
      throw new ScenarioError(`node ${name} cannot be added: it is there already`);
    return [{ verb: 'create', kind: NODE, namespace: '', object: event.add }];
  }
  return matchingNodes(event.nodes, lister).flatMap((node) => requestsFor(event, node, now));
}

/** The nodes of a name or a pattern. Throws ScenarioError when there are none. */
function matchingNodes(nodes: string, lister: Lister): readonly Node[] {
  const pattern = globPattern(nodes);
  const all = lister.list(NODE);
  const found = all.filter(({ metadata }) => pattern.test(metadata.name ?? ''));
  if (found.length > 0) return found;
  const names = all.map(({ metadata }) => metadata.name ?? '');
  const there = names.length === 0 ? 'the cluster has no nodes' : `the nodes are ${someOf(names)}`;
  throw new ScenarioError(`no node is called ${JSON.stringify(nodes)}: ${there}`);
}

function requestsFor(
  event: Exclude<NodeEvent, { readonly add: Node }>,
  node: Node,
  now: number,
): readonly WriteRequest[] {
  if ('taint' in event) return [taintRequest(event.taint, node)];
  if ('labels' in event) return [mergePatch(node, { metadata: { labels: event.labels } })];
  switch (event.turn) {
    case 'not-ready':
      return [readiness(node, 'False', 'KubeletNotReady', 'the kubelet is not ready (simulated)', now)];
    case 'lost':
      return [readiness(node, 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.', now)];
    case 'ready':
      return [readiness(node, 'True', 'KubeletReady', 'kubelet is posting ready status', now)];
    case 'removed':
      return [deletion(node)];
    case 'cordoned':
      return [mergePatch(node, { spec: { unschedulable: true } })];
    case 'uncordoned':
      return [mergePatch(node, { spec: { unschedulable: null } })];
    default:
      return event.turn satisfies never;
  }
}

function readiness(node: Node, status: string, reason: string, message: string, now: number): WriteRequest {
  const ready: Condition = { type: 'Ready', status, reason, message, lastTransitionTime: formatRfc3339(now) };
  const others = (node.status?.conditions ?? []).filter(({ type }) => type !== 'Ready');
  // A condition is JSON like everything else; its type only says more.
  const conditions = [...others, ready] as unknown as Json;
  return {
    verb: 'patch',
    kind: NODE,
    key: keyOf(node),
    patchType: 'merge',
    subresource: 'status',
    patch: { status: { conditions } },
  };
}

function taintRequest(spec: string, node: Node): WriteRequest {
  const changes = parseTaintSpecs([spec]);
  if (typeof changes === 'string') throw new ScenarioError(changes);
  const { taints } = changeTaints(node.spec?.taints ?? [], changes, true);
  return mergePatch(node, { spec: { taints: taints as unknown as Json } }); // taints are JSON
}
