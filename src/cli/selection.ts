import type { Client, ResourceInfo } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import type { Context } from './context.ts';
import { ApiFailure } from './exit.ts';
import type { Flag, FlagValues } from './flags.ts';

/** Flags of commands that act on all objects that match. */
export const selectionFlags: readonly Flag[] = [
  {
    name: 'all-namespaces',
    short: 'A',
    type: 'bool',
    default: 'false',
    usage:
      'If present, the objects of all namespaces. The namespace of -n or $KDAEMON_NAMESPACE is ignored then.',
  },
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    default: "''",
    usage:
      "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.",
  },
  {
    name: 'field-selector',
    type: 'string',
    default: "''",
    usage:
      "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). Only a limited number of fields can be queried per type.",
  },
];

/** Whether a selector was given. */
export function isSelecting(flags: FlagValues): boolean {
  return flags.string('selector') !== '' || flags.string('field-selector') !== '';
}

/**
 * Lists the objects of a resource that the flags select. Throws ApiFailure, worded as kubectl words it, where a
 * selector is refused.
 */
export async function listSelected(
  client: Client,
  resource: ResourceInfo,
  { flags, context }: { readonly flags: FlagValues; readonly context: Context },
): Promise<readonly KubeObject[]> {
  const labelSelector = flags.string('selector');
  const fieldSelector = flags.string('field-selector');
  const namespace = resource.namespaced && !flags.bool('all-namespaces') ? context.namespace : '';
  try {
    return (await client.list(resource, { namespace, labelSelector, fieldSelector })).items;
  } catch (error) {
    if (!(error instanceof StatusError) || !['BadRequest', 'NotFound'].includes(error.status.reason ?? '')) {
      throw error;
    }
    const { group, version, plural } = resource;
    const asked = `"${group}/${version}, Resource=${plural}"`;
    throw new ApiFailure(
      error.status,
      labelSelector === '' && fieldSelector === ''
        ? `Unable to list ${asked}`
        : `Unable to find ${asked} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`,
    );
  }
}
