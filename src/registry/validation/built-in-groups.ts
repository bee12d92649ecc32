import { builtinResources } from '../schema/builtin-resources.ts';

let groups: ReadonlySet<string> | undefined;

/** Whether an API group is Kubernetes' own. The groups of custom resources are not, whatever their domain. */
export function isBuiltInGroup(group: string): boolean {
  groups ??= new Set(builtinResources().map((resource) => resource.group));
  return groups.has(group);
}
