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
  const terms: string[] = [];
  const { labels, ownerReferences } = object.metadata;
  if (labels !== undefined) {
    for (const [key, value] of Object.entries(labels)) terms.push(labelTerm(key, value));
  }
  for (const owner of ownerReferences ?? []) {
    if (owner.uid !== '' && !terms.includes(ownerTerm(owner.uid))) terms.push(ownerTerm(owner.uid));
  }
  const own = ownTerm(object);
  if (own !== undefined) terms.push(own);
  return terms.sort();
}

/** Whether two states of an object have the same terms, seen at once: what makes them is the same by identity. */
export function haveSameTerms(next: KubeObject, previous: KubeObject): boolean {
  return (
    next.metadata.labels === previous.metadata.labels &&
    next.metadata.ownerReferences === previous.metadata.ownerReferences &&
    ownTerm(next) === ownTerm(previous)
  );
}

function ownTerm(object: KubeObject): string | undefined {
  if (object.kind === 'Pod' && object.apiVersion === 'v1') {
    const nodeName = stringAt(object, 'spec', 'nodeName');
    return nodeName === undefined ? undefined : nodeTerm(nodeName);
  }
  if (object.kind === 'Event' && object.apiVersion === 'v1') {
    const uid = stringAt(object, 'involvedObject', 'uid');
    return uid === undefined ? undefined : involvedTerm(uid);
  }
  if (object.kind === 'CustomResourceDefinition') {
    const group = stringAt(object, 'spec', 'group');
    const kind = stringAt(object, 'spec', 'names', 'kind');
    return group === undefined || kind === undefined ? undefined : definesTerm(group, kind);
  }
  return undefined;
}

function stringAt(object: KubeObject, ...path: readonly string[]): string | undefined {
  let value: unknown = object;
  for (const field of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[field];
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}
