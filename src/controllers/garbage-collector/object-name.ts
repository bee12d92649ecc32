import type { KindRef, KubeObject, ObjectKey } from '../../api/meta.ts';
import type { Lister } from '../../runtime/controller.ts';
import { kindRefOf } from '../../runtime/kind-key.ts';
import { keyText, parseKeyText } from '../../runtime/write-requests.ts';

/** The UID of an object. */
export const uidOf = (object: KubeObject): string => object.metadata.uid ?? '';

/**
 * Names one object as a key of work: `apps/v1 DaemonSet kube-system/agent 5f0c…`. A UID alone would say enough, but
 * finding an object by its UID alone may take a look at all of them.
 */
export function nameOf(object: KubeObject): string {
  return `${object.apiVersion} ${object.kind} ${keyText(object)} ${uidOf(object)}`;
}

/** The object that `nameOf` named, if it is still there. */
export function namedObject(name: string, lister: Lister): KubeObject | undefined {
  const [apiVersion = '', kind = '', key = '', uid = ''] = name.split(' ');
  return find(lister, kindRefOf({ apiVersion, kind }), parseKeyText(key), uid);
}

/** The object under this key, when it has this UID. */
export function find(lister: Lister, kind: KindRef, key: ObjectKey, uid: string): KubeObject | undefined {
  const found = lister.get(kind, key);
  return found !== undefined && uidOf(found) === uid ? found : undefined;
}
