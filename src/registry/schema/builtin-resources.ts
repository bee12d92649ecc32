import type { ResourceInfo } from '../../api/client.ts';
import { RESOURCES_JSON } from './resources.generated.ts';

let loaded: readonly ResourceInfo[] | undefined;

/**
 * The API server's own resources in the order of `kubectl api-resources` (group, then plural). A resource that is
 * served in several versions has one row each, the preferred version first.
 */
export function builtinResources(): readonly ResourceInfo[] {
  loaded ??= JSON.parse(RESOURCES_JSON) as readonly ResourceInfo[];
  return loaded;
}
