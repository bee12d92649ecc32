import type { Node } from '../../api/core.ts';
import type { Json } from '../../api/meta.ts';

/** Labels that the control plane mirrors under their older names. */
const mirrored: readonly (readonly [from: string, to: string])[] = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
];
/** How long kubelets may keep what they read, in seconds, by the size of the cluster. */
const ttlAnnotation = 'node.alpha.kubernetes.io/ttl';
const ttlBySize: readonly (readonly [nodes: number, seconds: number])[] = [
  [100, 0],
  [500, 15],
  [1000, 30],
  [2000, 60],
];
const longestTtlSeconds = 300;

/** What the control plane adds to a node's metadata, as a patch; undefined when all of it is there. */
export function nodeMetadataPatch(
  node: Node,
  nodeCount: number,
): { readonly [field: string]: Json } | undefined {
  const labels = node.metadata.labels ?? {};
  const missing = mirrored.flatMap(([from, to]) => {
    const value = labels[from];
    return value === undefined || labels[to] === value ? [] : [[to, value] as const];
  });
  const hasTtl = node.metadata.annotations?.[ttlAnnotation] !== undefined;
  if (missing.length === 0 && hasTtl) return undefined;
  const ttl = ttlBySize.find(([size]) => nodeCount <= size)?.[1] ?? longestTtlSeconds;
  return {
    ...(missing.length === 0 ? {} : { labels: Object.fromEntries(missing) }),
    ...(hasTtl ? {} : { annotations: { [ttlAnnotation]: String(ttl) } }),
  };
}
