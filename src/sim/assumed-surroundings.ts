import type { Pod } from '../api/core.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';

/**
 * The objects, with what a cluster must have had for them to be there, where they hold nothing of that kind: files with
 * nodes, DaemonSets and pods often leave out priority classes and namespaces.
 */
export function withSurroundings(objects: readonly KubeObject[], target: ObjectKey): readonly KubeObject[] {
  const has = (kind: string): boolean => objects.some((object) => object.kind === kind);
  return [
    ...objects,
    ...(has('PriorityClass') ? [] : priorityClasses(objects)),
    ...(has('Namespace') ? [] : [namespaceNamed(target.namespace)]),
  ];
}

/** The classes of pods, with the priority that admission gave the pods. */
function priorityClasses(objects: readonly KubeObject[]): readonly KubeObject[] {
  const values = new Map<string, number>();
  for (const object of objects) {
    if (object.kind !== 'Pod') continue;
    const { priorityClassName = '', priority = 0 } = (object as Pod).spec; // the kind says so
    if (priorityClassName !== '' && !priorityClassName.startsWith('system-'))
      values.set(priorityClassName, priority);
  }
  return [...values].map(([name, value]): KubeObject & { readonly value: number } => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
  }));
}

/** An active namespace. */
export function namespaceNamed(name: string): KubeObject & Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
