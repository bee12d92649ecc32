import type { KubeObject } from '../../src/api/meta.ts';
import { CONTROLLER_REVISION, DAEMON_SET, NODE, POD } from '../../src/api/well-known.ts';
import { localClient } from '../../src/registry/local-client.ts';
import { virtualClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import type { Store } from '../../src/store/store.ts';

/** A manifest of two DaemonSets in the namespace `default`. */
export const DAEMON_SETS = ['agent', 'proxy']
  .map(
    (name) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: default}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "registry.example/${name}:1"}]}
`,
  )
  .join('---\n');

/**
 * What a cluster comes to, one line a fact, in order: nodes, DaemonSets with their status, their pods by node, their
 * revisions. Names, UIDs and times that depend on chance, or on how often something was tried, are left out.
 */
export async function clusterState(store: Store): Promise<readonly string[]> {
  const client = localClient({ store, clock: virtualClock(0), random: seededRandom(1) });
  const nodes = (await client.list(NODE)).items.map(
    ({ metadata }) => `node ${metadata.name} ${JSON.stringify(metadata.labels ?? {})}`,
  );
  const daemonSets = (await client.list(DAEMON_SET)).items.map(
    ({ metadata, status }) => `daemonset ${metadata.name} ${metadata.generation} ${JSON.stringify(status)}`,
  );
  const pods = (await client.list(POD)).items.map(({ metadata, spec, status }) => {
    const image = spec.containers[0]?.image ?? '';
    const leaving = metadata.deletionTimestamp === undefined ? '' : ' leaving';
    return `pod of ${ownerOf({ metadata })} on ${spec.nodeName ?? ''}: ${image} ${status?.phase ?? ''}${leaving}`;
  });
  const revisions = (await client.list(CONTROLLER_REVISION)).items.map(
    (one) => `revision ${one.revision} of ${ownerOf(one)}`,
  );
  return [...nodes, ...daemonSets, ...pods, ...revisions].sort();
}

/** The value of a node's label; undefined when it has none. */
export async function labelOf(store: Store, name: string, label: string): Promise<string | undefined> {
  const client = localClient({ store, clock: virtualClock(0), random: seededRandom(1) });
  return (await client.get(NODE, { namespace: '', name })).metadata.labels?.[label];
}

/** One line for each node with two pods of one DaemonSet, neither of which is on its way out. */
export async function doublePods(store: Store): Promise<readonly string[]> {
  const client = localClient({ store, clock: virtualClock(0), random: seededRandom(1) });
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const { metadata, spec } of (await client.list(POD)).items) {
    if (metadata.deletionTimestamp !== undefined) continue;
    const place = `${ownerOf({ metadata })} on ${targetOf(spec)}`;
    if (seen.has(place)) twice.push(`two pods of ${place}`);
    seen.add(place);
  }
  return twice;
}

const ownerOf = ({ metadata }: Pick<KubeObject, 'metadata'>): string =>
  metadata.ownerReferences?.[0]?.name ?? 'nobody';

/** The node of a daemon pod, which it names before it is bound. */
function targetOf(spec: { readonly nodeName?: string; readonly affinity?: unknown }): string {
  return spec.nodeName ?? JSON.stringify(spec.affinity);
}

/** The lines that one of two lists has more often than the other. */
export function stateDifferences(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const count = (lines: readonly string[], line: string): number =>
    lines.filter((one) => one === line).length;
  return [...new Set([...expected, ...actual])].flatMap((line) => {
    const [wanted, found] = [count(expected, line), count(actual, line)];
    if (wanted === found) return [];
    if (found === 0) return [`missing: ${line}`];
    return [wanted === 0 ? `unexpected: ${line}` : `${found} times, not ${wanted} times: ${line}`];
  });
}
