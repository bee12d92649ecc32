import { pathsOf } from './field-set.ts';
import type { ManagedEntry } from './managers.ts';
import { pathText } from './path-element.ts';

/** One field that somebody else owns. */
export interface ApplyConflict {
  /** `"creator" using apps/v1`, as upstream words it. */
  readonly manager: string;
  /** `.spec.template.spec.containers[name="x"].image`. */
  readonly field: string;
}

/** The conflicts with other managers; each entry holds only the fields in dispute. Sorted by manager, then field. */
export function conflictsWith(entries: readonly ManagedEntry[]): readonly ApplyConflict[] {
  return entries
    .map((entry) => ({ manager: managerText(entry), fields: pathsOf(entry.fields).map(pathText) }))
    .sort((a, b) => (a.manager < b.manager ? -1 : 1))
    .flatMap(({ manager, fields }) => fields.map((field) => ({ manager, field })));
}

function managerText(entry: ManagedEntry): string {
  const name = JSON.stringify(entry.manager);
  const place =
    entry.subresource === '' ? name : `${name} with subresource ${JSON.stringify(entry.subresource)}`;
  return entry.operation === 'Update' ? `${place} using ${entry.apiVersion}` : place;
}

/** The message of the 409 that lists the conflicts. */
export function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/** The causes in that 409's details. */
export function conflictCauses(conflicts: readonly ApplyConflict[]) {
  return conflicts.map(({ manager, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field,
  }));
}
