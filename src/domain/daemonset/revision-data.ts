// Mirrors getPatch and Match (pkg/controller/daemon/update.go, v1.37.2).
import type { ControllerRevision } from '../../api/apps.ts';
import type { PodTemplateSpec } from '../../api/core.ts';
import type { Json } from '../../api/meta.ts';
import { deepEqual } from '../deep-equal.ts';

/**
 * What a ControllerRevision keeps of a DaemonSet: a strategic merge patch that puts the whole template back. Keys
 * are in bytewise order at every level, because clients compare the bytes.
 */
export function revisionData(template: PodTemplateSpec): Json {
  // A template is JSON; its type only names the fields that code reads.
  const whole = { ...template, $patch: 'replace' } as unknown as Json;
  return sortedKeys({ spec: { template: whole } });
}

/** Whether a revision holds this template. */
export function matchesRevision(revision: ControllerRevision, data: Json): boolean {
  return deepEqual(revision.data, data);
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, field]) => [key, sortedKeys(field)]),
  );
}
