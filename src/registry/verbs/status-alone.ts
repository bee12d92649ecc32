import type { FieldValidation } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import type { Decoded, ServedKind } from '../served-kind.ts';
import { fieldOf, kindName, withStatus } from '../strategies/generic.ts';
import type { Transition } from './transition.ts';

/** Kinds whose statuses are written all the time, and whose defaults say nothing of the status. */
const OFTEN_WRITTEN: ReadonlySet<string> = new Set(['/Pod', 'apps/DaemonSet']);

/**
 * Whether the body of a status update is the object as it is stored, by identity, but for the status: what loops write
 * whose cache shows what is stored.
 */
export function changesStatusAlone(kind: ServedKind, body: unknown, existing: KubeObject): boolean {
  if (!OFTEN_WRITTEN.has(kindName(kind)) || typeof body !== 'object' || body === null) return false;
  const given = body as Readonly<Record<string, unknown>>;
  for (const name in existing) if (name !== 'status' && !Object.hasOwn(given, name)) return false;
  for (const name in given) if (name !== 'status' && given[name] !== fieldOf(existing, name)) return false;
  return true;
}

/**
 * Answers a status update for which `changesStatusAlone` holds: only the status has to be read, and everything else
 * stays what it is, by identity. Undefined: something is odd about it, and it has to be looked at in full.
 */
export function updateStatusAlone(
  kind: ServedKind,
  body: object,
  existing: KubeObject,
  fieldValidation: FieldValidation,
): Transition | undefined {
  if (existing.metadata.deletionTimestamp !== undefined) return undefined;
  const { apiVersion, kind: name } = existing;
  const status = (body as { readonly status?: unknown }).status;
  const decoded = decodedOrRefused(kind, { apiVersion, kind: name, status }, fieldValidation);
  if (decoded === undefined || decoded.warnings.length > 0) return undefined;
  const next = withStatus(existing, fieldOf(decoded.object, 'status'));
  const prepared = kind.strategy.prepareForStatusUpdate(next, existing, kind);
  if (prepared.metadata !== existing.metadata) return undefined;
  if (kind.validateStatusUpdate(prepared, existing).length > 0) return undefined;
  if (deepEqual(fieldOf(prepared, 'status'), fieldOf(existing, 'status'))) {
    return { did: 'unchanged', object: existing, warnings: [] };
  }
  return { did: 'updated', object: prepared, warnings: [] };
}

function decodedOrRefused(
  kind: ServedKind,
  body: unknown,
  fieldValidation: FieldValidation,
): Decoded | undefined {
  try {
    return kind.decode(body, fieldValidation);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
