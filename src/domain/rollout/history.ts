// Mirrors the history viewer and the rollbacker of kubectl's polymorphichelpers (v0.37.2).
import type { ControllerRevision } from '../../api/apps.ts';
import type { Json, KubeObject, LabelSelector } from '../../api/meta.ts';
import { matchesLabelSelector } from '../selectors/labels.ts';

/** The revisions that an object controls and selects, the oldest first. */
export function ownRevisions(
  owner: KubeObject,
  selector: LabelSelector | undefined,
  revisions: readonly ControllerRevision[],
): readonly ControllerRevision[] {
  return revisions
    .filter(
      ({ metadata }) =>
        matchesLabelSelector(selector, metadata.labels) &&
        metadata.ownerReferences?.some((one) => one.controller === true && one.uid === owner.metadata.uid),
    )
    .sort((a, b) => a.revision - b.revision);
}

/** The revision to go back to, or why there is none, in kubectl's words. */
type RollbackTarget<T> = { readonly revision: T } | { readonly error: string };

/**
 * Finds the revision that an undo goes back to. `revisions` are in ascending order; `number` 0 is the one before the
 * newest.
 */
export function rollbackTarget<T extends { readonly number: number }>(
  revisions: readonly T[],
  number: number,
): RollbackTarget<T> {
  const missing = { error: `unable to find specified revision ${number} in history` };
  if (number < 0) return missing;
  if (number > 0) {
    const revision = revisions.find((one) => one.number === number);
    return revision === undefined ? missing : { revision };
  }
  const revision = revisions.at(-2);
  return revision === undefined ? { error: 'no last revision to roll back to' } : { revision };
}

/** The template that a revision holds, without the directive that makes it a patch; undefined when it holds none. */
export function revisionTemplate({ data }: ControllerRevision): Json | undefined {
  const template = member(member(data, 'spec'), 'template');
  if (typeof template !== 'object' || template === null || Array.isArray(template)) return undefined;
  const { $patch: _directive, ...rest } = template as Readonly<Record<string, Json>>;
  return rest;
}

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, Json>>)[name];
}
