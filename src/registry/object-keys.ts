import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { GroupResource } from './status-errors.ts';

/**
 * Where an object lies in the store: `<group>/<plural>/<namespace>/<name>`, the core group written `core` and the
 * namespace empty for cluster-scoped kinds. Keys of any other shape belong to somebody else and are left alone.
 */
export function objectKey(of: GroupResource, key: ObjectKey): string {
  return `${kindPrefix(of)}${key.namespace}/${key.name}`;
}

/** What the keys of all objects of a resource start with. */
export function kindPrefix({ group, resource }: GroupResource): string {
  return `${group === '' ? 'core' : group}/${resource}/`;
}

/** What the keys of a resource's objects in one namespace start with. */
export function namespacePrefix(of: GroupResource, namespace: string): string {
  return `${kindPrefix(of)}${namespace}/`;
}

/** Whether a key of the store holds an API object. */
export function isObjectKey(key: string): boolean {
  let slashes = 0;
  for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) slashes++;
  return slashes === 3;
}

/** Index term of a label. */
export const labelTerm = (key: string, value: string): string => `l:${key}=${value}`;
/** Index term of an owner, by UID. */
export const ownerTerm = (uid: string): string => `o:${uid}`;
/** Index term of the node that a pod is bound to. */
export const nodeTerm = (nodeName: string): string => `n:${nodeName}`;
/** Index term of the object that an event is about, by UID. */
export const involvedTerm = (uid: string): string => `i:${uid}`;
/** Index term of the kind that a CustomResourceDefinition defines. */
export const definesTerm = (group: string, kind: string): string => `d:${group}/${kind}`;

/** The terms that an object is put with, in the store's own order. */
export function termsOf(object: KubeObject): readonly string[] {
  return withOwnTerm(sharedTerms(object), object);
}

/** Finds the terms of one object after the other. Those of a make share their labels and owners, by identity. */
export class TermFinder {
  #labels: unknown;
  #owners: unknown;
  #shared: readonly string[] = [];

  termsOf(object: KubeObject): readonly string[] {
    const { labels, ownerReferences } = object.metadata;
    if (labels !== this.#labels || ownerReferences !== this.#owners) {
      this.#labels = labels;
      this.#owners = ownerReferences;
      this.#shared = sharedTerms(object);
    }
    return withOwnTerm(this.#shared, object);
  }
}

/** Those of labels and owners. */
function sharedTerms({ metadata: { labels, ownerReferences } }: KubeObject): readonly string[] {
  const terms: string[] = [];
  if (labels !== undefined) {
    for (const [key, value] of Object.entries(labels)) terms.push(labelTerm(key, value));
  }
  for (const { uid } of ownerReferences ?? []) {
    if (uid !== '' && !terms.includes(ownerTerm(uid))) terms.push(ownerTerm(uid));
  }
  return terms.sort();
}

function withOwnTerm(shared: readonly string[], object: KubeObject): readonly string[] {
  const own = ownTerm(object);
  if (own === undefined) return shared;
  const at = shared.findIndex((term) => term > own);
  return at === -1 ? [...shared, own] : [...shared.slice(0, at), own, ...shared.slice(at)];
}

/** Whether two states of an object have the same terms, seen at once: what makes them is the same by identity. */
export function haveSameTerms(next: KubeObject, previous: KubeObject): boolean {
  return (
    next.metadata.labels === previous.metadata.labels &&
    next.metadata.ownerReferences === previous.metadata.ownerReferences &&
    ownTerm(next) === ownTerm(previous)
  );
}

/** Parts of an object that decide about its own term; they may be of any shape. */
interface Indexed {
  readonly spec?: { readonly nodeName?: unknown; readonly group?: unknown; readonly names?: unknown } | null;
  readonly involvedObject?: { readonly uid?: unknown } | null;
}

/** The term that a kind has besides. */
function ownTerm(object: KubeObject): string | undefined {
  const { spec, involvedObject } = object as Indexed;
  switch (object.kind) {
    case 'Pod':
      return object.apiVersion === 'v1' && isText(spec?.nodeName) ? nodeTerm(spec.nodeName) : undefined;
    case 'Event':
      return object.apiVersion === 'v1' && isText(involvedObject?.uid)
        ? involvedTerm(involvedObject.uid)
        : undefined;
    case 'CustomResourceDefinition': {
      const kind = (spec?.names as { readonly kind?: unknown } | null | undefined)?.kind;
      return isText(spec?.group) && isText(kind) ? definesTerm(spec.group, kind) : undefined;
    }
    default:
      return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
