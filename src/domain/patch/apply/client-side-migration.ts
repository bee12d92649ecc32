import type { Json } from '../../../api/meta.ts';
import { formatRfc3339 } from '../../rfc3339.ts';
import { difference, NO_FIELDS, singlePath, union } from './field-set.ts';
import { decodeManagedFields, encodeManagedFields, type ManagedEntry } from './managers.ts';

/** Managers whose fields were applied client-side: kubectl's own, and the stand-in for times without tracking. */
const CLIENT_SIDE = ['kubectl-client-side-apply', 'before-first-apply'];

const LAST_APPLIED_FIELD = singlePath([
  'f:metadata',
  'f:annotations',
  'f:kubectl.kubernetes.io/last-applied-configuration',
]);

/**
 * managedFields after `kubectl apply --server-side` took over from client-side apply: what the client-side managers
 * owned becomes the server-side manager's, so that a field that leaves the file is removed from the object. Undefined
 * when there is nothing to take over.
 *
 * @param managedFields `metadata.managedFields`
 * @param manager the server-side manager (`kubectl`)
 * @param now milliseconds since the epoch
 */
export function takeOverClientSideApply(
  managedFields: Json | undefined,
  manager: string,
  now: number,
): readonly Json[] | undefined {
  const entries = decodeManagedFields(managedFields);
  const clientSide = entries.filter(isClientSide);
  const [first] = clientSide;
  if (first === undefined) return undefined;
  const isMine = (entry: ManagedEntry) =>
    entry.operation === 'Apply' && entry.manager === manager && entry.subresource === '';
  const mine = entries.find(isMine);
  const fields = clientSide.reduce((all, entry) => union(all, entry.fields), mine?.fields ?? NO_FIELDS);
  const merged: ManagedEntry = {
    manager,
    operation: 'Apply',
    apiVersion: mine?.apiVersion ?? first.apiVersion,
    subresource: '',
    fields: difference(fields, LAST_APPLIED_FIELD),
    time: formatRfc3339(now),
  };
  return encodeManagedFields([...entries.filter((entry) => !isClientSide(entry) && !isMine(entry)), merged]);
}

function isClientSide(entry: ManagedEntry): boolean {
  return entry.operation === 'Update' && entry.subresource === '' && CLIENT_SIDE.includes(entry.manager);
}
