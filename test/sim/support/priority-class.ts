import type { KindRef, KubeObject } from '../../../src/api/meta.ts';

/** scheduling.k8s.io/v1 PriorityClass. */
export const PRIORITY_CLASS_KIND: KindRef = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
};

/** A priority class. */
export function priorityClass(name: string, value: number): KubeObject & { readonly value: number } {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value };
}
