import type { KindRef, KubeObject } from '../../../../src/api/meta.ts';
import { applyDefaults } from '../../../../src/registry/defaults/apply-defaults.ts';
import { builtinResources } from '../../../../src/registry/schema/builtin-resources.ts';
import { decodeObject } from '../../../../src/registry/schema/decode.ts';
import { fieldErrorText } from '../../../../src/registry/validation/field-error.ts';
import {
  validateCreate,
  validateStatusUpdate,
  validateUpdate,
} from '../../../../src/registry/validation/validate.ts';

/** A manifest as tests write it. */
export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The kind that a manifest names. */
export function kindOf({ apiVersion, kind }: Written): KindRef {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, kind };
}

/** What the API server validates: decoded and defaulted, with a name and a namespace where there were none. */
export function stored(manifest: Written): KubeObject {
  const kind = kindOf(manifest);
  const { namespaced } = scopeOf(kind);
  const metadata = { name: 'x', ...(namespaced ? { namespace: 'default' } : {}), ...manifest.metadata };
  return applyDefaults(kind, decodeObject(kind, { ...manifest, metadata }).object);
}

/** The sentences with which a create is refused. */
export function createErrors(manifest: Written): readonly string[] {
  const kind = kindOf(manifest);
  return validateCreate(kind, stored(manifest), scopeOf(kind)).map(fieldErrorText);
}

/** The sentences with which an update is refused. */
export function updateErrors(next: Written, previous: Written): readonly string[] {
  return validateUpdate(kindOf(next), stored(next), stored(previous)).map(fieldErrorText);
}

/** The sentences with which a write of the status is refused. */
export function statusErrors(next: Written, previous: Written): readonly string[] {
  return validateStatusUpdate(kindOf(next), stored(next), stored(previous)).map(fieldErrorText);
}

function scopeOf(kind: KindRef): { readonly namespaced: boolean } {
  const row = builtinResources().find((one) => one.group === kind.group && one.kind === kind.kind);
  return { namespaced: row?.namespaced ?? true };
}
