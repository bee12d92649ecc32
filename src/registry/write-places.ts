import type { WriteRequest } from '../api/client.ts';
import type { KindLookup } from './kind-lookup.ts';
import { namespacePrefix } from './object-keys.ts';
import type { ServedKind } from './served-kind.ts';
import { nameInBody } from './verbs/create.ts';

/** Where requests for one kind and namespace belong. */
export interface Place {
  readonly kind: ServedKind;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  /** What the keys of its objects start with. */
  readonly prefix: string;
}

/** Whether a request belongs where the one before it does, and may be sent there if that may; seen at once. */
export function isPlacedAlike(request: WriteRequest, previous: WriteRequest | undefined): boolean {
  return (
    previous !== undefined &&
    request.kind === previous.kind &&
    request.verb === previous.verb &&
    askedNamespace(request) === askedNamespace(previous)
  );
}

function askedNamespace(request: WriteRequest): string {
  return request.verb === 'create' ? request.namespace : request.key.namespace;
}

/** Where a request for a built-in kind belongs, at once; undefined when its kind is none. Throws StatusError. */
export function builtinPlace(kinds: KindLookup, request: WriteRequest): Place | undefined {
  const kind = kinds.builtin(request.kind, request.verb);
  return kind === undefined ? undefined : placeFor(kind, request);
}

/** Where a request for any kind belongs. Throws StatusError. */
export async function anyPlace(kinds: KindLookup, request: WriteRequest): Promise<Place> {
  return placeFor(await kinds.resolve(request.kind, request.verb), request);
}

/** Where a request is sent to: the namespace `default` where a namespaced kind's request names none. */
function placeFor(kind: ServedKind, request: WriteRequest): Place {
  const namespace = kind.info.namespaced ? askedNamespace(request) || 'default' : '';
  return { kind, namespace, prefix: namespacePrefix(kind.storedAs, namespace) };
}

/** Where the object of a request lies; undefined while the server has to choose its name. */
export function keyOf({ prefix }: Place, request: WriteRequest): string | undefined {
  const name = request.verb === 'create' ? nameInBody(request.object) : request.key.name;
  return name === undefined ? undefined : prefix + name;
}
