import type { ResourceInfo } from '../api/client.ts';
import { noSuchResource } from '../registry/status-errors.ts';
import type { Flag } from './flags.ts';

/** `--subresource`. `did`: what the command does with it. */
export const subresourceFlag = (did: string): Flag => ({
  name: 'subresource',
  type: 'string',
  default: "''",
  usage: `If given, ${did} this subresource of the object, such as status.`,
});

/** Throws 404 where a resource has no such subresource; '' is the object itself. */
export function requireSubresource(resource: ResourceInfo, subresource: string): void {
  if (subresource !== '' && !resource.subresources.includes(subresource)) throw noSuchResource();
}
