import type { Json } from '../../api/meta.ts';
import { deepEqual } from '../deep-equal.ts';
import { fromEntries, isList, isObject, type JsonObject, own } from './json-object.ts';
import { PatchError } from './patch-error.ts';

/**
 * Applies an RFC 6902 patch as the API server does (evanphx/json-patch v4), its deviations from the RFC included:
 * negative indexes count from the end, `replace` of a missing key adds it, `copy` of a missing key and `add` or
 * `replace` without a value give null, `test` of a missing key passes against null or no value, indexes may have
 * leading zeros, and of the operations only `replace` and `test` accept the whole document (`""`).
 *
 * The document is not changed; what the patch leaves alone is shared with the result.
 *
 * @throws PatchError `BadRequest` when the patch is not a list of operations, `Invalid` when one cannot be applied.
 */
export function applyJsonPatch(doc: Json, patch: Json): Json {
  if (!isList(patch) || !patch.every(isObject)) {
    throw new PatchError('BadRequest', 'json patch must be a list of operations');
  }
  let result = doc;
  for (const operation of patch) if (isObject(operation)) result = applyOperation(result, operation);
  return result;
}

function applyOperation(doc: Json, operation: JsonObject): Json {
  const kind = own(operation, 'op');
  const value = own(operation, 'value');
  switch (kind) {
    case 'add':
      return add(doc, pointer(operation, 'path', kind), value ?? null);
    case 'remove':
      return remove(doc, pointer(operation, 'path', kind));
    case 'replace':
      return replace(doc, pointer(operation, 'path', kind), value);
    case 'move': {
      const from = pointer(operation, 'from', kind);
      const moved = valueAt(doc, from, kind) ?? null;
      return add(remove(doc, from), pointer(operation, 'path', kind), moved);
    }
    case 'copy':
      return add(
        doc,
        pointer(operation, 'path', kind),
        valueAt(doc, pointer(operation, 'from', kind), kind) ?? null,
      );
    case 'test':
      test(doc, pointer(operation, 'path', kind), value);
      return doc;
    default:
      throw inapplicable(`Unexpected kind: ${typeof kind === 'string' ? kind : ''}`);
  }
}

function inapplicable(message: string): PatchError {
  return new PatchError('Invalid', message);
}

function pointer(operation: JsonObject, field: 'path' | 'from', kind: string): string {
  const text = own(operation, field);
  if (typeof text !== 'string')
    throw inapplicable(`${kind} operation failed to decode ${field}: missing value`);
  return text;
}

/** The reference tokens of a pointer; undefined for the whole document and for text without a slash. */
function tokens(path: string): readonly string[] | undefined {
  const parts = path.split('/');
  if (parts.length < 2) return undefined;
  return parts.slice(1).map((part) => part.replace(/~[01]/g, (code) => (code === '~1' ? '/' : '~')));
}

/** A list index in Go's `strconv.Atoi` form, negative ones counted from `length`; undefined when out of bounds. */
function indexIn(token: string, length: number): number | undefined {
  if (!/^[+-]?\d+$/.test(token)) return undefined;
  const number = Number(token);
  const index = number < 0 ? number + length : number;
  return index >= 0 && index < length ? index : undefined;
}

/** The container that holds the last token's value, and that token. */
function locate(
  doc: Json,
  path: string,
  kind: string,
): { container: JsonObject | readonly Json[]; token: string } {
  const parts = tokens(path);
  const token = parts?.at(-1);
  let here: Json | undefined = parts === undefined ? undefined : doc;
  for (const part of parts?.slice(0, -1) ?? []) here = child(here, part);
  if (token === undefined || !(isObject(here) || isList(here))) {
    throw inapplicable(`${kind} operation does not apply: doc is missing path: "${path}": missing value`);
  }
  return { container: here, token };
}

function child(container: Json | undefined, token: string): Json | undefined {
  if (isObject(container)) return own(container, token);
  if (!isList(container)) return undefined;
  const index = indexIn(token, container.length);
  return index === undefined ? undefined : container[index];
}

/** The value at a path; undefined for a missing key. A bad list index is an error even for reading. */
function valueAt(doc: Json, path: string, kind: string): Json | undefined {
  const { container, token } = locate(doc, path, kind);
  if (isList(container) && indexIn(token, container.length) === undefined) {
    throw inapplicable(`${kind} operation does not apply: doc is missing key: ${path}: missing value`);
  }
  return child(container, token);
}

/** The document with the container of `path` replaced by `change(container)`, sharing all other parts. */
function withContainer(
  doc: Json,
  parts: readonly string[],
  change: (container: JsonObject | readonly Json[], token: string) => Json,
): Json {
  const [token = '', ...rest] = parts;
  if (!isObject(doc) && !isList(doc)) return doc;
  if (rest.length === 0) return change(doc, token);
  const changed = withContainer(child(doc, token) ?? null, rest, change);
  if (isList(doc)) return doc.with(indexIn(token, doc.length) ?? 0, changed);
  return withKey(doc, token, changed);
}

function withKey(object: JsonObject, key: string, value: Json): JsonObject {
  return { ...object, [key]: value };
}

function add(doc: Json, path: string, value: Json): Json {
  locate(doc, path, 'add');
  return withContainer(doc, tokens(path) ?? [], (container, token) => {
    if (!isList(container)) return withKey(container, token, value);
    if (token === '-') return [...container, value];
    const index = indexIn(token, container.length + 1);
    if (index === undefined) throw inapplicable(`error in add for path: '${path}': invalid index referenced`);
    return container.toSpliced(index, 0, value);
  });
}

function remove(doc: Json, path: string): Json {
  locate(doc, path, 'remove');
  return withContainer(doc, tokens(path) ?? [], (container, token) => {
    if (isList(container)) {
      const index = indexIn(token, container.length);
      if (index === undefined)
        throw inapplicable(`error in remove for path: '${path}': invalid index referenced`);
      return container.toSpliced(index, 1);
    }
    if (!Object.hasOwn(container, token)) {
      throw inapplicable(
        `error in remove for path: '${path}': Unable to remove nonexistent key: ${token}: missing value`,
      );
    }
    return fromEntries(Object.entries(container).filter(([key]) => key !== token));
  });
}

function replace(doc: Json, path: string, value: Json | undefined): Json {
  if (path === '') {
    if (isObject(value) || isList(value)) return value;
    throw inapplicable('replace operation value must be object or array');
  }
  valueAt(doc, path, 'replace');
  return withContainer(doc, tokens(path) ?? [], (container, token) =>
    isList(container)
      ? container.with(indexIn(token, container.length) ?? 0, value ?? null)
      : withKey(container, token, value ?? null),
  );
}

function test(doc: Json, path: string, value: Json | undefined): void {
  const found = path === '' ? doc : valueAt(doc, path, 'test');
  if (!deepEqual(found ?? null, value ?? null))
    throw inapplicable(`testing value ${path} failed: test failed`);
}
